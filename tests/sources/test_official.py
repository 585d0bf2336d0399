"""Official tables other than the seed's: faults told with their place, and layouts with a row for each competency."""

from __future__ import annotations

import io

import pytest
from docx import Document

from referentiel.model import Certification, Rule
from referentiel.sources import UnreadableSource, read_certification
from tables import as_csv

HEADER = ["RÉFÉRENTIEL D’ACTIVITÉS", "RÉFÉRENTIEL DE COMPÉTENCES", "RÉFÉRENTIEL D'ÉVALUATION", ""]
SUBHEADER = ["", "", "MODALITÉS D'ÉVALUATION", "CRITÈRES D'ÉVALUATION"]
BLOCK = ["Bloc 1 : Conduire un projet", "", "", ""]
ROW = [
    "A1 - Conduire\n• T1 Planifier",
    "C1 Planifier",
    "Évaluation 1 : Cas\nProduction écrite : Travail individuel",
    "CE1.1 Le plan est clair",
]


def read(*rows: list[str], **options: str) -> Certification:
    return read_certification("t.csv", as_csv([HEADER, SUBHEADER, *rows]), **options)


def faults(*rows: list[str]) -> list[str]:
    with pytest.raises(UnreadableSource) as caught:
        read(*rows)
    return str(caught.value).splitlines()


def test_a_small_table() -> None:
    certification = read(BLOCK, ROW)
    (block,) = certification.blocks
    assert (block.label, block.source_notation) == ("Conduire un projet", "Bloc 1")
    assert block.activities[0].tasks[0].label == "Planifier"
    assert block.competencies[0].criteria[0].label == "Le plan est clair"
    assert block.competencies[0].excerpts[0].page is None, "pages can't be counted where the header stands once"


def test_a_row_for_each_competency_tells_its_assessment() -> None:
    certification = read(
        BLOCK, ROW, ["", "C2 Suivre", "Évaluation 2 : Oral\nProduction orale : Travail en groupe", "CE2.1 Le suivi est fait"]
    )
    links = {c.code: [(link.code, link.rule) for link in c.assessments] for c in certification.competencies}
    assert links == {"C1": [("1", Rule.SAME_ROW)], "C2": [("2", Rule.SAME_ROW)]}


def test_what_is_known_beside_the_table_is_kept() -> None:
    certification = read(BLOCK, ROW, certification_id="X", title="Chef de projet", number="RNCP1")
    assert (certification.code, certification.label, certification.number, certification.note) == (
        "X",
        "Chef de projet",
        "RNCP1",
        None,
    )


def test_headers_without_accents_are_known() -> None:
    rows = [["REFERENTIEL D'ACTIVITES", "Referentiel de competences", "", ""], BLOCK, ROW]
    assert len(read_certification("t.csv", as_csv(rows)).competencies) == 1


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["", "Sans code", "", ""], "ligne 4, colonne « Référentiel de compétences »", "un texte qui commence par son code (C1…)"),
        (
            ["T1 Seule", "", "", ""],
            "ligne 4, colonne « Référentiel d'activités »",
            "une activité (A1, A2…) avant la première tâche",
        ),
        (["", "", "", "CE9.1 Perdu"], "ligne 4, colonne « Critères d'évaluation »", "une compétence C9 dans le bloc 1"),
        (["", "", "Texte perdu", ""], "ligne 4, colonne « Modalités d'évaluation »", "Évaluation 1"),
        (["", "C1 Un", "", "CE1.1 x CE1.1 Y"], "ligne 4, colonne « Critères d'évaluation »", "CE1.1 une deuxième fois avec « Y »"),
    ],
)
def test_a_fault_tells_its_place(row: list[str], place: str, words: str) -> None:
    (line,) = faults(BLOCK, row)
    assert line.startswith(f"t.csv, {place} — attendu : ")
    assert words in line
    assert "Pour corriger :" in line


def test_every_fault_is_told_at_once() -> None:
    assert len(faults(BLOCK, ["", "Sans code", "", "CE9.1 Perdu"])) == 2


def test_a_competency_code_used_twice_is_refused() -> None:
    lines = faults(BLOCK, ROW, ["Bloc 2 : Autre", "", "", ""], ["A1 - X", "C1 Encore", "Évaluation 1 : Cas", "CE1.1 Y"])
    assert "C1 dans un deuxième bloc" in lines[0]


def test_a_table_without_block_is_refused() -> None:
    assert "Bloc 1 : intitulé" in faults(ROW)[0]
    assert "aucun bloc" in faults()[0]


def test_two_texts_of_one_assessment_are_kept_and_noted() -> None:
    second = ["A1 - X", "C2 Encore", "Évaluation 1 : Autre titre", "CE2.1 Y"]
    assessment = read(BLOCK, ROW, ["Bloc 2 : Autre", "", "", ""], second).assessments[0]
    assert assessment.label == "Cas"
    assert assessment.note
    assert [excerpt.text for excerpt in assessment.excerpts][1] == "Évaluation 1 : Autre titre"


PAGE = """<!doctype html><table>
<tr><th rowspan=2>RÉFÉRENTIEL D'ACTIVITÉS<th rowspan=2>RÉFÉRENTIEL DE COMPÉTENCES<th colspan=2>RÉFÉRENTIEL D'ÉVALUATION
<tr><th>MODALITÉS D'ÉVALUATION<th>CRITÈRES D'ÉVALUATION
<tr><td colspan=4>Bloc 1 : Conduire
<tr><td rowspan=3>A1 - Conduire<ul><li>T1 Planifier<li>T2 Suivre</ul>
    <td rowspan=2>C1 Planifier<td rowspan=2>Évaluation 1 : Cas<br>Production écrite : Travail individuel<td>CE1.1 Le plan est clair
<tr><td>CE1.2 Le plan est tenu
<tr><td>C2 Suivre<td>Évaluation 2 : Oral<td>CE2 Le suivi est fait
<tr><td>A2 - Clore<td>C3 Clore<td>Évaluation 2 : Oral<td>CE3 Tout est clos
</table>"""


def test_cells_that_span_rows_tell_what_stands_beside_what() -> None:
    certification = read_certification("t.html", PAGE.encode())
    (block,) = certification.blocks
    assert [[task.code for task in activity.tasks] for activity in block.activities] == [["T1", "T2"], []]
    found = {
        c.code: ([(link.code, link.rule) for link in (*c.activities, *c.assessments)], [x.code for x in c.criteria])
        for c in block.competencies
    }
    row = Rule.SAME_ROW
    assert found == {
        "C1": ([("A1", row), ("1", row)], ["CE1.1", "CE1.2"]),
        "C2": ([("A1", row), ("2", row)], ["CE2"]),
        "C3": ([("A2", row), ("2", row)], ["CE3"]),
    }
    assert all(len(element.excerpts) == 1 for element in (*block.activities, *block.competencies)), "a span is read once"


def test_merged_cells_of_a_text_document_are_read_the_same() -> None:
    document = Document()
    table = document.add_table(8, 4)
    texts = [
        ["RÉFÉRENTIEL D'ACTIVITÉS", "RÉFÉRENTIEL DE COMPÉTENCES", "RÉFÉRENTIEL D'ÉVALUATION", ""],
        ["", "", "MODALITÉS D'ÉVALUATION", "CRITÈRES D'ÉVALUATION"],
        ["Bloc 1 : Conduire", "", "", ""],
        [
            "A1 - Conduire\nT1 Planifier\nT2 Suivre",
            "C1 Planifier",
            "Évaluation 1 : Cas\nProduction écrite : Travail individuel",
            "CE1.1 Le plan est clair",
        ],
        ["", "", "", "CE1.2 Le plan est tenu"],
        ["", "C2 Suivre", "Évaluation 2 : Oral", "CE2 Le suivi est fait"],
        ["A2 - Clore", "C3 Clore", "Évaluation 2 : Oral", "CE3 Tout est clos"],
    ]
    for row, cells in enumerate(texts):
        for column, text in enumerate(cells):
            if text:
                table.cell(row, column).text = text
    for (top, left), (bottom, right) in [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 0), (2, 3))]:
        table.cell(top, left).merge(table.cell(bottom, right))
    for (top, left), (bottom, right) in [((3, 0), (5, 0)), ((3, 1), (4, 1)), ((3, 2), (4, 2))]:
        table.cell(top, left).merge(table.cell(bottom, right))
    out = io.BytesIO()
    document.save(out)
    assert read_certification("t.docx", out.getvalue()) == read_certification("t.html", PAGE.encode())
