"""The records: what a référentiel says, as frozen values (Code du travail, art. L6113-1).

Records are canonical: children are kept in natural order of their codes, so that two readings of the same content are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypedDict, TypeVar


class Column(Enum):
    """A column of the official table; values are the local names of the scheme `source-column`."""

    ACTIVITIES = "activities"
    COMPETENCIES = "competencies"
    MODALITIES = "assessment-modalities"
    CRITERIA = "assessment-criteria"


class Mode(Enum):
    """How an assessment is taken; local names of the scheme `assessment-mode`."""

    WRITTEN = "written"
    ORAL = "oral"
    PRACTICAL = "practical"


class Arrangement(Enum):
    """Alone or together; local names of the scheme `work-arrangement`."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class Rule(Enum):
    """Why a link that the source does not state was inferred; local names of the scheme `inference-rule`."""

    SAME_ROW = "same-row"
    SHARED_ROW = "shared-row"
    CONTINUED_CELL = "continued-cell"
    BLOCK_ASSESSMENT = "block-assessment"


class SkillType(Enum):
    """ESCO's kinds of competency; local names of its value list."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"


class ReuseLevel(Enum):
    """How far a competency can be reused; local names of ESCO's value list."""

    TRANSVERSAL = "transversal"
    CROSS_SECTOR = "cross-sector"
    SECTOR_SPECIFIC = "sector-specific"
    OCCUPATION_SPECIFIC = "occupation-specific"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One passage of the source as it stands there, and its place. `page` counts from 1."""

    text: str
    page: int | None = None
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of the editors about the source, in French and in English. At least one is given."""

    fr: str | None = None
    en: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the element with this code: stated by the source when `rule` is None, inferred by `rule` otherwise."""

    code: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every element of a référentiel carries. `source_notation` is the code as the source writes it."""

    code: str
    label: str | None = None
    source_notation: str | None = None
    excerpts: tuple[Excerpt, ...] = ()
    note: Note | None = None


class ElementFields(TypedDict):
    """The fields of `Element`, as keyword arguments of any of its kinds."""

    code: str
    label: str | None
    source_notation: str | None
    excerpts: tuple[Excerpt, ...]
    note: Note | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Element):
    """Tâche: a part of an activity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Element):
    """Activité: a work situation that the holder of the certification masters."""

    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentCriterion(Element):
    """Critère d'évaluation: what shows that one competency is acquired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency(Element):
    """Compétence, with its criteria and its links to activities of its block and to assessments."""

    criteria: tuple[AssessmentCriterion, ...] = ()
    activities: tuple[Link, ...] = ()
    assessments: tuple[Link, ...] = ()
    skill_type: SkillType | None = None
    reuse_level: ReuseLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Element):
    """Modalité d'évaluation (épreuve), shared by the blocks that show it."""

    description: str | None = None
    modes: tuple[Mode, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillBlock(Element):
    """Bloc de compétences. `assessments` are codes of the certification's assessments."""

    activities: tuple[Activity, ...] = ()
    competencies: tuple[Competency, ...] = ()
    assessments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification(Element):
    """Certification professionnelle. `code` is its identifier here, `label` its title, `number` its RNCP or RS number."""

    number: str | None = None
    blocks: tuple[SkillBlock, ...] = ()
    assessments: tuple[Assessment, ...] = ()

    @property
    def competencies(self) -> tuple[Competency, ...]:
        """All competencies, block by block."""
        return tuple(competency for block in self.blocks for competency in block.competencies)


CODE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
"""What a code may be: it becomes a segment of an IRI that people read and guess."""


class Coded(Protocol):
    """Anything that has a code."""

    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=Coded)


def natural_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts C9 before C10 and CE5.2 before CE5.10.

    >>> sorted(["C10", "C9", "CE5.10", "CE5.2"], key=natural_key)
    ['C9', 'C10', 'CE5.2', 'CE5.10']
    """
    parts = re.findall(r"\d+|\D+", code)
    # Digits compare by their number, then as a text: no number is made of them, however many there are.
    return tuple((0, len(part.lstrip("0")), f"{part.lstrip('0')} {part}") if part.isdecimal() else (1, 0, part) for part in parts)


def by_code(items: Iterable[C]) -> tuple[C, ...]:
    """The items in natural order of their codes."""
    return tuple(sorted(items, key=lambda item: natural_key(item.code)))
