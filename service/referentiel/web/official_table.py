"""The official table of a block, laid out: activities | competencies | assessment modalities | assessment criteria.

One row for each criterion; the other cells span the rows that they concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from referentiel.model import Activity, Assessment, AssessmentCriterion, Competency, Link, Rule, SkillBlock, natural_key


@dataclass(frozen=True, slots=True)
class LinkedActivity:
    """An activity in a cell; `rule`: how its link to the competencies beside it was inferred; `again`: it stood higher already."""

    activity: Activity
    rule: Rule | None
    again: bool


@dataclass(frozen=True, slots=True)
class ActivityCell:
    """The activities that the same competencies derive from."""

    span: int
    entries: tuple[LinkedActivity, ...]


@dataclass(frozen=True, slots=True)
class CompetencyCell:
    """A competency; None in the place of one where an activity has none."""

    span: int
    competency: Competency | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The competencies that an assessment concerns for the same reason; `whole`: all those of the block."""

    rule: Rule | None
    codes: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class AssessmentCell:
    """The assessments of the block, each with what it assesses."""

    span: int
    entries: tuple[tuple[Assessment, tuple[Assessed, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table; None where a cell above spans it."""

    activities: ActivityCell | None
    competency: CompetencyCell | None
    assessments: AssessmentCell | None
    criterion: AssessmentCriterion | None


def rows(block: SkillBlock, assessments: Iterable[Assessment]) -> tuple[Row, ...]:
    """The rows of a block's table, in the order of its competencies; activities without competency come last."""
    laid_out = [*_competency_rows(block), *_lone_activity_rows(block)]
    if not laid_out:
        return ()
    first = laid_out[0]
    cell = AssessmentCell(len(laid_out), tuple(_assessments(block, assessments)))
    return (Row(first.activities, first.competency, cell, first.criterion), *laid_out[1:])


def _competency_rows(block: SkillBlock) -> Iterator[Row]:
    seen: set[str] = set()
    for links, group in groupby(block.competencies, key=lambda competency: competency.activities):
        competencies = tuple(group)
        entries = tuple(_linked(block, links, seen))
        cell: ActivityCell | None = ActivityCell(sum(map(_height, competencies)), entries)
        for competency in competencies:
            beside: CompetencyCell | None = CompetencyCell(_height(competency), competency)
            for criterion in competency.criteria or (None,):
                yield Row(cell, beside, None, criterion)
                cell = beside = None


def _linked(block: SkillBlock, links: Iterable[Link], seen: set[str]) -> Iterator[LinkedActivity]:
    """The activities that the links name; remembers in `seen` those that stood in the table already."""
    known = {activity.code: activity for activity in block.activities}
    for link in links:
        if link.code in known:
            yield LinkedActivity(known[link.code], link.rule, link.code in seen)
            seen.add(link.code)


def _lone_activity_rows(block: SkillBlock) -> Iterator[Row]:
    linked = {link.code for competency in block.competencies for link in competency.activities}
    for activity in block.activities:
        if activity.code not in linked:
            yield Row(ActivityCell(1, (LinkedActivity(activity, None, again=False),)), CompetencyCell(1, None), None, None)


def _assessments(block: SkillBlock, assessments: Iterable[Assessment]) -> Iterator[tuple[Assessment, tuple[Assessed, ...]]]:
    for assessment in assessments:
        if assessment.code in block.assessments:
            yield assessment, tuple(_assessed(block, assessment.code))


def _assessed(block: SkillBlock, assessment: str) -> Iterator[Assessed]:
    """The competencies that an assessment concerns, by the rule that says so; those that the source states come first."""
    by_rule: dict[Rule | None, list[str]] = {}
    for competency in block.competencies:
        for link in competency.assessments:
            if link.code == assessment:
                by_rule.setdefault(link.rule, []).append(competency.code)
    for rule, codes in sorted(by_rule.items(), key=lambda item: item[0].value if item[0] else ""):
        yield Assessed(rule, tuple(sorted(codes, key=natural_key)), whole=len(codes) == len(block.competencies))


def _height(competency: Competency) -> int:
    return max(1, len(competency.criteria))
