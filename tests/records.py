"""Arbitrary certifications for property-based tests."""

from __future__ import annotations

from hypothesis import strategies as st

from referentiel.model import (
    Activity,
    Arrangement,
    Assessment,
    AssessmentCriterion,
    Certification,
    Column,
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
from referentiel.sources.grid import paragraphs

codes = st.from_regex(r"[A-Z]{1,2}[0-9]{1,2}(\.[0-9])?", fullmatch=True)
texts = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)
    .map(lambda text: "\n".join(paragraphs([text])))
    .filter(bool)
)
lines = texts.map(lambda text: text.replace("\n", " "))
excerpts = st.builds(Excerpt, text=texts, page=st.none() | st.integers(1, 999), column=st.none() | st.sampled_from(Column))
notes = st.builds(Note, fr=lines, en=st.none() | lines) | st.builds(Note, fr=st.none(), en=lines)
rules = st.none() | st.sampled_from(Rule)


@st.composite
def certifications(draw: st.DrawFn) -> Certification:
    """Certifications of any shape, complete or not, that the model can hold."""
    competency_codes = draw(st.lists(codes, unique=True, max_size=5))
    assessment_codes = draw(st.lists(codes, unique=True, max_size=3))
    blocks = []
    for code in draw(st.lists(codes, unique=True, max_size=2)):
        here, competency_codes = competency_codes[:3], competency_codes[3:]
        activities = draw(st.lists(codes, unique=True, max_size=3))
        shown = draw(st.lists(st.sampled_from(assessment_codes), unique=True)) if assessment_codes else []
        blocks.append(
            SkillBlock(
                **common(draw, code),
                activities=by_code(Activity(**common(draw, a), tasks=children(draw, Task)) for a in activities),
                competencies=by_code(competency(draw, c, activities, shown) for c in here),
                assessments=tuple(sorted(shown, key=natural_key)),
            )
        )
    return Certification(
        **common(draw, draw(codes)),
        number=draw(st.none() | st.from_regex(r"RNCP[0-9]{4,5}", fullmatch=True)),
        blocks=by_code(blocks),
        assessments=by_code(assessment(draw, code) for code in assessment_codes),
    )


def common(draw: st.DrawFn, code: str) -> ElementFields:
    return {
        "code": code,
        "label": draw(st.none() | lines),
        "source_notation": draw(st.none() | lines),
        "excerpts": tuple(draw(st.lists(excerpts, max_size=2))),
        "note": draw(st.none() | notes),
    }


def children(draw: st.DrawFn, kind: type[Task] | type[AssessmentCriterion]) -> tuple:  # type: ignore[type-arg]
    return by_code(kind(**common(draw, code)) for code in draw(st.lists(codes, unique=True, max_size=2)))


def competency(draw: st.DrawFn, code: str, activities: list[str], shown: list[str]) -> Competency:
    def links(targets: list[str]) -> tuple[Link, ...]:
        chosen = draw(st.lists(st.sampled_from(targets), unique=True)) if targets else []
        return by_code(Link(target, draw(rules)) for target in chosen)

    return Competency(
        **common(draw, code),
        criteria=children(draw, AssessmentCriterion),
        activities=links(activities),
        assessments=links(shown),
        skill_type=draw(st.none() | st.sampled_from(SkillType)),
        reuse_level=draw(st.none() | st.sampled_from(ReuseLevel)),
    )


def assessment(draw: st.DrawFn, code: str) -> Assessment:
    modes = draw(st.sets(st.sampled_from(Mode)))
    arrangements = draw(st.sets(st.sampled_from(Arrangement)))
    return Assessment(
        **common(draw, code),
        description=draw(st.none() | texts),
        modes=tuple(mode for mode in Mode if mode in modes),
        arrangements=tuple(value for value in Arrangement if value in arrangements),
    )
