from __future__ import annotations

import pytest
from rdflib import Literal, URIRef

from referentiel import resources
from referentiel.graph import to_graph
from referentiel.iris import Minter
from referentiel.model import Certification
from referentiel.store import Engine, open_store
from referentiel.store.deposit import Change, Document, deposit, install, provenance_name
from referentiel.vocabulary import DEFAULT_BASE, ROOT, SKOS


@pytest.fixture
def engine() -> Engine:
    return open_store(None)


def snapshot(engine: Engine) -> dict[URIRef, set[object]]:
    return {name: set(engine.graph(name)) for name in engine.graph_names()}


def test_depositing_again_changes_nothing(engine: Engine, seed: Certification) -> None:
    mint, document = Minter(seed.code), Document.of("a.txt", b"a")
    graph = to_graph(seed, DEFAULT_BASE)
    assert deposit(engine, mint, graph, document) == Change(len(graph), 0)
    before = snapshot(engine)
    assert deposit(engine, mint, graph, document) == Change(0, 0)
    assert snapshot(engine) == before


def test_the_document_is_recorded_beside_the_certification(engine: Engine, seed: Certification) -> None:
    mint = Minter(seed.code)
    for name in ("a.txt", "b.csv"):
        deposit(engine, mint, to_graph(seed, DEFAULT_BASE), Document.of(name, name.encode()))
    recorded = {str(value) for _, _, value in engine.graph(provenance_name(DEFAULT_BASE)) if isinstance(value, Literal)}
    assert recorded == {"b.csv", Document.of("b.csv", b"b.csv").sha256}


def test_install_puts_in_all_that_the_project_ships(engine: Engine) -> None:
    install(engine, DEFAULT_BASE)
    expected = {name for name, _ in resources.vocabulary_graphs()}
    expected |= {Minter(path.stem).certification for path in resources.certification_files()} | {provenance_name(DEFAULT_BASE)}
    assert set(engine.graph_names()) == expected
    before = snapshot(engine)
    install(engine, DEFAULT_BASE)
    assert snapshot(engine) == before


def test_install_leaves_what_the_operator_brought(engine: Engine, seed: Certification) -> None:
    mint = Minter(seed.code)
    graph = to_graph(seed, DEFAULT_BASE)
    graph.set((mint.competency("C1"), SKOS.prefLabel, Literal("Corrigé", "fr")))
    deposit(engine, mint, graph, Document.of("mine.csv", b"mine"))
    install(engine, DEFAULT_BASE)
    assert set(engine.graph(mint.certification)) == set(graph)


def test_install_mends_an_older_reading_of_our_document(engine: Engine, seed: Certification) -> None:
    mint, source = Minter(seed.code), resources.source_file(seed.code)
    graph = to_graph(seed, DEFAULT_BASE)
    older = graph - to_graph(Certification(code=seed.code), DEFAULT_BASE)
    deposit(engine, mint, older, Document.of(source.name, source.read_bytes()))
    install(engine, DEFAULT_BASE)
    assert set(engine.graph(mint.certification)) == set(graph)


def test_another_base_moves_resources_and_leaves_the_vocabulary(engine: Engine) -> None:
    base = "https://certif.example/id/"
    install(engine, base)
    assert {str(name) for name in engine.graph_names() if not name.startswith(ROOT)} == {
        f"{base}certification/{resources.certification_files()[0].stem}",
        f"{base}provenance",
    }
    assert not [row for row in engine.query("SELECT ?s { ?s ?p ?o }").rows() if row[0] and row[0].startswith(DEFAULT_BASE)]
