"""Files made to harm: each is refused with a fault that says why, at once, and before it takes what it asks for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from referentiel.sources import UnreadableSource, identifier, read_certification
from referentiel.sources.faults import MOST
from referentiel.sources.forms import read_grid
from referentiel.sources.grid import MAX_COLUMNS, MAX_ROWS
from referentiel.sources.package import MAX_ELEMENTS, MAX_MEMBERS

HEADER = "Bloc;Activité;Compétence;Libellé de la compétence;Évaluation;Critère;Libellé du critère"
OFFICIAL = "RÉFÉRENTIEL D'ACTIVITÉS\tRÉFÉRENTIEL DE COMPÉTENCES\tModalités d'évaluation\tCritères d'évaluation"


class Savable(Protocol):
    def save(self, path_or_stream: io.BytesIO, /) -> None: ...


def saved(what: Savable) -> bytes:
    out = io.BytesIO()
    what.save(out)
    return out.getvalue()


def spreadsheet() -> bytes:
    book = Workbook()
    book.worksheets[0].append(HEADER.split(";"))
    return saved(book)


def document() -> bytes:
    text = Document()
    text.add_table(2, 2)
    return saved(text)


def repacked(package: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A package whose members are changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    """A spreadsheet with something put in its sheet."""
    return repacked(spreadsheet(), lambda name, text: text.replace(old, new, 1) if name.endswith("sheet1.xml") else text)


def in_document(old: bytes, new: bytes) -> bytes:
    return repacked(document(), lambda name, text: text.replace(old, new) if name == "word/document.xml" else text)


def declared(xml: bytes) -> bytes:
    """XML whose entities would make a gigabyte of a line."""
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    lines = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    return xml[:start] + b'<!DOCTYPE x [<!ENTITY e0 "lol">' + lines + b"]>" + xml[start:]


def claiming(package: bytes, name: str, size: int) -> bytes:
    """A package with a member more, which says of itself that it unpacks to so much: no reader would take less for granted."""
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as changed:
        changed.writestr(name, bytes(1000))
        changed.getinfo(name).file_size = size
    return out.getvalue()


HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: claiming(spreadsheet(), "xl/media/x.bin", 2**30), "256 Mio"),
    "a bomb of XML": (lambda: claiming(document(), "word/more.xml", 70 * 2**20), "64 Mio de XML"),
    "too many members": (
        lambda: repacked(document(), lambda _, text: text, {f"{n}": b"" for n in range(MAX_MEMBERS)}),
        f"{MAX_MEMBERS} membres",
    ),
    "too many elements": (lambda: in_document(b"<w:tbl>", b"<w:p/>" * (MAX_ELEMENTS + 1) + b"<w:tbl>"), f"{MAX_ELEMENTS} éléments"),
    "too deep": (lambda: in_document(b"<w:tbl>", b"<w:p>" * 300 + b"</w:p>" * 300 + b"<w:tbl>"), "niveaux"),
    "entities in a spreadsheet": (
        lambda: repacked(spreadsheet(), lambda name, text: declared(text) if "sheet1" in name else text),
        "DOCTYPE",
    ),
    "entities in a document": (
        lambda: repacked(document(), lambda name, text: declared(text) if name == "word/document.xml" else text),
        "DOCTYPE",
    ),
    "entities in relations": (
        lambda: repacked(document(), lambda name, text: declared(text) if name.endswith(".rels") else text),
        "DOCTYPE",
    ),
    "a merge of everything": (
        lambda: in_sheet(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "fusionnées",
    ),
    "a link of everything": (
        lambda: in_sheet(b"</sheetData>", b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
        "liées",
    ),
    "a cell far below": (
        lambda: in_sheet(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
        f"{MAX_ROWS} lignes",
    ),
    "a cell far beside": (
        lambda: in_sheet(b"</sheetData>", b'<row r="2"><c r="XFD2"><v>1</v></c></row></sheetData>'),
        f"{MAX_COLUMNS} colonnes",
    ),
    "a huge cell": (
        lambda: in_sheet(b"</sheetData>", b'<row r="2"><c r="A2" t="str"><v>' + b"a" * 40_000 + b"</v></c></row></sheetData>"),
        "40000 caractères",
    ),
    "a span of a milliard": (
        lambda: in_document(b'<w:tcW w:type="dxa"', b'<w:gridSpan w:val="999999999"/><w:tcW w:type="dxa"'),
        f"{MAX_COLUMNS} colonnes",
    ),
    "rows of HTML that hang": (
        lambda: b"<table><tr>" + b"<td rowspan=1000>" * 200 + b"x" * 1000 + b"<tr>" * 30_000 + b"</table>",
        "au plus",
    ),
    "columns of HTML": (lambda: b"<table><tr><td colspan=999999999>x</table>", f"{MAX_COLUMNS} colonnes"),
    "a long table": (lambda: (HEADER + "\n" + "1;A1;C1;x;1;CE1;y\n" * (MAX_ROWS + 1)).encode(), f"{MAX_ROWS} lignes"),
    "a wide table": (lambda: (HEADER + ";x" * 300 + "\n1").encode(), f"{MAX_COLUMNS} colonnes"),
    "a long text": (lambda: b"x\n" * (MAX_ROWS + 1), f"{MAX_ROWS} lignes"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_made_to_harm_is_refused(name: str) -> None:
    make, said = HARMFUL[name]
    with pytest.raises(UnreadableSource) as caught:
        read_certification("x", make())
    assert said in str(caught.value)
    assert "Pour corriger" in str(caught.value)


def test_a_sheet_beside_the_table_may_be_long() -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER.split(";"))
    book.worksheets[0].append([1, "A1", "C1", "Un", 1, "CE1", "x"])
    book.create_sheet("Journal").cell(MAX_ROWS + 500, 1, "x")
    assert read_certification("x.xlsx", saved(book)).blocks[0].competencies[0].code == "C1"


def test_faults_are_told_up_to_a_number() -> None:
    rows = "\n".join(f"1;A1;C {number};x;1;CE1;y" for number in range(MOST + 9))
    with pytest.raises(UnreadableSource) as caught:
        read_certification("x", f"{HEADER}\n{rows}".encode())
    assert len(caught.value.faults) == MOST
    rows = "\n".join(f"A1 x\tC1 y\tÉvaluation 1 : z\tsans code {number}" for number in range(MOST + 9))
    with pytest.raises(UnreadableSource) as caught:
        read_certification("x", f"{OFFICIAL}\nBloc 1 : b\t\t\t\n{rows}".encode())
    assert len(caught.value.faults) == MOST


@pytest.mark.parametrize("code", ["C" + "9" * 5_000, "C1." + "9" * 5_000, "C" * 101])
def test_codes_of_any_length_are_refused_not_counted(code: str) -> None:
    with pytest.raises(UnreadableSource):
        read_certification("x", f"{HEADER}\n1;A1;{code};x;1;CE1;y".encode())
    with pytest.raises(UnreadableSource):
        read_certification("x", f"{OFFICIAL}\nBloc 1 : b\t\t\t\nA1 x\t{code} y\tÉvaluation 1 : z\tCE1.1 w".encode())


def test_a_gap_of_a_milliard_is_no_gap() -> None:
    data = f"{OFFICIAL}\nBloc 1 : b\t\t\t\nA1 x\tC1 y\tÉvaluation 1 : z\tCE1.1 v\tCE1.999999999 w".replace(
        "\tCE1.9", "\nA1 x\t\t\tCE1.9"
    )
    assert len(read_certification("x", data.encode()).blocks[0].competencies[0].criteria) == 2


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "unicode_escape", "zlib_codec", "utf-7", "no-such"])
def test_a_page_may_declare_any_charset(charset: str) -> None:
    page = f"<html><meta charset={charset}><table><tr><td>caf\xe9 \\u0041</table>".encode("latin-1")
    assert read_grid("x", page)[0].text(0) == "café \\u0041"


def test_a_page_may_be_as_deep_as_it_likes() -> None:
    grid = read_grid("x", b"<table><tr><td>" + b"<div>" * 30_000 + b"x" + b"</div>" * 30_000 + b"</table>")
    assert len(grid) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "/", "", "a" * 5_000, "x\x00y.csv", "\u202egpj.exe", "C:\\x\\é.xlsx", "%2e%2e%2f"]
)
def test_a_file_name_is_never_a_path(name: str) -> None:
    found = identifier(name)
    assert 0 < len(found) <= 100
    assert set(found) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert found[0].isalnum()
    assert ".." not in found


CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["C1", "A1", "CE1.1", "Bloc 1 : x", "T1", "1", "Évaluation 1 : x", "²", "C²", "C٣", '"', "<b>x", "&#0;", "\x0b", "A1|A2"]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=6)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAVY = settings(QUICK, max_examples=20)


def read_or_refused(data: bytes) -> None:
    with suppress(UnreadableSource):
        read_certification("x", data)


@QUICK
@given(ROWS, st.sampled_from([";", ",", "\t"]), st.sampled_from([HEADER, OFFICIAL, ""]))
def test_any_delimited_text_is_read_or_refused(rows: list[list[str]], mark: str, header: str) -> None:
    read_or_refused("\n".join([header.replace(";", mark), *(mark.join(row) for row in rows)]).encode())


@QUICK
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"<table>", b"\xff\xfe", b"\xef\xbb\xbf", HEADER.encode()]))
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    read_or_refused(start + data)


TAGS = st.sampled_from(
    "<table> </table> <tr> </tr> <td> </td> <th colspan=3> <td rowspan=9> <p> <!-- --> <script> <![CDATA[ <?x ?> </ul>".split()
)


@QUICK
@given(st.lists(TAGS | CELLS, max_size=30))
def test_any_markup_is_read_or_refused(parts: list[str]) -> None:
    read_or_refused(("<html><table>" + "".join(parts)).encode())


@HEAVY
@given(ROWS, st.sampled_from([HEADER, ""]))
def test_any_spreadsheet_is_read_or_refused(rows: list[list[str]], header: str) -> None:
    book = Workbook()
    for row in [header.split(";"), *rows]:
        book.worksheets[0].append(["".join(letter for letter in cell if letter.isprintable()) for cell in row])
    read_or_refused(saved(book))


@HEAVY
@given(st.integers(0, 20), st.binary(min_size=1, max_size=20), st.floats(0, 0.999))
def test_any_member_of_a_package_may_be_spoilt(number: int, noise: bytes, place: float) -> None:
    def spoil(_: str, text: bytes) -> bytes:
        at = int(len(text) * place)
        return text[:at] + noise + text[at + len(noise) :]

    for package in (spreadsheet(), document()):
        names = zipfile.ZipFile(io.BytesIO(package)).namelist()
        chosen = names[number % len(names)]
        read_or_refused(repacked(package, lambda name, text, chosen=chosen: spoil(name, text) if name == chosen else text))  # type: ignore[misc]
