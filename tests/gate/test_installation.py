from __future__ import annotations

import pytest
from rdflib import Literal, URIRef

from referentiel import resources
from referentiel.access import LOCAL
from referentiel.gate import Alter, Replace, Withdraw
from referentiel.graph import to_graph
from referentiel.history import Kind, history_name
from referentiel.iris import Minter
from referentiel.linking.mapping import MappingSet
from referentiel.linking.mapping_graph import from_statements, to_statements
from referentiel.linking.sssom_reading import read as read_mappings
from referentiel.model import Certification
from referentiel.store import Changes, Engine, GraphChange, Name, Statements, open_store
from referentiel.store.deposit import Document, provenance_name
from referentiel.store.reading import statements
from referentiel.vocabulary import DEFAULT_BASE, ROOT, SKOS
from stores import gate_of, install


@pytest.fixture
def engine() -> Engine:
    return open_store(None)


def shipped_mappings() -> list[MappingSet]:
    return [read_mappings(path.read_bytes()) for path in resources.mapping_files()]


def snapshot(engine: Engine) -> dict[URIRef, set[object]]:
    return {name: set(engine.graph(name)) for name in engine.graph_names()}


def test_the_document_is_recorded_beside_the_certification(engine: Engine, seed: Certification) -> None:
    mint, gate = Minter(seed.code), install(engine)
    held = statements(to_graph(seed, DEFAULT_BASE))
    for name in ("a.txt", "b.csv"):
        gate.submit(Replace(mint.certification, held, Document.of(name, name.encode())), identity=LOCAL)
    recorded = {str(value) for _, _, value in engine.graph(provenance_name(DEFAULT_BASE)) if isinstance(value, Literal)}
    assert recorded == {"b.csv", Document.of("b.csv", b"b.csv").sha256}


def test_install_puts_in_all_that_the_project_ships_and_says_so_once(engine: Engine) -> None:
    gate = install(engine)
    expected = {name for name, _ in resources.vocabulary_graphs()}
    expected |= {Minter(path.stem).certification for path in resources.certification_files()}
    expected |= {mapping_set.iri for mapping_set in shipped_mappings()}
    assert set(engine.graph_names()) == expected | {provenance_name(DEFAULT_BASE), history_name(DEFAULT_BASE)}
    assert {revision.kind for revision in gate.history.revisions()} == {Kind.INSTALL}
    before = snapshot(engine)
    install(engine)
    assert snapshot(engine) == before


def test_install_leaves_what_the_operator_brought(engine: Engine, seed: Certification) -> None:
    mint, gate = Minter(seed.code), install(engine)
    graph = to_graph(seed, DEFAULT_BASE)
    graph.set((mint.competency("C1"), SKOS.prefLabel, Literal("Corrigé", "fr")))
    gate.submit(Replace(mint.certification, statements(graph)), identity=LOCAL)
    install(engine)
    assert set(engine.graph(mint.certification)) == set(graph)


def test_install_does_not_bring_back_what_was_withdrawn(engine: Engine, seed: Certification) -> None:
    name, gate = Minter(seed.code).certification, install(engine)
    gate.submit(Withdraw(name), identity=LOCAL)
    install(engine)
    assert gate.version(name) is None


def test_install_mends_an_older_reading_of_our_document(engine: Engine, seed: Certification) -> None:
    mint, gate = Minter(seed.code), install(engine)
    held = statements(to_graph(seed, DEFAULT_BASE))
    older = frozenset(line for line in held if "editorialNote" not in line)
    gate.submit(Replace(mint.certification, older, kind=Kind.INSTALL), identity=LOCAL)
    install(engine)
    assert engine.statements(mint.certification) == held


def test_install_knows_a_store_of_before_there_were_revisions(engine: Engine, seed: Certification) -> None:
    install(engine)
    fresh = open_store(None)
    before: dict[Name, Statements] = {
        name: engine.statements(name) for name in engine.graph_names() if name != history_name(DEFAULT_BASE)
    }
    fresh.apply(Changes.between({}, before))
    assert install(fresh).history.head == 0


def test_another_base_moves_resources_and_leaves_the_vocabulary(engine: Engine) -> None:
    base = "https://certif.example/id/"
    install(engine, base)
    assert {str(name) for name in engine.graph_names() if not name.startswith(ROOT)} == {
        f"{base}certification/{resources.certification_files()[0].stem}",
        *(found.iri.replace(DEFAULT_BASE, base) for found in shipped_mappings()),
        f"{base}provenance",
        f"{base}history",
    }
    assert not [row for row in engine.query("SELECT ?s { ?s ?p ?o }").rows() if row[0] and row[0].startswith(DEFAULT_BASE)]


def test_the_links_that_are_shipped_are_put_in_whole_with_what_is_accepted_of_them(engine: Engine) -> None:
    install(engine)
    for found in shipped_mappings():
        assert engine.statements(found.iri) == to_statements(found)
        assert mapping_matches(engine, found.iri)


def test_links_that_somebody_wrote_to_are_left_alone(engine: Engine) -> None:
    gate = install(engine)
    name = shipped_mappings()[0].iri
    removed = frozenset(sorted(engine.statements(name))[:1])
    gate.submit(Alter(lambda _: Changes.of([GraphChange(name, removed=removed)])), identity=LOCAL)
    before = engine.statements(name)
    install(engine)
    assert engine.statements(name) == before


def test_links_of_a_certification_that_was_withdrawn_stay_without_effect(engine: Engine, seed: Certification) -> None:
    name = Minter(seed.code).certification
    gate_of(engine).submit(Replace(name, statements(to_graph(seed, DEFAULT_BASE))), identity=LOCAL)
    gate_of(engine).submit(Withdraw(name), identity=LOCAL)
    install(engine)
    links = shipped_mappings()[0]
    assert from_statements(links.iri, engine.statements(links.iri)).mappings
    assert not mapping_matches(engine, links.iri)


def mapping_matches(engine: Engine, name: URIRef) -> set[str]:
    """What a mapping set says of certifications and their elements."""
    return {line for line in engine.statements(name) if line.startswith(f"<{DEFAULT_BASE}certification/")}


def test_a_gate_needs_no_installation(engine: Engine) -> None:
    assert gate_of(engine).rules.version
