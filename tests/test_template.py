from __future__ import annotations

from referentiel.model import Arrangement, Column, Mode, ReuseLevel, Rule, SkillType
from referentiel.template import (
    ARRANGEMENTS,
    COLUMNS,
    ELEMENTS,
    LINKS,
    MODES,
    REUSE_LEVELS,
    SKILL_TYPES,
    SOURCE_COLUMNS,
    Field,
    fold,
)


def test_every_field_is_a_column_with_help() -> None:
    assert list(COLUMNS) == list(Field)
    assert all(help_.text for help_ in COLUMNS.values())


def test_headers_differ_even_without_accents() -> None:
    assert len({fold(field.value) for field in Field}) == len(Field)


def test_every_value_of_the_model_has_a_word() -> None:
    assert set(MODES.values()) == set(Mode)
    assert set(ARRANGEMENTS.values()) == set(Arrangement)
    assert set(SKILL_TYPES.values()) == set(SkillType)
    assert set(REUSE_LEVELS.values()) == set(ReuseLevel)
    assert set(SOURCE_COLUMNS.values()) == set(Column)
    assert set(LINKS.values()) == {None, *Rule}
    assert set(ELEMENTS.values()) <= set(COLUMNS)
