"""What the endpoint says of itself is what its settings and its store are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.catalog import Names, describe
from referentiel.settings import Limits, Settings
from referentiel.store import QUERY_LIMIT, Engine, open_store
from referentiel.vocabulary import FORMATS, OWL, RDF, RDFS, REF, SD, TEXT_INDEX, VOID, XSD, empty_graph
from referentiel.web.service_description import description
from stores import install

PUBLIC = "https://ref.example/service"
LIMITED = Settings(
    public_url=PUBLIC,
    limits=Limits(seconds=2.5, memory=512, rows=1000, queue=7, rate=60, services=("https://esco.example/sparql",)),
)
SERVICE = Names.of(LIMITED).service


@pytest.fixture(scope="module")
def store() -> Iterator[Engine]:
    engine = open_store(None)
    install(engine, LIMITED.base)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def limited(store: Engine) -> Graph:
    """The description of a service with limits of its own."""
    return description(store, LIMITED)


def test_the_endpoint_is_at_the_public_address(store: Engine, limited: Graph) -> None:
    assert list(limited.subject_objects(SD.endpoint)) == [(SERVICE, URIRef(f"{PUBLIC}/sparql"))]
    assert list(description(store, Settings()).objects(None, SD.endpoint)) == [URIRef("https://w3id.org/referentiel/sparql")]


def test_says_what_the_service_does(limited: Graph) -> None:
    assert (SERVICE, RDF.type, SD.Service) in limited
    assert set(limited.objects(SERVICE, SD.supportedLanguage)) == {SD.SPARQL11Query, SD.SPARQL11Update}
    assert SD.UnionDefaultGraph in set(limited.objects(SERVICE, SD.feature))
    assert SD.RequiresDataset not in set(limited.objects(SERVICE, SD.feature))
    assert set(limited.objects(SERVICE, SD.propertyFeature)) == {TEXT_INDEX.query}
    formats = set(limited.objects(SERVICE, SD.resultFormat))
    assert {FORMATS.SPARQL_Results_JSON, FORMATS.SPARQL_Results_CSV, FORMATS.Turtle, FORMATS["N-Triples"]} < formats
    assert len(formats) == 8


def test_federation_is_a_feature_where_a_service_is_allowed(store: Engine, limited: Graph) -> None:
    assert SD.BasicFederatedQuery in set(limited.objects(SERVICE, SD.feature))
    assert list(limited.objects(SERVICE, REF.allowedService)) == [Literal("https://esco.example/sparql", datatype=XSD.anyURI)]
    plain = description(store, Settings())
    assert SD.BasicFederatedQuery not in set(plain.objects(SERVICE, SD.feature))
    assert (SERVICE, REF.allowedService, None) not in plain


def test_limits_are_those_of_the_settings(store: Engine, limited: Graph) -> None:
    expected = {
        REF.queryTimeLimit: Decimal("2.5"),
        REF.queryMemoryLimit: 512,
        REF.answerRowLimit: 1000,
        REF.queryByteLimit: QUERY_LIMIT,
        REF.queueLimit: 7,
        REF.queryRateLimit: 60,
    }
    for predicate, value in expected.items():
        assert [literal.toPython() for literal in limited.objects(SERVICE, predicate) if isinstance(literal, Literal)] == [value]
    assert (SERVICE, REF.queryRateLimit, None) not in description(store, Settings())


def test_every_term_of_ours_is_of_a_service_and_has_the_range_of_its_values(limited: Graph) -> None:
    ontology = resources.ontology()
    ours = {(predicate, value) for predicate, value in limited.predicate_objects(SERVICE) if str(predicate).startswith(str(REF))}
    assert len(ours) == 7
    for predicate, value in ours:
        assert (predicate, RDF.type, OWL.DatatypeProperty) in ontology
        assert (predicate, RDFS.domain, SD.Service) in ontology
        assert isinstance(value, Literal)
        assert value.datatype == ontology.value(predicate, RDFS.range)


def test_the_dataset_is_the_store(limited: Graph, store: Engine) -> None:
    dataset = limited.value(SERVICE, SD.defaultDataset)
    assert limited.value(limited.value(dataset, SD.defaultGraph), VOID.triples) == Literal(len(store))
    names = {
        limited.value(named, SD.name): limited.value(limited.value(named, SD.graph), VOID.triples)
        for named in limited.objects(dataset, SD.namedGraph)
    }
    assert names == {name: Literal(len(store.graph(name))) for name in store.graph_names()}


def test_parts_are_fragments_of_the_service_which_is_described(limited: Graph) -> None:
    parts = set(limited.subjects(RDF.type)) - {SERVICE, TEXT_INDEX.query}
    assert len(parts) > 10
    assert [part for part in parts if not str(part).startswith(f"{SERVICE}#")] == []


def test_counts_are_those_of_the_catalogue_once_it_is_written(store: Engine) -> None:
    counted = open_store(None)
    counted.replace((name, store.graph(name)) for name in store.graph_names())
    describe(counted, LIMITED)
    graph = description(counted, LIMITED)
    for named, name in graph.subject_objects(SD.name):
        assert graph.value(graph.value(named, SD.graph), VOID.triples) == Literal(len(counted.graph(URIRef(str(name)))))
    counted.close()


def test_an_empty_store_is_described_too() -> None:
    store = open_store(None)
    graph = description(store, LIMITED)
    assert (None, SD.namedGraph, None) not in graph
    assert (None, VOID.triples, Literal(0)) in graph
    store.close()


def test_says_the_same_of_the_same_store(store: Engine, limited: Graph) -> None:
    assert set(description(store, LIMITED)) == set(limited)
    assert not [term for triple in limited for term in triple if isinstance(term, BNode)]
    assert set(empty_graph() + limited) == set(limited)
