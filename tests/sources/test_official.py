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


BLOCK_TITLES = {
    "Bloc 2 : Autre": ("2", "Autre"),
    "BLOC DE COMPETENCES N°2 - Autre": ("2", "Autre"),
    "Bloc de compétences n° 2 – Autre": ("2", "Autre"),
    "Bloc 2 Autre": ("2", "Autre"),
    "Bloc 2": ("2", None),
    "Bloc B. Autre": ("B", "Autre"),
    "Bloc IV : Autre": ("IV", "Autre"),
    "RNCP12345BC02 – Autre": ("RNCP12345BC02", "Autre"),
    "BC02 - Autre": ("BC02", "Autre"),
}


@pytest.mark.parametrize("title", BLOCK_TITLES)
def test_titles_of_blocks_as_bodies_write_them(title: str) -> None:
    second = ["A1 - X", "C2 Encore", "Évaluation 1 : Cas", "CE2.1 Y"]
    block = next(block for block in read(BLOCK, ROW, [title, "", "", ""], second).blocks if block.code != "1")
    assert (block.code, block.label) == BLOCK_TITLES[title]


@pytest.mark.parametrize(
    "row",
    [
        ["Compétences transversales", "", "", ""],
        ["Note", "Note", "Note", "Note"],
        ["", "Sans code", "", ""],
        ["", "C.2 - Autre savoir", "", ""],
        ["", "Compétence 2 : Autre", "", ""],
        ["", "", "", "Puce sans code"],
        ["", "", "", "C1 :"],
        ["", "", "", "CE1-1 crit"],
        ["", "", "", "CE1.2, CE1.3 : Crit"],
        ["", "", "Mise en situation", ""],
        ["Nom", "Prénom", "Fonction", "Date"],
        ["", "", "", "le plan est tenu"],
    ],
)
def test_what_is_not_understood_is_a_fault_and_never_joined_to_its_neighbour(row: list[str]) -> None:
    assert all("Pour corriger" in line and line.startswith("t.csv, ligne 7") for line in faults(BLOCK, ROW, row))


def test_a_table_for_each_block_proves_no_page() -> None:
    second = ["A1 - X", "C2 Encore", "Évaluation 1 : Cas", "CE2.1 Y"]
    certification = read(BLOCK, ROW, HEADER, SUBHEADER, ["Bloc 2 : Autre", "", "", ""], second)
    assert {excerpt.page for c in certification.competencies for excerpt in c.excerpts} == {None}


def test_columns_are_found_by_their_names() -> None:
    turned = [[row[3], row[0], row[2], row[1]] for row in (BLOCK, ROW)]
    header = ["CRITÈRES D'ÉVALUATION", HEADER[0], "MODALITÉS D'ÉVALUATION", HEADER[1]]
    turned[0] = ["Bloc 1 : Conduire un projet", "", "", ""]
    assert read_certification("t.csv", as_csv([header, *turned])) == read_certification(
        "t.csv", as_csv([HEADER, SUBHEADER, BLOCK, ROW])
    )


def test_a_table_of_three_columns_and_a_fifth_column_are_refused() -> None:
    rows = [HEADER[:3], ["Bloc 1 : Un", "", ""], ROW[:3]]
    with pytest.raises(UnreadableSource, match="sans « Modalités d'évaluation », « Critères d'évaluation »"):
        read_certification("t.csv", as_csv(rows))
    (line,) = faults([*BLOCK, ""], [*ROW, "Observation"])
    assert "« Observation » en colonne 5" in line


def test_criteria_find_the_competency_of_a_dotted_code() -> None:
    (competency,) = read(BLOCK, ["A1 - X", "C1.1 Savoir", "Évaluation 1 : Cas", "CE1.1 Un CE1.1.2 Deux"]).competencies
    assert (competency.code, [c.code for c in competency.criteria]) == ("C1.1", ["CE1.1", "CE1.1.2"])


def test_a_bare_title_does_not_take_the_next_row_for_its_description() -> None:
    untold = ["A1 - X", "C1 Savoir", "Évaluation 1 : Cas", "CE1.1 Un"]
    (line,) = faults(BLOCK, untold, ["", "C2 Suivre", "Mise en situation professionnelle", "CE2.1 Deux"])
    assert "un texte sans code, « Mise en situation professionnelle »" in line
