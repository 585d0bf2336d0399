"""HTML to grids: whole documents with tables, and cells that hold leftover markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from referentiel.sources.grid import Cell, Grid, Row, paragraphs, without_controls

BLOCKS = frozenset("body p div ul ol li br tr td th table h1 h2 h3 h4 h5 h6 dl dt dd blockquote section".split())
"""Elements that begin and end a paragraph."""

_UNSEEN = frozenset("script style template title head".split())
_SPAN_LIMIT = 1000  # the HTML standard's bound on colspan; also keeps a hostile rowspan from growing the grid
_BREAK = "\x00"


def read_html(data: bytes) -> Grid:
    """The rows of every table of an HTML document, in order."""
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    text = decode(data, declared.group(1).decode("ascii") if declared else "cp1252") or data.decode("latin-1")
    root = html.document_fromstring(without_controls(re.sub(r"^\s*<\?xml[^>]*\?>", "", text)))
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    parts = [f"tableau {number}" if len(tables) > 1 else None for number in range(1, len(tables) + 1)]
    return tuple(
        Row(number, cells, spanned, part)
        for table, part in zip(tables, parts, strict=True)
        for number, (cells, spanned) in enumerate(_rows(table), start=1)
    )


def read_cell(text: str) -> Cell:
    """The paragraphs of a cell's text; markup left in it, well formed or not, is read as HTML."""
    if not re.search(r"</?[a-zA-Z][^<>]*>|&#?\w+;", text):
        return paragraphs([text])
    return _paragraphs(html.document_fromstring(f"<body>{without_controls(text)}</body>"))


def decode(data: bytes, otherwise: str) -> str | None:
    """Text in UTF-8, or in another encoding; None when it is in neither."""
    for encoding in ("utf-8-sig", otherwise):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _rows(table: html.HtmlElement) -> Iterator[tuple[tuple[Cell, ...], frozenset[int]]]:
    """The rows of one table with spans laid out (HTML standard, 4.9.12), and the columns spanned from above."""
    hanging: dict[int, tuple[int, Cell]] = {}  # column -> rows still to cover, text
    for tr in table.iter("tr"):
        if next(tr.iterancestors("table")) is not table:
            continue
        spanned = frozenset(hanging)
        cells = {column: cell for column, (_, cell) in hanging.items()}
        hanging = {column: (left - 1, cell) for column, (left, cell) in hanging.items() if left > 1}
        column = 0
        for td in tr.iterchildren("td", "th"):
            while column in cells:
                column += 1
            cell, height = _paragraphs(td), _span(td, "rowspan")
            for covered in range(column, column + _span(td, "colspan")):
                cells[covered] = cell
                if height > 1:
                    hanging[covered] = (height - 1, cell)
        yield tuple(cells.get(index, ()) for index in range(max(cells, default=-1) + 1)), spanned


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _SPAN_LIMIT) if value.isdecimal() else 1


def _paragraphs(element: html.HtmlElement) -> Cell:
    text = re.sub(r"\s+", " ", "".join(_text(element)))
    return paragraphs(text.split(_BREAK))


def _text(element: html.HtmlElement) -> Iterator[str]:
    """Visible text in document order, a mark at each paragraph's border."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    block = element.tag in BLOCKS
    if block:
        yield _BREAK
    yield element.text or ""
    for child in element:
        yield from _text(child)
        yield child.tail or ""
    if block:
        yield _BREAK
