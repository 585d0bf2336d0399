"""What is wrong with a file of mappings, in French."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST: Final = 100
"""Faults that are told of one file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what was expected, what stands there, how to mend it. `row`: line of the file, from 1."""

    expected: str
    found: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            place for place in (self.row and f"ligne {self.row}", self.column and f"colonne « {self.column} »") if place
        )
        text = f"attendu : {self.expected} ; trouvé : {self.found}. Pour corriger : {self.remedy}"
        return f"{place} — {text}" if place else text


class UnreadableMappings(Exception):
    """The file is no mapping set that could be taken in without loss. `faults`: why, never empty."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def printable(text: str) -> str:
    """A text that a terminal only shows: what would steer it, or break the line, is a space."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def shown(text: str, limit: int = 60) -> str:
    """A passage of a file as a message shows it: one line, cut, in French quotes."""
    line = printable(" ".join(text.split()))
    return f"« {line if len(line) <= limit else line[: limit - 1] + '…'} »" if line else "rien"
