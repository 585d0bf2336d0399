"""A whole register through the gate: what is refused stands in no other's way, and nothing is lost between batches."""

from __future__ import annotations

import pytest
from rdflib import URIRef

from gate.registers import WRITER, certification, name_of, register
from referentiel.gate import bulk
from referentiel.store import Changes, Engine, Statements, open_store
from referentiel.vocabulary import SKOS

G1 = URIRef("https://certif.example/g1")


def source(**graphs: Statements) -> Engine:
    engine = open_store(None)
    names = {"g1": G1}
    engine.apply(Changes.between({}, {names.get(code, name_of(code)): held for code, held in graphs.items()}))
    return engine


def test_a_bad_concept_refuses_its_graph_only() -> None:
    gate = register(None)
    circle = frozenset({f"<https://certif.example/a> <{SKOS.broader}> <https://certif.example/a> ."})
    done = bulk.load(gate, source(X=certification("X"), Y=certification("Y"), g1=circle), WRITER, "essai", lambda _: None)
    assert set(done.refused) == {G1}
    assert {name_of("X"), name_of("Y")} <= done.graphs


def test_the_parts_of_a_graph_that_come_late_all_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 3)
    gate = register(None)
    concept = "https://certif.example/z"
    links = {f"<https://certif.example/a{number}> <{SKOS.broader}> <{concept}> ." for number in range(6)}
    late = {f"<{concept}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SKOS.Concept}> ."}
    held = frozenset(links | late)
    done = bulk.load(gate, source(g1=held), WRITER, "essai", lambda _: None)
    assert not done.refused
    assert gate.engine.statements(G1) == held
