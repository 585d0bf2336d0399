"""What people decided outlasts what it is about: its matches go with a certification, and come back with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rdflib import URIRef

from gate.registers import WRITER, by_pyshacl, certification, name_of, register
from referentiel.access import Identity
from referentiel.gate import Alter, Gate, Merge, Replace, Restore, Withdraw
from referentiel.linking.mapping import NO_MATCH, Mapping, MappingSet
from referentiel.linking.mapping_graph import set_iri, to_statements
from referentiel.store import Changes, Engine, GraphChange, Name, Statements
from referentiel.store.changes import predicate_of
from referentiel.vocabulary import CC_BY, DEFAULT_BASE, SKOS

X = name_of("X")
C1, C2 = (URIRef(f"{X}/competency/C{number}") for number in (1, 2))
A, B, JOB = (URIRef(f"https://certif.example/{name}") for name in ("a", "b", "metier"))
SET, SECOND = set_iri(DEFAULT_BASE, "X"), set_iri(DEFAULT_BASE, "second")
OWNER = Identity("propriétaire", frozenset({"write", "withdraw"}), ("X",))
"""May write the certification, and no mapping set."""


def said(subject: URIRef, predicate: URIRef, target: URIRef, who: str = "anne", *, negated: bool = False) -> Mapping:
    author = f"https://certif.example/{who}"
    return Mapping(subject=subject, predicate=predicate, object=target, author=author, date=date(2026, 1, 1), negated=negated)


DECISIONS = (
    said(C1, SKOS.exactMatch, A),
    said(C1, SKOS.exactMatch, B),
    said(C1, SKOS.closeMatch, B, "ben"),
    said(C2, SKOS.broadMatch, A),
    said(C2, SKOS.exactMatch, B, negated=True),
    said(X, SKOS.relatedMatch, JOB),
    said(URIRef(f"{X}/competency/C99"), SKOS.exactMatch, A),
)
MATCHES = frozenset(
    f"<{subject}> <{predicate}> <{target}> ."
    for subject, predicate, target in (
        (C1, SKOS.exactMatch, A),
        (C2, SKOS.broadMatch, A),
        (X, SKOS.relatedMatch, JOB),
    )
)
"""What the decisions come to: one is disputed, one rejects, one is on what nobody describes."""


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    found = register(tmp_path / "store", "Y")
    yield found
    found.engine.close()


def decided(*mappings: Mapping, name: URIRef = SET) -> Statements:
    """The graph of a set of which nothing is described."""
    return to_statements(MappingSet(iri=name, title="Liens", licence=CC_BY, mappings=mappings), lambda _: False)


def matches(gate: Gate, name: URIRef = SET) -> Statements:
    return frozenset(line for line in gate.engine.statements(name) if predicate_of(line).startswith(str(SKOS)))


def brought_in(gate: Gate, version: str = "RNCP9") -> int:
    done = gate.submit(Replace(X, certification("X", version)), identity=OWNER)
    assert done.revision
    return done.revision.number


def test_a_set_that_comes_first_takes_effect_with_its_certification(gate: Gate) -> None:
    gate.submit(Replace(SET, decided(*DECISIONS)), identity=WRITER)
    assert not matches(gate)
    brought_in(gate)
    assert matches(gate) == MATCHES
    assert gate.engine.statements(SET) == decided(*DECISIONS) | MATCHES
    assert gate.history.statements(SET, gate.history.head) == gate.engine.statements(SET), "the record tells of it"
    assert by_pyshacl(gate.engine) == set()


def test_a_certification_that_comes_back_has_its_matches_again(gate: Gate) -> None:
    first = brought_in(gate)
    gate.submit(Replace(SET, decided(*DECISIONS) | MATCHES), identity=WRITER)
    gate.submit(Withdraw(X), identity=OWNER)
    assert not matches(gate), "nor has a notice one of its own"
    assert gate.engine.statements(SET) == decided(*DECISIONS)
    gate.submit(Restore(X, first), identity=OWNER)
    assert matches(gate) == MATCHES


def test_one_element_comes_back(gate: Gate) -> None:
    brought_in(gate)
    gate.submit(Replace(SET, decided(*DECISIONS) | MATCHES), identity=WRITER)
    renamed = frozenset(
        line.replace(f"<{C2}>", f"<{C2}bis>").replace(f"<{C2}/", f"<{C2}bis/").replace('"C2"', '"C2bis"')
        for line in certification("X", "RNCP9")
    )
    gate.submit(Replace(X, renamed), identity=OWNER)
    assert matches(gate) == {line for line in MATCHES if str(C2) not in line}
    brought_in(gate)
    assert matches(gate) == MATCHES


def test_each_set_has_its_own(gate: Gate) -> None:
    gate.submit(Replace(SET, decided(said(C1, SKOS.exactMatch, A))), identity=WRITER)
    gate.submit(Replace(SECOND, decided(said(C1, SKOS.exactMatch, B), name=SECOND)), identity=WRITER)
    brought_in(gate)
    assert matches(gate) == {f"<{C1}> <{SKOS.exactMatch}> <{A}> ."}
    assert matches(gate, SECOND) == {f"<{C1}> <{SKOS.exactMatch}> <{B}> ."}


def test_who_found_nothing_still_differs(gate: Gate) -> None:
    gate.submit(Replace(SET, decided(said(C1, SKOS.exactMatch, A), said(C1, SKOS.exactMatch, NO_MATCH, "ben"))), identity=WRITER)
    brought_in(gate)
    assert not matches(gate)


def test_what_is_written_with_its_set_stays_as_it_is_written(gate: Gate) -> None:
    held: dict[Name, Statements] = {X: certification("X", "RNCP9"), SET: decided(*DECISIONS)}
    gate.submit(Alter(lambda _: Changes.between({}, held)), identity=WRITER)
    assert not matches(gate)


def test_decisions_that_break_a_rule_together_keep_nobody_from_writing(gate: Gate) -> None:
    gate.submit(Replace(SET, decided(said(C1, SKOS.exactMatch, A))), identity=WRITER)
    gate.submit(Replace(SECOND, decided(said(C1, SKOS.broadMatch, A), name=SECOND)), identity=WRITER)
    brought_in(gate)
    assert not matches(gate) | matches(gate, SECOND)
    assert by_pyshacl(gate.engine) == set()


def test_a_certification_that_is_emptied_loses_its_own_match(gate: Gate) -> None:
    brought_in(gate)
    gate.submit(Replace(SET, decided(*DECISIONS) | MATCHES), identity=WRITER)

    def empty(engine: Engine) -> Changes:
        return Changes.of([GraphChange(X, removed=engine.statements(X))])

    gate.submit(Alter(empty), identity=WRITER)
    assert not matches(gate)


def test_a_write_that_describes_nothing_new_leaves_sets_alone(gate: Gate) -> None:
    brought_in(gate)
    gate.submit(Replace(SET, decided(*DECISIONS)), identity=WRITER)
    done = gate.submit(Merge(X, frozenset({f'<{C1}> <{SKOS.altLabel}> "autre nom"@fr .'})), identity=OWNER)
    assert done.changes.names == (X,)
