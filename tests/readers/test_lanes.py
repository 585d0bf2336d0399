from __future__ import annotations

import pytest

from referentiel.readers.lanes import Class, Shapes, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * { <http://a.example/1> ?p ?o }", "SELECT * { <http://b.example/22#x> ?p ?o }"),
        ('ASK { ?s ?p "text" }', "ASK { ?s ?p 'it\\'s \"another\"' }"),
        ("ASK { ex:a12 ?p ?o }", "ASK { ex:b.3 ?p ?o }"),
        ("ASK {} # one", "ASK {} # two"),
    ],
)
def test_constants_do_not_change_the_shape(one: str, other: str) -> None:
    assert shape(one) == shape(other)


@pytest.mark.parametrize("other", ["SELECT * { ?s ?p ?o } LIMIT 1000", "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 10"])
def test_limits_and_patterns_do(other: str) -> None:
    assert shape("SELECT * { ?s ?p ?o } LIMIT 10") != shape(other)


def test_a_shape_becomes_quick_and_stops_being_so() -> None:
    shapes = Shapes()
    assert shapes.expect(1) is Class.UNKNOWN
    shapes.learn(1, quick=True)
    assert shapes.expect(1) is Class.QUICK
    shapes.learn(1, quick=False)
    assert shapes.expect(1) is Class.DEAR
    for _ in range(3):
        shapes.learn(1, quick=True)
    assert shapes.expect(1) is Class.UNKNOWN


def test_one_dear_answer_does_not_undo_a_good_name() -> None:
    shapes = Shapes()
    for _ in range(20):
        shapes.learn(1, quick=True)
    shapes.learn(1, quick=False)
    assert shapes.expect(1) is Class.QUICK


def test_shapes_that_nobody_asks_are_forgotten() -> None:
    shapes = Shapes()
    for number in range(5000):
        shapes.learn(number, quick=True)
    assert shapes.expect(0) is Class.UNKNOWN
    assert shapes.expect(4999) is Class.QUICK


ENDLESS = ["ASK{} " + '\\"' * 60_000, "'" + "\\'" * 60_000, "a-" * 60_000, "<" * 120_000, '"' * 120_000, "a:" * 60_000]


@pytest.mark.parametrize("text", ENDLESS, ids=range(len(ENDLESS)))
def test_no_text_takes_long_to_read(text: str) -> None:
    """Where a regular expression looked at each end for each beginning, this would not end."""
    assert shape(text) == shape(text)
