"""The facts that any reading of the seed document must reach."""

from __future__ import annotations

from referentiel.model import Arrangement, Certification, Mode, Note, Rule


def test_blocks_and_their_competencies(seed: Certification) -> None:
    assert [[c.code for c in block.competencies] for block in seed.blocks] == [
        [f"C{n}" for n in range(1, 9)],
        [f"C{n}" for n in range(9, 16)],
        [f"C{n}" for n in range(16, 22)],
    ]
    assert [block.label for block in seed.blocks] == [
        "Définir et piloter des solutions informatiques adaptées à une organisation",
        "Manager la mise en œuvre et le suivi du projet informatique",
        "Piloter le développement, la mise en production et la maintenance de solutions informatiques",
    ]


def test_criteria(seed: Certification) -> None:
    assert [sum(len(c.criteria) for c in block.competencies) for block in seed.blocks] == [17, 13, 12]
    assert all(criterion.code.split(".")[0] == f"CE{c.code[1:]}" for c in seed.competencies for criterion in c.criteria)


def test_activities_and_tasks(seed: Certification) -> None:
    assert [[a.code for a in block.activities] for block in seed.blocks] == [["A1", "A2", "A3"], ["A1", "A2", "A3"], ["A1", "A2"]]
    tasks = {(block.code, a.code): [t.code for t in a.tasks] for block in seed.blocks for a in block.activities}
    assert tasks == {
        ("1", "A1"): ["T1", "T2"],
        ("1", "A2"): ["T1", "T2"],
        ("1", "A3"): [],
        ("2", "A1"): ["T1"],
        ("2", "A2"): ["T1", "T2"],
        ("2", "A3"): ["T1"],
        ("3", "A1"): ["T1", "T2"],
        ("3", "A2"): ["T3"],
    }


def test_assessments_are_shared_by_blocks(seed: Certification) -> None:
    assert [block.assessments for block in seed.blocks] == [("1", "2", "3"), ("2", "3", "4"), ("2", "3", "4")]
    assert {a.code: (a.modes, a.arrangements) for a in seed.assessments} == {
        "1": ((Mode.WRITTEN, Mode.ORAL), (Arrangement.INDIVIDUAL,)),
        "2": ((Mode.WRITTEN, Mode.ORAL), (Arrangement.INDIVIDUAL,)),
        "3": ((Mode.WRITTEN,), (Arrangement.INDIVIDUAL,)),
        "4": ((Mode.WRITTEN, Mode.ORAL), (Arrangement.INDIVIDUAL, Arrangement.GROUP)),
    }
    assert not any(assessment.note for assessment in seed.assessments), "the three blocks show the same texts"


def test_texts_cut_by_a_page_break_are_rejoined(seed: Certification) -> None:
    competencies = {c.code: c for c in seed.competencies}
    criteria = {criterion.code: criterion for c in seed.competencies for criterion in c.criteria}
    assessments = {a.code: a for a in seed.assessments}
    cut = {code: e for code, e in (competencies | criteria).items() if len(e.excerpts) > 1}
    assert set(cut) == {"C3", "C6", "C18", "CE6", "CE11.2"}
    assert "virtualisées, architectures de services en cloud) afin" in (cut["C3"].label or "")
    assert (cut["C6"].label or "").startswith("Identifier les parties prenantes")
    assert "afin d'anticiper les risques" in (cut["C6"].label or "")
    assert "en implémentant des techniques cryptographiques" in (cut["C18"].label or "")
    assert (cut["CE6"].label or "").endswith("des informations au regard du RGPD sont identifiés et anticipés")
    assert "dossier de description des données, dossier" in (cut["CE11.2"].label or "")
    assert "prévisionnelle.\nLe rapport doit comprendre" in (assessments["1"].description or "")
    assert "serveurs virtuel ou physique, cybersécurité" in (assessments["3"].description or "")
    assert (assessments["4"].description or "").endswith(
        "\nProduction écrite et présentation à l'oral : Travail en groupe et/ou individuel"
    )
    assert [e.page for e in assessments["4"].excerpts] == [5, 8, 8, 9]


def test_every_text_keeps_its_place(seed: Certification) -> None:
    elements = [*seed.assessments, *seed.competencies, *(criterion for c in seed.competencies for criterion in c.criteria)]
    assert all(e.excerpts and all(x.page and x.column and x.text for x in e.excerpts) for e in elements)


def test_faults_of_the_source_stay_visible(seed: Certification) -> None:
    criteria = {criterion.code: criterion for c in seed.competencies for criterion in c.criteria}
    assert criteria["CE14.2"].source_notation == "C14.2"
    assert criteria["CE14.2"].note
    assert "CE3.3" not in criteria
    noted = next(c for c in seed.competencies if c.code == "C3").note
    assert noted == Note("La numérotation saute CE3.3.", "The numbering skips CE3.3.")
    lone = seed.blocks[2].activities[1].tasks[0]
    assert lone.code == lone.source_notation == "T3"
    assert lone.note


def test_nothing_is_invented(seed: Certification) -> None:
    assert seed.label is None
    assert seed.number is None
    assert seed.note is not None


def test_what_the_document_does_not_state_is_inferred(seed: Certification) -> None:
    links = {c.code: [(link.code, link.rule) for link in c.activities] for c in seed.competencies}
    assert links["C4"] == [("A2", Rule.SAME_ROW)]
    assert links["C13"] == [("A2", Rule.SHARED_ROW), ("A3", Rule.SHARED_ROW)]
    assert links["C15"] == [("A3", Rule.CONTINUED_CELL)]
    assert {link.rule for c in seed.competencies for link in c.assessments} == {Rule.BLOCK_ASSESSMENT}
    for block in seed.blocks:
        assert all(tuple(link.code for link in c.assessments) == block.assessments for c in block.competencies)
