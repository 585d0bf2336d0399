"""The same content through each form gives the same graph, byte for byte."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Font

from referentiel.exports import table
from referentiel.graph import to_graph, to_turtle
from referentiel.model import Certification
from referentiel.sources import UnreadableSource, read_certification
from referentiel.sources.forms import read_grid
from referentiel.template import COLUMNS
from referentiel.vocabulary import DEFAULT_BASE
from tables import WRITERS, as_csv, as_html, texts_of


def turtle(certification: Certification) -> bytes:
    return to_turtle(to_graph(certification, DEFAULT_BASE))


@pytest.mark.parametrize("form", WRITERS)
def test_the_official_table_through_each_form(form: str, seed: Certification, seed_file: Path) -> None:
    grid = read_grid(seed_file.name, seed_file.read_bytes())
    data = WRITERS[form](texts_of(grid))
    assert turtle(read_certification(f"{seed_file.stem}.{form}", data)) == turtle(seed)


@pytest.mark.parametrize("form", WRITERS)
def test_the_template_through_each_form(form: str, seed: Certification) -> None:
    rows = [[field.value for field in COLUMNS], *([row.get(field, "") for field in COLUMNS] for row in table.rows(seed))]
    assert turtle(read_certification(f"autre-nom.{form}", WRITERS[form](rows))) == turtle(seed)


def test_a_form_is_told_by_content_not_by_name(seed: Certification) -> None:
    assert read_certification("x.txt", table.to_xlsx(seed)) == seed


def test_tabs_from_a_spreadsheet_and_excel_code_page() -> None:
    rows = [["Bloc", "Activité", "Compétence"], ["1", "A1", 'C1 "à" l\'été']]
    tabbed = "\n".join("\t".join(row) for row in rows)
    assert [row.cells for row in read_grid("x", tabbed.encode())] == [tuple((cell,) for cell in row) for row in rows]
    assert [row.cells for row in read_grid("x", as_csv(rows).decode().encode("cp1252"))] == [
        tuple((cell,) for cell in row) for row in rows
    ]
    assert [row.cells for row in read_grid("x", tabbed.encode("utf-16"))] == [tuple((cell,) for cell in row) for row in rows]


def test_cells_that_span_rows_and_columns_are_laid_out() -> None:
    page = b"<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<table><tr><td>inner</table><tr><td>e<td>f<td>g</table>"
    grid = read_grid("x.html", page)
    assert [row.cells for row in grid] == [
        (("a",), ("b",), ("b",)),
        (("a",), ("c",), ("d", "inner")),
        (("e",), ("f",), ("g",)),
    ]
    assert [row.spanned for row in grid] == [frozenset(), {0}, frozenset()]


def test_merged_cells_of_a_spreadsheet_are_laid_out() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["a", "b"], [None, "c"], [3.0, 4.5]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    out = io.BytesIO()
    book.save(out)
    grid = read_grid("x", out.getvalue())
    assert [row.cells for row in grid] == [(("a",), ("b",)), (("a",), ("c",)), (("3",), ("4.5",))]
    assert [row.spanned for row in grid] == [frozenset(), {0}, frozenset()]


def test_a_word_like_markup_survives_in_the_template() -> None:
    rows = [["Bloc", "Activité", "Compétence"], ["1", "A1", "Maîtriser <header> & <div>"]]
    assert read_grid("x", as_csv(rows))[1].text(2) == "Maîtriser <header> & <div>"
    assert read_grid("x", as_html(rows))[1].text(2) == "Maîtriser <header> & <div>"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "un fichier vide"),
        (b" \n\t ", "un fichier vide"),
        (b"%PDF-1.7 ...", "un PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "un ancien fichier Office"),
        (b"PK\x03\x04 torn", "un fichier abîmé"),
        (bytes(range(256)) * 4, "un fichier binaire"),
        (b"bonjour", "1 ligne(s) sans cet en-tête"),
        (b"<table></table>", "aucun tableau"),
        (b'a;"b\nc;d', "un guillemet seul"),
        (b"x" * (64 * 1024 * 1024 + 1), "octets"),
    ],
)
def test_what_cannot_be_read_says_what_was_found(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_certification("fichier.csv", data)
    assert found in str(caught.value)
    assert str(caught.value).startswith("fichier.csv")
    assert "attendu :" in str(caught.value)
    assert "Pour corriger :" in str(caught.value)


def test_a_truncated_package_never_escapes(seed: Certification) -> None:
    whole = table.to_xlsx(seed)
    for length in range(4, len(whole), len(whole) // 40):
        with pytest.raises(UnreadableSource):
            read_certification("x.xlsx", whole[:length])


def sheets(*named: tuple[str, list[list[object]]], hidden: str = "") -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in named:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NAMES: list[object] = ["Bloc", "Activité", "Compétence", "Libellé de la compétence", "Évaluation", "Critère", "Libellé du critère"]


def test_every_sheet_with_a_header_is_read_and_others_are_told(caplog: pytest.LogCaptureFixture) -> None:
    one: list[list[object]] = [NAMES, [1, "A1", "C1", "Un", 1, "CE1", "x"]]
    two: list[list[object]] = [NAMES[::-1], ["y", "CE2", 1, "Deux", "C2", "A1", 2]]
    data = sheets(
        ("Garde", [["Titre", datetime.date(2026, 1, 2)]]), ("B1", one), ("B2", two), ("Brouillon", two), hidden="Brouillon"
    )
    certification = read_certification("x.xlsx", data)
    assert [block.code for block in certification.blocks] == ["1", "2"]
    assert "feuille « Garde »" in caplog.text
    with pytest.raises(UnreadableSource, match="feuille « B2 », ligne 2, colonne « Compétence »"):
        read_certification("x.xlsx", sheets(("B1", one), ("B2", [NAMES, [2, "A1", "C 2", "Deux", 1, "CE2", "y"]])))


def test_cells_without_a_text_of_their_own_are_refused() -> None:
    row: list[object] = [1, "A1", "C1", datetime.date(2026, 1, 2), 1, "CE1", "=1+1"]
    with pytest.raises(UnreadableSource) as caught:
        read_certification("x.xlsx", sheets(("B1", [NAMES, row, [1, True, "C1", "x", 1, "CE1", "y"]])))
    assert [fault.found.partition(" (")[0] for fault in caught.value.faults] == [
        "une date",
        "une formule jamais calculée",
        "une valeur logique",
    ]


def test_a_sheet_formatted_to_its_end_is_read_at_once() -> None:
    book = Workbook()
    for row in ([*NAMES], [1, "A1", "C1", "Un", 1, "CE1", "x"]):
        book.worksheets[0].append(row)
    book.worksheets[0].cell(1_048_576, 1).font = Font(bold=True)
    book.worksheets[0].merge_cells("A3:B9000")
    out = io.BytesIO()
    book.save(out)
    assert len(read_grid("x", out.getvalue())) == 2


def test_a_text_document_under_tracked_changes() -> None:
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "gardé"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    changes = (
        f'<w:p xmlns:w="{word}"><w:ins w:id="1" w:author="x"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>retiré</w:delText></w:r></w:del>'
        "<w:sdt><w:sdtContent><w:r><w:t> choisi</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    table.cell(0, 1)._tc.append(etree.fromstring(changes))
    out = io.BytesIO()
    document.save(out)
    assert [row.cells for row in read_grid("x", out.getvalue())] == [(("gardé",), ("ajouté choisi",))]


@pytest.mark.parametrize("line", ["Référentiel, version 2", "Référentiel"])
def test_lines_above_the_header_and_tabs_in_cells_do_not_matter(line: str, seed: Certification) -> None:
    data = line.encode() + b"\r\n" + table.to_csv(seed).removeprefix(b"\xef\xbb\xbf").replace(b"Cas pratique", b"Cas\tpratique")
    assert read_certification("x.csv", data) == seed


def test_a_table_named_in_a_text_is_no_page(seed: Certification) -> None:
    named = replace(seed, label="La balise <table>")
    assert read_certification("x.csv", table.to_csv(named)) == named
