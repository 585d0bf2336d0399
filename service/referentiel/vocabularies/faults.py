"""What is wrong with a file of a vocabulary, in words that whoever imports it understands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What was expected, what stands there, where, and how to mend it, in French. `row`: as a spreadsheet counts, from 1."""

    file: str
    expected: str
    found: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        places = (self.file, self.row and f"ligne {self.row}", self.column and f"colonne « {self.column} »")
        place = ", ".join(place for place in places if place)
        return f"{place} — attendu : {self.expected} ; trouvé : {self.found}. Pour corriger : {self.remedy}"


class UnreadableVocabulary(Exception):
    """A file can't be read as the vocabulary that it seems to be; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def quote(text: str, limit: int = 60) -> str:
    """A passage of a file as a message shows it: one line, cut, in French quotes; « rien » when empty."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(line.split())
    if not line:
        return "rien"
    return f"« {line if len(line) <= limit else line[: limit - 1] + '…'} »"
