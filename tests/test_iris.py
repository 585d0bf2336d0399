from __future__ import annotations

from referentiel.iris import Minter

BASE = "https://example.org/certif/"
MINT = Minter("X1", BASE)


def test_iris_are_readable_and_nested() -> None:
    below = BASE + "certification/X1/"
    assert str(MINT.certification) == BASE + "certification/X1"
    assert str(MINT.criterion("C5", "CE5.2")) == below + "competency/C5/criterion/CE5.2"
    assert str(MINT.task("2", "A1", "T3")) == below + "block/2/activity/A1/task/T3"
    assert str(MINT.assessment("2")) == below + "assessment/2"
    assert str(MINT.framework("competency")) == below + "framework/competency"
    assert str(MINT.excerpt(MINT.competency("C3"), 2)) == below + "competency/C3/excerpt/2"


def test_an_iri_cut_at_a_slash_names_what_holds_it() -> None:
    assert str(MINT.criterion("C5", "CE5.2")).startswith(f"{MINT.competency('C5')}/")
    assert str(MINT.task("2", "A1", "T3")).startswith(f"{MINT.activity('2', 'A1')}/")
    assert str(MINT.activity("2", "A1")).startswith(f"{MINT.block('2')}/")


def test_activity_codes_that_restart_do_not_clash() -> None:
    assert MINT.activity("1", "A1") != MINT.activity("2", "A1")
