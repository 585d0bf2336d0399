"""DOCX to grids (ECMA-376, WordprocessingML): read off the XML, so that text under tracked changes or controls counts too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from lxml import etree

from referentiel.sources.grid import Cell, Grid, Row, bounded, paragraphs, require_width

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNREAD: Final = (f"{_W}del", f"{_W}moveFrom", _FALLBACK)
_MARKS: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(data: bytes) -> Grid:
    """The rows of every table of the document, in order, merged cells laid out. Deleted text under tracked changes is not read."""
    from docx import Document

    body = Document(io.BytesIO(data)).element.body
    tables = [table for table in body.iter(f"{_W}tbl") if next(table.iterancestors(f"{_W}tbl"), None) is None]
    parts = [f"tableau {number}" if len(tables) > 1 else None for number in range(1, len(tables) + 1)]
    return bounded(row for table, part in zip(tables, parts, strict=True) for row in _rows(table, part))


def _rows(table: etree._Element, part: str | None) -> Iterator[Row]:
    above: list[Cell] = []
    for number, tr in enumerate(_own(table, "tr", "tbl"), start=1):
        if tr.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells: list[Cell] = []
        spanned: set[int] = set()
        for tc in _own(tr, "tc", "tr"):
            merge = tc.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue" and len(cells) < len(above)
            cell = above[len(cells)] if goes_on else _text(tc)
            width = _width(tc)
            require_width(number, len(cells) + width, part)
            for _ in range(width):
                spanned |= {len(cells)} if goes_on else set()
                cells.append(cell)
        yield Row(number, tuple(cells), frozenset(spanned), part)
        above = cells


def _own(parent: etree._Element, tag: str, owner: str) -> Iterator[etree._Element]:
    """The elements of a tag below `parent`, through controls and tracked changes, not those of a table inside."""
    for element in parent.iter(f"{_W}{tag}"):
        if next(element.iterancestors(f"{_W}{owner}")) is parent:
            yield element


def _width(tc: etree._Element) -> int:
    span = tc.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, int(span.get(f"{_W}val", "1"))) if span is not None else 1


def _text(tc: etree._Element) -> Cell:
    return paragraphs("".join(_words(paragraph)) for paragraph in tc.iter(f"{_W}p"))


def _words(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter(f"{_W}t", *_MARKS):
        if next(element.iterancestors(f"{_W}p")) is paragraph and next(element.iterancestors(*_UNREAD), None) is None:
            yield _MARKS.get(str(element.tag)) or element.text or ""
