"""What every table is before it is understood: rows of cells, each cell a sequence of paragraphs of visible text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Cell: TypeAlias = tuple[str, ...]
"""Paragraphs, none of them empty, white space folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `number` is its place in the file as its reader counts (from 1).

    A cell that spans rows or columns stands in each that it covers; `spanned` has the columns whose cell began in a row above.
    """

    number: int
    cells: tuple[Cell, ...]
    spanned: frozenset[int] = frozenset()

    def text(self, index: int) -> str:
        """All of a cell's text, paragraphs on lines of their own; empty where the row has no such cell."""
        return "\n".join(self.cells[index]) if index < len(self.cells) else ""


Grid: TypeAlias = tuple[Row, ...]


def without_controls(text: str) -> str:
    """The text without the characters that XML can't hold, and so neither XLSX nor RDF/XML."""
    return _CONTROL.sub("", text)


def paragraphs(texts: Iterable[str]) -> Cell:
    """The texts with white space folded, control characters and empty ones left out. A line break starts a paragraph."""
    lines = (" ".join(line.split()) for text in texts for line in without_controls(text).splitlines())
    return tuple(line for line in lines if line)
