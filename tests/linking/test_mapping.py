from __future__ import annotations

from datetime import date

from linking.mappings import BEN, ESCO_GRAPH, ROME_GRAPH, mapping
from referentiel.linking.mapping import NO_MATCH
from referentiel.vocabulary import ESCO_SKILL, SKOS


def test_a_person_decides_once_on_a_pair_whatever_they_say() -> None:
    first = mapping()
    assert mapping(predicate=SKOS.broadMatch, negated=True, date=date(2027, 1, 1), comment="réflexion faite").code == first.code
    assert mapping(author=BEN).code != first.code
    assert mapping(object=ESCO_SKILL["bbb"]).code != first.code


def test_nothing_found_is_said_once_for_each_vocabulary() -> None:
    codes = {mapping(object=NO_MATCH, object_source=source).code for source in (ESCO_GRAPH, ROME_GRAPH, None)}
    assert len(codes) == 3


def test_the_vocabulary_of_a_concept_does_not_tell_decisions_apart() -> None:
    assert mapping(object_source=None).code == mapping().code
