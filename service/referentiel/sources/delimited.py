"""Text to grids: CSV (`;`, `,` or tab), and what a PDF's table gives, cells between tabs among lines of prose."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TypeAlias

from referentiel.sources.faults import Fault, Oversized, UnreadableSource
from referentiel.sources.grid import MAX_ROWS, Grid, Row, bounded, paragraphs
from referentiel.sources.layouts import Layout, layout_of
from referentiel.sources.markup import read_cell

Lines: TypeAlias = Iterable[tuple[int, list[str]]]
"""Rows of text with the number of the line that each begins on."""


def read_delimited(name: str, text: str) -> Grid:
    """The rows of a text, cut in the way that finds a header; uncut, a row a line, where none does.

    Raises UnreadableSource when a quote stays open, Oversized when there is far too much.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    readings: list[tuple[Callable[[], Lines], set[Layout]]] = [
        (lambda: _cut_at_tabs(text), {Layout.OFFICIAL}),  # a PDF's quotes are its author's
        *((lambda mark=mark: _csv_rows(text, mark), set(Layout)) for mark in ";,\t"),
    ]
    torn, oversized = False, None
    for rows, layouts in readings:
        try:
            numbered = list(islice(rows(), MAX_ROWS + 1))
            grid = bounded(Row(number, tuple(paragraphs([cell]) for cell in cells)) for number, cells in numbered)
        except csv.Error:
            torn = True
            continue
        except Oversized as error:
            oversized = error
            continue
        layout = layout_of(grid)
        if layout not in layouts:
            continue
        if layout is Layout.OFFICIAL:  # markup is left over from a PDF; in the template `<div>` may be the author's word
            return bounded(Row(number, tuple(map(read_cell, cells))) for number, cells in numbered)
        return grid
    if torn:
        raise UnreadableSource(name, [_open_quote(text)])
    if oversized:
        raise oversized
    return bounded(Row(number, (paragraphs([line]),)) for number, line in enumerate(text.split("\n"), start=1))


def _cut_at_tabs(text: str) -> Iterator[tuple[int, list[str]]]:
    return ((number, line.split("\t")) for number, line in enumerate(text.split("\n"), start=1) if "\t" in line)


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    for cells in reader:
        yield number, cells
        number = reader.line_num + 1


def _open_quote(text: str) -> Fault:
    """The line of the last row that could be read: the quote that no other closes is after it."""
    row = 1
    rows = _csv_rows(text, ";")
    with suppress(csv.Error, StopIteration):
        while True:
            row = next(rows)[0]
    return Fault(
        "un fichier CSV dont chaque guillemet ouvrant a son guillemet fermant",
        "un guillemet seul sur cette ligne ou après",
        "doublez les guillemets du texte, ou enregistrez de nouveau en CSV (UTF-8)",
        row,
    )
