"""What every table is before it is understood: rows of cells, each cell a sequence of paragraphs of visible text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from referentiel.sources.faults import Fault, Oversized

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 500_000
MAX_TEXT: Final = 2**24
"""Bounds on what one table may hold, far beyond any référentiel: characters are those laid out, again for each cell spanned."""

CODE_LENGTH: Final = 100
"""Characters of the longest code, or identifier."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\ud800-\udfff\ufeff\ufffe\uffff]")

Cell: TypeAlias = tuple[str, ...]
"""Paragraphs, none of them empty, white space folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `number` is its place (from 1) in the file, or in its `part`: a sheet, one table of several.

    A cell that spans rows or columns stands in each that it covers; `spanned` has the columns whose cell began in a row above.
    """

    number: int
    cells: tuple[Cell, ...]
    spanned: frozenset[int] = frozenset()
    part: str | None = None

    def text(self, index: int) -> str:
        """All of a cell's text, paragraphs on lines of their own; empty where the row has no such cell."""
        return "\n".join(self.cells[index]) if index < len(self.cells) else ""


Grid: TypeAlias = tuple[Row, ...]


def without_controls(text: str) -> str:
    """The text without what can't be seen: controls, which XML can't hold, zero-width and soft hyphens, directions."""
    return _CONTROL.sub("", text)


def paragraphs(texts: Iterable[str]) -> Cell:
    """The texts with white space folded, what can't be seen and empty ones left out. A line break starts a paragraph.

    Letters are composed (Unicode NFC): an accent may be written in two ways that look the same.
    """
    seen = (unicodedata.normalize("NFC", without_controls(text)) for text in texts)
    lines = (" ".join(line.split()) for text in seen for line in text.splitlines())
    return tuple(line for line in lines if line)


def require_width(row: int, width: int, part: str | None = None) -> None:
    """Refuse a row that is far too wide, before it is laid out. Raises Oversized."""
    if width > MAX_COLUMNS:
        remedy = "supprimez les colonnes et les fusions de cellules hors du tableau"
        raise Oversized(Fault(f"{MAX_COLUMNS} colonnes au plus", "davantage", remedy, row, None, part))


def bounded(rows: Iterable[Row]) -> Grid:
    """The rows, once it is sure that they are not too many, nor hold too much. Raises Oversized."""
    grid: list[Row] = []
    cells = letters = 0
    for row in rows:
        require_width(row.number, len(row.cells), row.part)
        cells += len(row.cells)
        letters += sum(len(text) for cell in row.cells for text in cell)
        for expected, passed in (
            (f"{MAX_ROWS} lignes au plus", len(grid) >= MAX_ROWS),
            (f"{MAX_CELLS} cellules au plus", cells > MAX_CELLS),
            (f"{MAX_TEXT} caractères au plus", letters > MAX_TEXT),
        ):
            if passed:
                remedy = "gardez le seul tableau du référentiel : supprimez les autres feuilles et les cellules hors du tableau"
                raise Oversized(Fault(expected, "davantage", remedy, row.number, None, row.part))
        grid.append(row)
    return tuple(grid)
