from __future__ import annotations

from referentiel.model import Activity, Assessment, AssessmentCriterion, Certification, Competency, Link, Rule, SkillBlock
from referentiel.web.official_table import Assessed, rows


def competency(code: str, criteria: int, *activities: Link, assessments: tuple[Link, ...] = ()) -> Competency:
    found = tuple(AssessmentCriterion(code=f"CE{code}.{number}") for number in range(criteria))
    return Competency(code=code, criteria=found, activities=activities, assessments=assessments)


def test_competencies_of_the_same_activities_share_their_cell() -> None:
    a1, a2 = Link("A1", Rule.SAME_ROW), Link("A2", Rule.SHARED_ROW)
    block = SkillBlock(
        code="1",
        activities=(Activity(code="A1"), Activity(code="A2"), Activity(code="A3")),
        competencies=(competency("C1", 2, a1), competency("C2", 0, a1), competency("C3", 1, a1, a2)),
    )
    laid_out = rows(block, ())
    assert len(laid_out) == 5
    assert [row.activities.span for row in laid_out if row.activities] == [3, 1, 1]
    assert [row.competency.span for row in laid_out if row.competency] == [2, 1, 1, 1]
    cell = laid_out[3].activities
    assert cell is not None
    assert [(entry.activity.code, entry.rule, entry.again) for entry in cell.entries] == [
        ("A1", Rule.SAME_ROW, True),
        ("A2", Rule.SHARED_ROW, False),
    ]
    last = laid_out[4]
    assert last.activities is not None
    assert last.activities.entries[0].activity.code == "A3"
    assert last.competency is not None
    assert last.competency.competency is None


def test_assessments_say_what_is_stated_and_what_is_inferred() -> None:
    stated, inferred = Link("1"), Link("1", Rule.BLOCK_ASSESSMENT)
    block = SkillBlock(
        code="1",
        competencies=(competency("C9", 1, assessments=(inferred,)), competency("C10", 1, assessments=(stated,))),
        assessments=("1",),
    )
    cell = rows(block, (Assessment(code="1"), Assessment(code="2")))[0].assessments
    assert cell is not None
    assert cell.span == 2
    assert cell.entries == (
        (Assessment(code="1"), (Assessed(None, ("C10",), whole=False), Assessed(Rule.BLOCK_ASSESSMENT, ("C9",), whole=False))),
    )


def test_an_empty_block_has_no_row() -> None:
    assert rows(SkillBlock(code="1"), ()) == ()


def test_the_seed_fills_one_row_for_each_criterion(seed: Certification) -> None:
    assert [len(rows(block, seed.assessments)) for block in seed.blocks] == [17, 13, 12]
