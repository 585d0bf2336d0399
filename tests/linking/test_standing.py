from __future__ import annotations

from datetime import date

import pytest
from rdflib import URIRef

from linking.mappings import ANNE, BEN, ESCO_GRAPH, ROME_GRAPH, mapping
from referentiel.linking.mapping import NO_MATCH, Mapping
from referentiel.linking.standing import State, Verdict, standings, state
from referentiel.vocabulary import ESCO_SKILL, SKOS

CLOSE = SKOS.closeMatch
CASES: dict[str, tuple[list[Mapping], Verdict, URIRef | None, bool]] = {
    "one person": ([mapping()], Verdict.ACCEPTED, SKOS.exactMatch, False),
    "two say the same": ([mapping(), mapping(author=BEN)], Verdict.ACCEPTED, SKOS.exactMatch, True),
    "a reviewer on the row": ([mapping(predicate=CLOSE, reviewer=BEN)], Verdict.ACCEPTED, CLOSE, True),
    "the reviewer is the author": ([mapping(reviewer=ANNE)], Verdict.ACCEPTED, SKOS.exactMatch, False),
    "the reviewer's own row counts": ([mapping(reviewer=BEN), mapping(author=BEN, predicate=CLOSE)], Verdict.DISPUTED, None, False),
    "two predicates": ([mapping(), mapping(author=BEN, predicate=CLOSE)], Verdict.DISPUTED, None, False),
    "one rejects": ([mapping(), mapping(author=BEN, negated=True)], Verdict.DISPUTED, None, False),
    "close is no exact": ([mapping(predicate=CLOSE), mapping(author=BEN, negated=True)], Verdict.DISPUTED, None, False),
    "one rejected": ([mapping(negated=True)], Verdict.REJECTED, None, False),
    "both reject": ([mapping(negated=True), mapping(author=BEN, negated=True, predicate=CLOSE)], Verdict.REJECTED, None, True),
    "another finds nothing": ([mapping(), mapping(author=BEN, object=NO_MATCH)], Verdict.DISPUTED, None, False),
    "another finds nothing elsewhere": (
        [mapping(), mapping(author=BEN, object=NO_MATCH, object_source=ROME_GRAPH)],
        Verdict.ACCEPTED,
        SKOS.exactMatch,
        False,
    ),
    "another finds nothing, and one of two rows says where": (
        [mapping(object_source=None), mapping(author=BEN), mapping(author="https://x.example/c", object=NO_MATCH)],
        Verdict.DISPUTED,
        None,
        False,
    ),
    "another finds nothing, and rows name two vocabularies": (
        [mapping(object_source=ROME_GRAPH), mapping(author=BEN), mapping(author="https://x.example/c", object=NO_MATCH)],
        Verdict.DISPUTED,
        None,
        False,
    ),
    "another finds nothing, and no row says where": (
        [mapping(object_source=None), mapping(author=BEN, object=NO_MATCH)],
        Verdict.DISPUTED,
        None,
        False,
    ),
    "another finds nothing, who knows where": (
        [mapping(), mapping(author=BEN, object=NO_MATCH, object_source=None)],
        Verdict.DISPUTED,
        None,
        False,
    ),
    "a rejection agrees with nothing found": (
        [mapping(negated=True), mapping(author=BEN, object=NO_MATCH)],
        Verdict.REJECTED,
        None,
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_holds_of_a_pair(case: str) -> None:
    decisions, verdict, predicate, confirmed = CASES[case]
    found = standings(decisions)[0]
    assert (found.verdict, found.predicate, found.confirmed) == (verdict, predicate, confirmed)
    assert set(found.decisions) == {each for each in decisions if each.object == found.object}


def test_nothing_found_is_disputed_by_who_finds_something() -> None:
    for source in (ESCO_GRAPH, None):
        found = standings([mapping(object=NO_MATCH), mapping(author=BEN, object_source=source)])
        assert [each.verdict for each in found] == [Verdict.DISPUTED, Verdict.DISPUTED]


def test_the_decisions_of_a_pair_come_the_oldest_first() -> None:
    late, early = mapping(), mapping(author=BEN, date=date(2020, 1, 1))
    assert standings([late, early])[0].decisions == (early, late)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([], State.TODO),
        ([mapping(negated=True)], State.TODO),
        ([mapping(), mapping(object=ESCO_SKILL["bbb"], negated=True)], State.DECIDED),
        ([mapping(), mapping(author=BEN)], State.CONFIRMED),
        ([mapping(object=NO_MATCH)], State.NO_MATCH),
        ([mapping(object=NO_MATCH, object_source=ROME_GRAPH), mapping()], State.DECIDED),
        (
            [mapping(), mapping(object=ESCO_SKILL["bbb"]), mapping(object=ESCO_SKILL["bbb"], author=BEN, negated=True)],
            State.DISPUTED,
        ),
    ],
)
def test_how_far_a_subject_is(decisions: list[Mapping], expected: State) -> None:
    assert state(standings(decisions)) is expected
