"""Writes grids as the files that certifying bodies bring: HTML, DOCX, XLSX, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from html import escape

from docx import Document
from openpyxl import Workbook

from referentiel.sources.grid import Grid

Texts = Sequence[Sequence[str]]


def texts_of(grid: Grid) -> Texts:
    """The text of each cell, paragraphs on lines; rows of equal length."""
    width = max(len(row.cells) for row in grid)
    return [[row.text(index) for index in range(width)] for row in grid]


def as_html(rows: Texts) -> bytes:
    """A page with one table."""
    cells = (f"<td>{''.join(f'<p>{escape(line)}</p>' for line in cell.splitlines())}</td>" for row in rows for cell in row)
    body = "".join(f"<tr>{''.join(next(cells) for _ in row)}</tr>" for row in rows)
    return f"<!doctype html><html lang=fr><meta charset=utf-8><title>x</title><table>{body}</table></html>".encode()


def as_docx(rows: Texts) -> bytes:
    """A text document with one table."""
    document = Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            lines = text.splitlines() or [""]
            cell.text = lines[0]
            for line in lines[1:]:
                cell.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_xlsx(rows: Texts) -> bytes:
    """A spreadsheet with one sheet."""
    book = Workbook()
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = book.worksheets[0].cell(number, column, text or None)
            if text:
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: Texts) -> bytes:
    """Semicolons, UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def as_excel_csv(rows: Texts) -> bytes:
    """What Excel saves on a French Windows, for texts that its code page can hold."""
    return as_csv(rows).decode().encode("cp1252", errors="replace")


WRITERS: dict[str, Callable[[Texts], bytes]] = {"html": as_html, "docx": as_docx, "xlsx": as_xlsx, "csv": as_csv}
