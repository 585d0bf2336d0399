"""The forms a table comes in: bytes of a file to a grid. One reader per form, chosen by content, never by name alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator

from referentiel.sources.faults import Fault, UnreadableSource
from referentiel.sources.grid import Grid, Row, paragraphs
from referentiel.sources.markup import read_cell, read_html
from referentiel.sources.official import is_official

ACCEPTED = "un fichier .csv, .tsv, .txt, .xlsx, .docx ou .html"

_MAX_BYTES = 64 * 1024 * 1024
_MAX_UNPACKED = 256 * 1024 * 1024


def read_grid(name: str, data: bytes) -> Grid:
    """The rows of the table in a file called `name`.

    Raises UnreadableSource when the bytes are of no accepted form, or damaged.
    """
    if len(data) > _MAX_BYTES:
        raise _refuse(name, f"{ACCEPTED} de 64 Mio au plus", f"{len(data)} octets", "découpez le document")
    if not data.strip():
        raise _refuse(name, "un tableau", "un fichier vide", "vérifiez le fichier que vous envoyez")
    if data.startswith(b"PK\x03\x04"):
        return _read_package(name, data)
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        found = "un PDF" if data.startswith(b"%PDF") else "un ancien fichier Office (.xls, .doc)"
        raise _refuse(name, ACCEPTED, found, "enregistrez le tableau en .xlsx ou .docx, ou remplissez le modèle")
    if b"<table" in data.lower():
        return read_html(data)
    return _read_delimited(name, data)


def _read_package(name: str, data: bytes) -> Grid:
    """A spreadsheet or a text document: both are ZIP packages, told apart by what they hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {member.filename: member.file_size for member in package.infolist()}
        if sum(members.values()) > _MAX_UNPACKED:
            raise _refuse(name, "un document de taille raisonnable", "une archive démesurée", "enregistrez de nouveau le document")
        if "xl/workbook.xml" in members:
            return _read_xlsx(data)
        if "word/document.xml" in members:
            return _read_docx(data)
    except UnreadableSource:
        raise
    except Exception as error:  # a damaged package makes the libraries below raise anything at all
        raise _refuse(name, ACCEPTED, "un fichier abîmé", "ouvrez-le dans votre tableur et enregistrez-le de nouveau") from error
    raise _refuse(name, ACCEPTED, "une archive d'un autre genre", "enregistrez le tableau en .xlsx ou .docx")


def _read_xlsx(data: bytes) -> Grid:
    """The rows of the first sheet, merged cells laid out."""
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    merged = {
        (row, column): (sheet.cell(area.min_row, area.min_col).value, row > area.min_row)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        laid_out = [merged.get((number, column), (value, False)) for column, value in enumerate(values, start=1)]
        spanned = frozenset(index for index, (_, continued) in enumerate(laid_out) if continued)
        rows.append(Row(number, tuple(paragraphs([_spell(value)]) for value, _ in laid_out), spanned))
    return tuple(rows)


def _spell(value: object) -> str:
    """A spreadsheet's value as its author sees it: a whole number has no decimals."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_docx(data: bytes) -> Grid:
    """The rows of every table of the document, in order, merged cells laid out."""
    from docx import Document

    rows: list[Row] = []
    for table in Document(io.BytesIO(data)).tables:
        above: list[object] = []
        for row in table.rows:
            elements: list[object] = [cell._tc for cell in row.cells]
            spanned = frozenset(index for index, pair in enumerate(zip(elements, above, strict=False)) if pair[0] is pair[1])
            cells = tuple(paragraphs(paragraph.text for paragraph in cell.paragraphs) for cell in row.cells)
            rows.append(Row(len(rows) + 1, cells, spanned))
            above = elements
    return tuple(rows)


def _read_delimited(name: str, data: bytes) -> Grid:
    """Text with a row on each line: CSV (`;`, `,` or tab), or what a PDF's table gives: tabs among lines of prose."""
    text = _decode(name, data).replace("\r\n", "\n").replace("\r", "\n")
    head = next(line for line in text.split("\n") if line.strip())
    if "\t" in text and "\t" not in head:
        lines = enumerate(text.split("\n"), start=1)
        return _without_markup((number, line.split("\t")) for number, line in lines if "\t" in line)
    return _without_markup(_csv_rows(name, text, max("\t;,", key=head.count)))


def _without_markup(rows: Iterable[tuple[int, list[str]]]) -> Grid:
    """Rows of text as a grid. Markup is left over from a PDF in official tables; elsewhere `<div>` may be the author's word."""
    numbered = list(rows)
    plain = tuple(Row(number, tuple(paragraphs([cell]) for cell in cells)) for number, cells in numbered)
    if not is_official(plain):
        return plain
    return tuple(Row(number, tuple(map(read_cell, cells))) for number, cells in numbered)


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows numbered by the line they begin on. Tabs come from PDFs too, where a quote is a quote: only there is it forgiven."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=delimiter != "\t")
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        expected = "un fichier CSV dont chaque guillemet ouvrant a son guillemet fermant"
        raise UnreadableSource(name, [Fault(expected, str(error), "enregistrez de nouveau en CSV (UTF-8)", number)]) from error


def _decode(name: str, data: bytes) -> str:
    """UTF-8, or what Excel writes on a French Windows."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    found = "un fichier binaire"
    raise _refuse(name, ACCEPTED, found, "enregistrez le tableau dans l'une de ces formes")


def _refuse(name: str, expected: str, found: str, remedy: str) -> UnreadableSource:
    return UnreadableSource(name, [Fault(expected, found, remedy)])
