"""The template as a certifying body fills it in, and what it is told when something is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from referentiel.exports import table
from referentiel.model import Certification
from referentiel.sources import UnreadableSource, read_certification
from referentiel.template import Field
from tables import as_csv

HAND = ["Certification", "Bloc", "Intitulé du bloc", "Activité", "Intitulé de l'activité", "Compétence", "Libellé de la compétence"]
HAND += ["Évaluation", "Intitulé de l'évaluation", "Modes d'évaluation", "Critère", "Libellé du critère"]
FIRST = ["CP", "1", "Conduire", "A1", "Conduite", "C1", "Planifier", "E1", "Cas", "écrit | oral", "CE1.1", "Le plan est clair"]


def read(*rows: list[str], header: list[str] = HAND, **options: str) -> Certification:
    return read_certification("m.csv", as_csv([header, *rows]), **options)


def fault(*rows: list[str], header: list[str] = HAND) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read(*rows, header=header)
    return str(caught.value)


def with_(field: str, value: str) -> list[str]:
    return [value if name == field else cell for name, cell in zip(HAND, FIRST, strict=True)]


def test_one_row_per_criterion_texts_once() -> None:
    again = ["", "1", "", "A1", "", "C1", "", "E1", "", "", "CE1.2", "Le plan est tenu"]
    certification = read(FIRST, again)
    (competency,) = certification.competencies
    assert certification.code == "CP"
    assert [c.code for c in competency.criteria] == ["CE1.1", "CE1.2"]
    assert [link.rule for link in (*competency.activities, *competency.assessments)] == [None, None], "stated"


def test_rows_in_any_order_columns_in_any_order() -> None:
    rows = [FIRST, ["", "1", "", "A1", "", "C2", "Suivre", "E1", "", "", "CE2", "Suivi"]]
    turned = [list(reversed(row)) for row in rows]
    assert read(*reversed(rows)) == read(*rows) == read(*turned, header=list(reversed(HAND)))


def test_headers_forgive_case_accents_and_apostrophes() -> None:
    assert read(FIRST, header=[name.upper().replace("É", "E").replace("'", "’") for name in HAND]) == read(FIRST)


@pytest.mark.parametrize("data", [table.empty_csv(), table.empty_xlsx()])
def test_the_empty_template_has_the_right_header_and_nothing_to_read(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="au moins une ligne remplie") as caught:
        read_certification("vide.x", data)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (with_("Compétence", "C 1"), "ligne 2, colonne « Compétence »", "un code comme C1"),
        (with_("Compétence", ""), "ligne 2, colonne « Compétence »", "un seul code, sur la ligne qui donne « Planifier »"),
        (with_("Bloc", ""), "ligne 2, colonne « Bloc »", "le code du bloc"),
        (with_("Modes d'évaluation", "écrit | fusain"), "ligne 2, colonne « Modes d'évaluation »", "« fusain »"),
        (with_("Critère", "CE1.1 | CE1.2"), "ligne 2, colonne « Critère »", "un seul code"),
        (with_("Certification", "a/b"), "ligne 2, colonne « Certification »", "« a/b »"),
        (with_("Activité", "A1 | A2"), "ligne 2, colonne « Activité »", "un seul code, sur la ligne qui donne « Conduite »"),
    ],
)
def test_a_fault_tells_its_place(row: list[str], place: str, words: str) -> None:
    message = fault(row)
    assert f"m.csv, {place} — attendu : " in message
    assert words in message


def test_two_texts_for_one_code_are_refused() -> None:
    message = fault(FIRST, with_("Libellé de la compétence", "Autre"))
    assert "ligne 3, colonne « Libellé de la compétence » — attendu : « Planifier », comme déjà lu ; trouvé : « Autre »" in message


def test_a_competency_in_two_blocks_is_refused() -> None:
    other = ["", "2", "", "A1", "", "C1", "", "E1", "", "", "CE1.9", "x"]
    assert "C1 dans le seul bloc 1" in fault(FIRST, other)


def test_an_unknown_column_is_refused_with_the_nearest_name() -> None:
    message = fault(FIRST, header=[name.replace("Libellé du critère", "Libelé du critere") for name in HAND])
    assert "écrivez « Libellé du critère »" in message
    assert "colonne « Libellé du critère » — attendu : cette colonne" in message


def test_an_identifier_that_disagrees_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="AUTRE"):
        read(FIRST, certification_id="AUTRE")


def test_a_link_with_two_statuses_is_refused() -> None:
    header = [*HAND, Field.ASSESSMENT_LINK.value]
    assert "le même statut que plus haut pour E1" in fault([*FIRST, "énoncé"], [*FIRST, "déduit : même ligne"], header=header)


def test_a_detail_without_element_and_a_bad_page_are_refused() -> None:
    header = [*HAND, Field.ELEMENT.value, Field.SOURCE_PAGE.value, Field.SOURCE_TEXT.value]
    assert "colonne « Tâche » — attendu : un code" in fault([*FIRST, "tâche", "", "texte"], header=header)
    assert "un numéro de page à partir de 1" in fault([*FIRST, "bloc", "zéro", "texte"], header=header)


def test_quoted_line_breaks_keep_row_numbers_right() -> None:
    long = with_("Libellé de la compétence", "Planifier\nle projet")
    assert "ligne 4, colonne « Compétence »" in fault(long, with_("Compétence", "C 9"))


def test_records_are_equal_whatever_repeats(seed: Certification) -> None:
    assert read_certification("x", table.to_csv(replace(seed))) == seed


def test_codes_may_bear_their_kind_and_other_separators() -> None:
    (block,) = read(
        with_("Bloc", "Bloc 1"), ["", "1", "", "A1 ; A2", "", "C2", "Suivre", "Évaluation E1, E2", "", "", "CE2", "x"]
    ).blocks
    assert (block.code, block.assessments) == ("1", ("E1", "E2"))
    assert [link.code for link in block.competencies[1].activities] == ["A1", "A2"]


def test_one_bad_cell_is_one_fault() -> None:
    with pytest.raises(UnreadableSource) as caught:
        read(with_("Compétence", "C 1"))
    assert len(caught.value.faults) == 1


def test_a_repeated_header_is_passed_over_and_a_nameless_column_is_not() -> None:
    assert read(FIRST, HAND) == read(FIRST)
    assert "rien en colonne 13, qui n'a pas de nom ; trouvé : « remarque »" in fault([*FIRST, "remarque"], header=[*HAND, ""])


def test_what_cannot_be_seen_does_not_matter() -> None:
    assert read(with_("Compétence", "C1\u200b")) == read(with_("Compétence", " C1\xa0")) == read(FIRST)
    assert read(with_("Intitulé du bloc", "Te\u0301")).blocks[0].label == "T\xe9"


def test_two_long_texts_show_where_they_differ() -> None:
    long = "Planifier " * 12
    message = fault(with_("Libellé de la compétence", long + "tout"), with_("Libellé de la compétence", long + "tout."))
    assert "Planifier tout », comme déjà lu ; trouvé : « ifier Planifier tout. »" in message
