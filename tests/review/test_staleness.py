from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import URIRef

from gate.registers import certification, name_of
from referentiel.access import LOCAL
from referentiel.gate import Gate, Replace, Withdraw
from referentiel.linking.mapping import Mapping
from referentiel.review.staleness import Cause, stale
from referentiel.vocabulary import OWL, SKOS
from review.desks import ANNE, C1, ESCO_GRAPH, SKILL, SKILLS, desk, esco, put

HOLD = URIRef(f"{SKILL}1")


@pytest.fixture
def made() -> Iterator[tuple[Gate, Mapping]]:
    """A gate, and a decision that was made on version 1.0."""
    with desk() as (gate, here):
        yield gate, here.decide("X", C1, SKOS.exactMatch, HOLD, identity=ANNE, author=here.author(ANNE))


def causes(made: tuple[Gate, Mapping]) -> list[tuple[Cause, str, str]]:
    gate, mapping = made
    return [(each.cause, each.before, each.now) for each in stale(gate, [mapping])]


def test_nothing_has_changed(made: tuple[Gate, Mapping]) -> None:
    assert causes(made) == []
    put(made[0], ESCO_GRAPH, esco("2.0", (*SKILLS, "danser")))
    assert causes(made) == []


def test_the_target_is_gone(made: tuple[Gate, Mapping]) -> None:
    put(
        made[0], ESCO_GRAPH, esco("2.0").replace('<1> a esco:Skill , skos:Concept ; skos:prefLabel "tenir une compétence"@fr .', "")
    )
    assert causes(made) == [(Cause.TARGET_GONE, SKILLS[1], "")]


def test_the_target_is_withdrawn(made: tuple[Gate, Mapping]) -> None:
    put(made[0], ESCO_GRAPH, f"{esco('2.0')} <1> <{OWL.deprecated}> true .")
    assert causes(made) == [(Cause.TARGET_WITHDRAWN, SKILLS[1], "")]


def test_the_target_is_called_otherwise(made: tuple[Gate, Mapping]) -> None:
    put(made[0], ESCO_GRAPH, esco("2.0", (SKILLS[0], "maintenir une compétence", *SKILLS[2:])))
    assert causes(made) == [(Cause.TARGET_RELABELLED, SKILLS[1], "maintenir une compétence")]


def test_the_target_has_moved(made: tuple[Gate, Mapping]) -> None:
    put(made[0], ESCO_GRAPH, esco("2.0", broader="2"))
    assert causes(made) == [(Cause.TARGET_MOVED, f"{SKILL}0", f"{SKILL}2")]
    put(made[0], ESCO_GRAPH, esco("3.0", broader="4"))
    assert causes(made) == [(Cause.TARGET_MOVED, f"{SKILL}0", f"{SKILL}4")]
    put(made[0], ESCO_GRAPH, esco("4.0"))
    assert causes(made) == [], "it is back where it was"


def test_what_moved_before_the_decision_is_no_reason() -> None:
    with desk() as (fresh, here):
        put(fresh, ESCO_GRAPH, esco("2.0", broader="2"))
        later = here.decide("X", C1, SKOS.exactMatch, HOLD, identity=ANNE, author=here.author(ANNE))
        assert list(stale(fresh, [later])) == []


def test_a_vocabulary_that_is_not_held_tells_nothing(made: tuple[Gate, Mapping]) -> None:
    made[0].submit(Withdraw(ESCO_GRAPH), identity=LOCAL)
    assert causes(made) == []


def test_the_subject_is_reworded_or_gone(made: tuple[Gate, Mapping]) -> None:
    gate, _ = made
    reworded = frozenset(line.replace("Compétence C1", "Savoir C1") for line in certification("X", "RNCP88"))
    gate.submit(Replace(name_of("X"), reworded), identity=LOCAL)
    assert causes(made) == [(Cause.SUBJECT_REWORDED, "Compétence C1", "Savoir C1")]
    gate.submit(Withdraw(name_of("X")), identity=LOCAL)
    assert causes(made) == [(Cause.SUBJECT_GONE, "Compétence C1", "")]
