"""CSV tables as statistical offices and employment services publish them, read row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final, TypeVar

from referentiel.vocabularies import lines
from referentiel.vocabularies.faults import UnreadableVocabulary, quote
from referentiel.vocabularies.members import Member

T = TypeVar("T")

MAX_CELL: Final = 4 * 2**20
"""Characters of the longest cell: ESCO lists the concepts of a scheme in one."""
MAX_TEXT: Final = 20_000
"""Characters of the longest text that is kept."""
MAX_IRI: Final = 500

_IRI: Final = re.compile(
    r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?(/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*"
    r"(#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_HEADER_WITHIN: Final = 100
"""Rows that may stand above the header."""
_AGAIN: Final = "reprenez le fichier tel que son éditeur le publie"


@dataclass(frozen=True, slots=True)
class Row:
    """One row under its header. `number`: as a spreadsheet counts, the first row of the file being 1."""

    member: Member
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """A cell as it stands, without spaces around it; empty where the file has no such column."""
        return self.cells.get(column, "").strip()

    def label(self, column: str) -> str:
        """A text on one line. Raises UnreadableVocabulary when it is empty."""
        found = lines.on_one_line(self._bounded(column))
        if not found:
            raise self.fault(column, "un texte", "complétez la cellule, ou retirez la ligne")
        return found

    def labels(self, column: str) -> list[str]:
        """The texts of a cell that has one on each line, or between bars; each once."""
        parts = re.split(r"\r\n|[\n\r|]", self._bounded(column))
        return list(dict.fromkeys(found for part in parts if (found := lines.on_one_line(part))))

    def note(self, column: str) -> str:
        """A text that may have several lines, or be empty."""
        return lines.on_lines(self._bounded(column))

    def iri(self, column: str) -> str:
        """An address. Raises UnreadableVocabulary when it is none."""
        found = self.get(column)
        if len(found) > MAX_IRI or not _IRI.fullmatch(found):
            raise self.fault(column, "une adresse (IRI) comme http://data.europa.eu/esco/skill/…", _AGAIN)
        return found

    def iris(self, column: str) -> list[str]:
        """The addresses of a cell, between commas, bars or line ends."""
        parts = [part for part in re.split(r"[\s,|]+", self.get(column)) if part]
        return [Row(self.member, self.number, {column: part}).iri(column) for part in parts]

    def one_of(self, column: str, values: Mapping[str, T]) -> T | None:
        """What a word stands for; None where the cell is empty. Raises UnreadableVocabulary for another word."""
        found = self.get(column)
        if found and found not in values:
            raise self.fault(column, " ou ".join(f"« {value} »" for value in values), _AGAIN)
        return values.get(found)

    def code(self, column: str, pattern: re.Pattern[str], example: str) -> str:
        """A code of a given form. Raises UnreadableVocabulary."""
        found = self.get(column)
        if not pattern.fullmatch(found):
            raise self.fault(column, f"un code comme {example}", _AGAIN)
        return found

    def fault(self, column: str, expected: str, remedy: str) -> UnreadableVocabulary:
        """An error about one cell."""
        return self.member.fault(expected, quote(self.get(column)), remedy, self.number, column)

    def _bounded(self, column: str) -> str:
        found = self.get(column)
        if len(found) > MAX_TEXT:
            raise self.member.fault(f"{MAX_TEXT} caractères au plus", str(len(found)), _AGAIN, self.number, column)
        return found


def rows(member: Member, required: Sequence[str]) -> Iterator[Row]:
    """The rows of a table below the row that has the required columns, empty ones left out. Raises UnreadableVocabulary."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    with member.open() as text:
        number, header = 0, None
        try:
            for number, cells in enumerate(_cut(text), start=1):
                if header is None:
                    header = _header(member, number, cells, required)
                elif any(cell.strip() for cell in cells):
                    if len(cells) > len(header):
                        raise member.fault(f"{len(header)} cellules", str(len(cells)), _AGAIN, number)
                    yield Row(member, number, dict(zip(header, cells, strict=False)))
        except csv.Error as error:
            remedy = "doublez les guillemets qui sont dans un texte, ou enregistrez de nouveau en CSV (UTF-8)"
            raise member.fault("du CSV valide", str(error), remedy, number + 1) from error
        if header is None:
            raise member.fault(_columns(required), "aucune ligne qui les ait toutes", _AGAIN)


def count(member: Member) -> int:
    """How many rows a table has, its header left out. Raises UnreadableVocabulary."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    with member.open() as text:
        try:
            return max(sum(1 for _ in _cut(text)) - 1, 0)
        except csv.Error:
            return 0  # told, with its row, when the rows are read


def _cut(text: IO[str]) -> Iterator[list[str]]:
    first = text.readline(MAX_CELL)
    delimiter = max(",;\t", key=first.count)
    return csv.reader(chain([first], text), delimiter=delimiter, strict=True)


def _header(member: Member, number: int, cells: list[str], required: Sequence[str]) -> list[str] | None:
    """The columns, when this row names all that are required."""
    names = [cell.strip() for cell in cells]
    if set(required) <= set(names):
        return names
    if number >= _HEADER_WITHIN:
        raise member.fault(_columns(required), "aucune ligne qui les ait toutes", _AGAIN)
    return None


def _columns(required: Sequence[str]) -> str:
    return "les colonnes " + ", ".join(f"« {column} »" for column in required)
