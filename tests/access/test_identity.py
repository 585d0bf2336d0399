from __future__ import annotations

import pytest

from referentiel.access import LOCAL, OPERATIONS, PATTERN, Identity


@pytest.mark.parametrize(
    ("certification", "allowed"),
    [("RNCP1", True), ("RNCP12", True), ("RS1", True), ("RS12", False), ("XRNCP1", False), ("rncp1", False), ("", False)],
)
def test_patterns_cover_whole_identifiers(certification: str, allowed: bool) -> None:
    holder = Identity("a", frozenset({"write"}), ("RNCP*", "RS?"))
    assert holder.may("write", certification) is allowed


def test_an_exact_identifier_is_no_prefix() -> None:
    assert not Identity("a", frozenset({"write"}), ("RNCP1",)).may("write", "RNCP12")


def test_other_operations_are_not_allowed() -> None:
    writer = Identity("a", frozenset({"write"}))
    assert writer.may("write", "RNCP1")
    assert not writer.may("withdraw", "RNCP1")
    assert not writer.may("graphs")


def test_grants_besides_do_not_mix() -> None:
    holder = Identity(
        "a", frozenset(), (), (Identity("a", frozenset({"write"}), ("A",)), Identity("a", frozenset({"withdraw"}), ("B",)))
    )
    assert holder.may("write", "A")
    assert holder.may("withdraw", "B")
    assert not holder.may("write", "B")
    assert not holder.may("withdraw", "A")
    assert not holder.may("graphs")


def test_somebody_without_a_grant_may_do_nothing() -> None:
    nobody = Identity("a", frozenset(), ("*",))
    assert not nobody.may_anything()
    assert not Identity("a", frozenset(), (), (nobody,)).may_anything()
    assert Identity("a", frozenset(), (), (nobody, Identity("a", frozenset({"graphs"})))).may_anything()
    assert LOCAL.may_anything()


def test_the_operator_may_do_everything() -> None:
    assert all(LOCAL.may(operation, "RNCP1") for operation in OPERATIONS)
    assert LOCAL.may("graphs")


@pytest.mark.parametrize("pattern", ["RNCP*", "RS?", "*", "a.b-c_d"])
def test_patterns_are_identifiers_with_placeholders(pattern: str) -> None:
    assert PATTERN.fullmatch(pattern)


@pytest.mark.parametrize("pattern", ["", "[A-Z]", "a b", "é", "a/b", "*" * 101, "a\n"])
def test_anything_else_is_no_pattern(pattern: str) -> None:
    assert not PATTERN.fullmatch(pattern)


def test_a_hostile_pattern_ends_soon() -> None:
    assert not Identity("a", frozenset({"write"}), ("*a" * 50,)).may("write", "a" * 5000 + "b")
