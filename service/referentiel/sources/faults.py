"""What is wrong with a file that was brought, in words that a certifying body understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST: Final = 500
"""How many faults are looked for: whoever has mended so many sends the file again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what was expected, what stands there, where, and how to mend it, in French.

    `row` counts from 1, in `part` (a sheet, one table of several) where it is given.
    """

    expected: str
    found: str
    remedy: str
    row: int | None = None
    column: str | None = None
    part: str | None = None

    def __str__(self) -> str:
        places = (self.part, self.row and f"ligne {self.row}", self.column and f"colonne « {self.column} »")
        place = ", ".join(place for place in places if place)
        text = f"attendu : {self.expected} ; trouvé : {self.found}. Pour corriger : {self.remedy}"
        return f"{place} — {text}" if place else text


class Oversized(Exception):
    """The file passes a bound on what is read. `fault` says which, where, and what to do."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class UnreadableSource(Exception):
    """The file can't be read as a référentiel. `faults` lists every reason found, up to MOST, never empty."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = faults
        super().__init__(
            "\n".join(f"{name}, {fault}" if fault.row or fault.column or fault.part else f"{name} : {fault}" for fault in faults)
        )

    def __reduce__(self) -> tuple[type[UnreadableSource], tuple[str, list[Fault]]]:
        return UnreadableSource, (self.name, self.faults)  # it crosses from the process that reads


def quote(text: str, limit: int = 60) -> str:
    """A passage of the file as an error message shows it: one line, cut, in French quotes; « rien » when empty."""
    line = " ".join(text.split())
    if not line:
        return "rien"
    return f"« {line if len(line) <= limit else line[: limit - 1] + '…'} »"
