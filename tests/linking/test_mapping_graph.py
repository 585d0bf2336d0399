from __future__ import annotations

import pytest
from hypothesis import given
from rdflib import URIRef

from gate.registers import certification, name_of
from linking.mappings import BEN, SUBJECT, mapping, mapping_set, mapping_sets
from referentiel.access import LOCAL
from referentiel.gate import Replace, Withdraw
from referentiel.linking.mapping import NO_MATCH, MappingSet
from referentiel.linking.mapping_graph import SLOTS, from_statements, malformed, order, to_statements
from referentiel.store import Engine, open_store
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import ESCO_SKILL, OWL, SKOS, SSSOM
from stores import gate_of

MATCHES = {str(predicate) for predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)}


def matches(found: MappingSet) -> set[tuple[str, str, str | None]]:
    held = to_statements(found)
    return {(subject_of(each), predicate_of(each), object_of(each)) for each in held if predicate_of(each) in MATCHES}


@given(mapping_sets())
def test_a_set_comes_back_from_its_graph_whole(found: MappingSet) -> None:
    held = to_statements(found)
    back = from_statements(found.iri, held)
    assert back.mappings == tuple(sorted(found.mappings, key=order))
    assert (back.title, back.version, back.description, back.licence) == (
        found.title,
        found.version,
        found.description,
        found.licence,
    )
    assert malformed(found.iri, held) == ()
    assert not any("_:" in line.partition('"')[0] for line in held)


def test_only_what_is_accepted_becomes_a_match() -> None:
    found = mapping_set(
        mapping(predicate=SKOS.broadMatch),
        mapping(object=ESCO_SKILL["bbb"], negated=True),
        mapping(object=ESCO_SKILL["ccc"]),
        mapping(object=ESCO_SKILL["ccc"], author=BEN, predicate=SKOS.closeMatch),
        mapping(object=NO_MATCH, object_source=URIRef("https://certif.example/autre")),
    )
    assert matches(found) == {(str(SUBJECT), str(SKOS.broadMatch), str(ESCO_SKILL["aaa"]))}


def test_a_subject_that_is_not_described_keeps_its_records_only() -> None:
    held = to_statements(mapping_set(mapping()), lambda subject: subject != SUBJECT)
    assert not any(predicate_of(line) in MATCHES for line in held)
    assert from_statements(mapping_set().iri, held).mappings == (mapping(),)


@pytest.mark.parametrize("name", ["subject", "predicate", "object", "author", "date", "justification"])
def test_a_record_that_is_not_whole_is_no_decision(name: str) -> None:
    found = mapping_set(mapping())
    held = frozenset(line for line in to_statements(found) if predicate_of(line) != str(SLOTS[name][0]))
    assert from_statements(found.iri, held).mappings == ()
    assert malformed(found.iri, held) == (f"{found.iri}/{mapping().code}",)


@pytest.mark.parametrize(
    ("old", "new"),
    [(str(SKOS.exactMatch), str(OWL.sameAs)), ("2026-11-24", "2026-99-24"), ("agent/anne", "agent/autre")],
    ids=["another predicate", "no date", "under another's name"],
)
def test_a_record_that_says_what_none_may_say_is_no_decision(old: str, new: str) -> None:
    found = mapping_set(mapping())
    held = frozenset("\n".join(to_statements(found)).replace(old, new).split("\n"))
    assert from_statements(found.iri, held).mappings == ()
    assert malformed(found.iri, held)


def test_a_record_with_two_answers_is_no_decision() -> None:
    found = mapping_set(mapping())
    held = to_statements(found) | {f'<{found.iri}/{mapping().code}> <{SSSOM.object_label}> "{label}" .' for label in "ab"}
    assert from_statements(found.iri, held).mappings == ()


@pytest.fixture
def engine() -> Engine:
    return open_store(None)


def test_the_gate_lets_a_set_in_and_takes_matches_away_with_their_subject(engine: Engine) -> None:
    gate, found = gate_of(engine), mapping_set(mapping())
    gate.submit(Replace(name_of("X"), certification("X")), identity=LOCAL)
    gate.submit(Replace(found.iri, to_statements(found)), identity=LOCAL)
    asked = f"""SELECT ?record {{ <{SUBJECT}> ?p ?o . ?record <{OWL.annotatedSource}> <{SUBJECT}> ; <{OWL.annotatedProperty}> ?p ;
        <{OWL.annotatedTarget}> ?o }}"""
    assert engine.query(asked).rows() == [(f"{found.iri}/{mapping().code}",)]
    gate.submit(Withdraw(name_of("X")), identity=LOCAL)
    assert engine.query(asked).rows() == []
    assert from_statements(found.iri, engine.statements(found.iri)).mappings == (mapping(),)
