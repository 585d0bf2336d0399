"""A référentiel while it is being read: elements found one by one, in any order, then frozen into records."""

from __future__ import annotations

from dataclasses import dataclass, field

from referentiel.model import (
    Activity,
    Arrangement,
    Assessment,
    AssessmentCriterion,
    Certification,
    Competency,
    ElementFields,
    Excerpt,
    Link,
    Mode,
    Note,
    ReuseLevel,
    Rule,
    SkillBlock,
    SkillType,
    Task,
    by_code,
    natural_key,
)


@dataclass
class Draft:
    """What has been read so far of one element."""

    code: str
    label: str | None = None
    description: str | None = None
    source_notation: str | None = None
    excerpts: list[Excerpt] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    modes: set[Mode] = field(default_factory=set)
    arrangements: set[Arrangement] = field(default_factory=set)
    skill_type: SkillType | None = None
    reuse_level: ReuseLevel | None = None
    children: dict[str, Draft] = field(default_factory=dict)
    activities: dict[str, Rule | None] = field(default_factory=dict)
    assessments: dict[str, Rule | None] = field(default_factory=dict)

    def child(self, code: str) -> Draft:
        """The child with this code, new when it is first named."""
        return self.children.setdefault(code, Draft(code))

    def common(self) -> ElementFields:
        """What every record carries; several notes become one."""
        note = None
        if self.notes:
            french, english = ([text for text in texts if text] for texts in zip(*((n.fr, n.en) for n in self.notes), strict=True))
            note = Note(" ".join(french) or None, " ".join(english) or None)
        return {
            "code": self.code,
            "label": self.label,
            "source_notation": self.source_notation,
            "excerpts": tuple(self.excerpts),
            "note": note,
        }


@dataclass
class BlockDraft(Draft):
    """A block: its activities are `children`."""

    competencies: dict[str, Draft] = field(default_factory=dict)

    def competency(self, code: str) -> Draft:
        """The competency with this code, new when it is first named."""
        return self.competencies.setdefault(code, Draft(code))

    def activity(self, code: str) -> Draft:
        """The activity with this code, new when it is first named."""
        return self.child(code)


@dataclass
class CertificationDraft(Draft):
    """A certification: blocks and assessments by their codes."""

    number: str | None = None
    blocks: dict[str, BlockDraft] = field(default_factory=dict)
    examinations: dict[str, Draft] = field(default_factory=dict)

    def block(self, code: str) -> BlockDraft:
        """The block with this code, new when it is first named."""
        return self.blocks.setdefault(code, BlockDraft(code))

    def assessment(self, code: str) -> Draft:
        """The assessment with this code, new when it is first named."""
        return self.examinations.setdefault(code, Draft(code))

    def freeze(self) -> Certification:
        """The records."""
        return Certification(
            **self.common(),
            number=self.number,
            blocks=by_code(map(_block, self.blocks.values())),
            assessments=by_code(map(_assessment, self.examinations.values())),
        )


def _block(draft: BlockDraft) -> SkillBlock:
    return SkillBlock(
        **draft.common(),
        activities=by_code(map(_activity, draft.children.values())),
        competencies=by_code(map(_competency, draft.competencies.values())),
        assessments=tuple(sorted(draft.assessments, key=natural_key)),
    )


def _activity(draft: Draft) -> Activity:
    return Activity(**draft.common(), tasks=by_code(Task(**task.common()) for task in draft.children.values()))


def _competency(draft: Draft) -> Competency:
    return Competency(
        **draft.common(),
        criteria=by_code(AssessmentCriterion(**criterion.common()) for criterion in draft.children.values()),
        activities=_links(draft.activities),
        assessments=_links(draft.assessments),
        skill_type=draft.skill_type,
        reuse_level=draft.reuse_level,
    )


def _assessment(draft: Draft) -> Assessment:
    return Assessment(
        **draft.common(),
        description=draft.description,
        modes=tuple(mode for mode in Mode if mode in draft.modes),
        arrangements=tuple(value for value in Arrangement if value in draft.arrangements),
    )


def _links(rules: dict[str, Rule | None]) -> tuple[Link, ...]:
    return by_code(Link(code, rule) for code, rule in rules.items())
