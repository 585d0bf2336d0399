"""HTML to grids: whole documents with tables, and cells that hold leftover markup."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree, html

from referentiel.sources.grid import Cell, Grid, Row, bounded, paragraphs, require_width, without_controls

BLOCKS = frozenset("body p div ul ol li br tr td th table h1 h2 h3 h4 h5 h6 dl dt dd blockquote section".split())
"""Elements that begin and end a paragraph."""

_UNSEEN = frozenset("script style template title head".split())
_SPAN_LIMIT = 1000  # the HTML standard's bound on colspan
_SPAN_DIGITS = 9
_CHARSETS = frozenset("utf-8 iso8859-1 iso8859-15 cp1252 mac-roman".split())
"""Python's names of the encodings that a page may declare: others are of no use here, and some are no encodings of texts."""
_BREAK = "\x00"


def read_html(data: bytes) -> Grid:
    """The rows of every table of an HTML document, in order."""
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    text = decode(data, _charset(declared.group(1).decode("ascii")) if declared else "cp1252") or data.decode("latin-1")
    try:
        root = html.document_fromstring(without_controls(re.sub(r"^\s*<\?xml[^>]*\?>", "", text)))
    except etree.ParserError:  # there is no element at all
        return ()
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    parts = [f"tableau {number}" if len(tables) > 1 else None for number in range(1, len(tables) + 1)]
    return bounded(row for table, part in zip(tables, parts, strict=True) for row in _rows(table, part))


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


def _charset(name: str) -> str:
    """The name by which Python knows the encoding that a page declares, if it is one that pages have."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "cp1252"
    return known if known in _CHARSETS else "cp1252"


def _rows(table: html.HtmlElement, part: str | None) -> Iterator[Row]:
    """The rows of one table with spans laid out (HTML standard, 4.9.12)."""
    hanging: dict[int, tuple[int, Cell]] = {}  # column -> rows still to cover, text
    own = (tr for tr in table.iter("tr") if next(tr.iterancestors("table")) is table)
    for number, tr in enumerate(own, start=1):
        spanned = frozenset(hanging)
        cells = {column: cell for column, (_, cell) in hanging.items()}
        hanging = {column: (left - 1, cell) for column, (left, cell) in hanging.items() if left > 1}
        column = 0
        for td in tr.iterchildren("td", "th"):
            while column in cells:
                column += 1
            cell, height = _paragraphs(td), _span(td, "rowspan")
            width = _span(td, "colspan")
            require_width(number, column + width, part)
            for covered in range(column, column + width):
                cells[covered] = cell
                if height > 1:
                    hanging[covered] = (height - 1, cell)
        yield Row(number, tuple(cells.get(index, ()) for index in range(max(cells, default=-1) + 1)), spanned, part)


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _SPAN_LIMIT) if value.isdecimal() and len(value) <= _SPAN_DIGITS else 1


def _paragraphs(element: html.HtmlElement) -> Cell:
    text = re.sub(r"\s+", " ", "".join(_text(element)))
    return paragraphs(text.split(_BREAK))


def _text(element: html.HtmlElement) -> Iterator[str]:
    """Visible text in document order, a mark at each paragraph's border. However deep it is nested, nothing recurses."""
    unseen: html.HtmlElement | None = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        tag = node.tag if event in {"start", "end"} else None
        if unseen is None and event == "start" and tag in _UNSEEN:
            unseen = node
        elif unseen is None and tag is not None:
            yield _BREAK if tag in BLOCKS else ""
            yield (node.text or "") if event == "start" else ""
        if node is unseen and event == "end":
            unseen = None
        if unseen is None and event != "start" and node is not element:
            yield node.tail or ""
