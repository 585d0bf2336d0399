from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from referentiel import resources
from referentiel.catalog import ADDRESSES, Names, describe
from referentiel.iris import Minter
from referentiel.settings import Settings
from referentiel.store import Engine, QueryForm, ResultFormat, open_store
from referentiel.vocabulary import (
    CC_BY,
    DCAT,
    DCT,
    EU_AUTHORITY,
    FOAF,
    MEDIA_TYPE,
    ONTOLOGY,
    RDF,
    REF,
    SKOS,
    VOID,
    empty_graph,
)
from stores import install

SETTINGS = Settings(publisher="Certificateur d'essai")
NAMES = Names.of(SETTINGS)
SEED = Minter("000_dc92d59401fb9067")
DATASET = NAMES.dataset(SEED.certification)
LINKS = NAMES.dataset(f"{SETTINGS.base}mapping-set/{SEED.certification_id}")
OTHER = Minter("RNCP1")
CHECKS = resources.files("queries/checks", "*.rq")
QUESTIONS = resources.files("queries/competency", "*.rq")


@contextmanager
def shipped() -> Iterator[Engine]:
    """A store that holds what the project ships."""
    engine = open_store(None)
    install(engine, SETTINGS.base)
    yield engine
    engine.close()


@pytest.fixture
def store() -> Iterator[Engine]:
    """A store to be described and changed."""
    with shipped() as engine:
        yield engine


@pytest.fixture(scope="module")
def undescribed() -> Iterator[Engine]:
    """A store without a catalogue."""
    with shipped() as engine:
        yield engine


@pytest.fixture(scope="module")
def described() -> Iterator[Engine]:
    """The same with its catalogue."""
    with shipped() as engine:
        describe(engine, SETTINGS)
        yield engine


@pytest.fixture(scope="module")
def catalog(described: Engine) -> Graph:
    """Its catalogue."""
    return described.graph(NAMES.catalog)


def titled(title: str) -> Graph:
    """The graph of a certification that has a title and a licence."""
    graph = empty_graph()
    graph.add((OTHER.certification, RDF.type, REF.Certification))
    graph.add((OTHER.certification, SKOS.prefLabel, Literal(title, lang="fr")))
    graph.add((OTHER.certification, DCT.license, CC_BY))
    return graph


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> set[str | None]:
    return {text.language for text in graph.objects(subject, predicate) if isinstance(text, Literal)}


def test_writes_once(store: Engine) -> None:
    assert describe(store, SETTINGS)
    written = set(store.graph(NAMES.catalog))
    assert not describe(store, SETTINGS)
    assert set(store.graph(NAMES.catalog)) == written


def test_writes_again_when_the_store_or_the_settings_have_changed(store: Engine) -> None:
    describe(store, SETTINGS)
    store.replace([(OTHER.certification, titled("Expert"))])
    assert describe(store, SETTINGS)
    assert describe(store, replace(SETTINGS, publisher="Un autre"))
    assert (NAMES.publisher, FOAF.name, Literal("Un autre")) in store.graph(NAMES.catalog)
    store.replace([(NAMES.catalog, store.graph(NAMES.catalog) - store.graph(NAMES.catalog).cbd(NAMES.service))])
    assert describe(store, replace(SETTINGS, publisher="Un autre"))


def test_the_version_tells_one_catalogue_from_another(store: Engine) -> None:
    describe(store, SETTINGS)
    first = store.graph(NAMES.catalog).value(NAMES.catalog, DCAT.version)
    store.replace([(OTHER.certification, titled("Expert"))])
    describe(store, SETTINGS)
    second = store.graph(NAMES.catalog).value(NAMES.catalog, DCAT.version)
    store.replace([(OTHER.certification, empty_graph())])
    describe(store, SETTINGS)
    assert first != second
    assert store.graph(NAMES.catalog).value(NAMES.catalog, DCAT.version) == first


def test_the_version_of_a_dataset_tells_which_one_changed(store: Engine) -> None:
    store.replace([(OTHER.certification, titled("Expert"))])
    describe(store, SETTINGS)
    first = versions(store)
    assert len(set(first.values())) == len(first) > 10
    store.replace([(OTHER.certification, titled("Experte"))])
    describe(store, SETTINGS)
    second = versions(store)
    assert {dataset for dataset in first if first[dataset] != second[dataset]} == {NAMES.dataset(OTHER.certification)}
    store.replace([(OTHER.certification, titled("Expert"))])
    describe(store, SETTINGS)
    assert versions(store) == first


def versions(store: Engine) -> dict[Node, str]:
    """The version of each dataset."""
    catalog = store.graph(NAMES.catalog)
    datasets = set(catalog.subjects(RDF.type, DCAT.Dataset)) - {NAMES.whole}
    return {dataset: str(catalog.value(dataset, DCAT.version, any=False)) for dataset in datasets}


def test_each_kind_of_dataset_is_described_in_its_own_words(catalog: Graph) -> None:
    said: dict[str, set[tuple[frozenset[Node], frozenset[Node]]]] = {}
    for dataset in set(catalog.subjects(RDF.type, DCAT.Dataset)) - {NAMES.whole}:
        assert isinstance(dataset, URIRef)
        assert languages(catalog, dataset, DCAT.keyword) == {"fr", "en"}
        kind = dataset.removeprefix(f"{SETTINGS.base}dataset/").partition("/")[0]
        texts = [frozenset(catalog.objects(dataset, predicate)) for predicate in (DCT.description, DCAT.keyword)]
        said.setdefault(kind, set()).add((texts[0], texts[1]))
    assert set(said) == {"certification", "mapping-set", "ns", "shapes", "library", "alignment", "scheme"}
    assert {len(texts) for texts in said.values()} == {1}
    assert len({texts for (texts, _) in (next(iter(each)) for each in said.values())}) == len(said)
    assert len({words for (_, words) in (next(iter(each)) for each in said.values())}) == len(said)


def test_lists_each_certification_and_each_vocabulary(catalog: Graph) -> None:
    expected = {NAMES.dataset(name) for name, _ in resources.vocabulary_graphs()} | {NAMES.whole, DATASET, LINKS}
    assert set(catalog.objects(NAMES.catalog, DCAT.dataset)) == expected
    assert set(catalog.subjects(RDF.type, DCAT.Dataset)) == expected


def test_says_what_dcat_ap_requires(catalog: Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService):
        for subject in catalog.subjects(RDF.type, kind):
            assert isinstance(subject, URIRef)
            assert languages(catalog, subject, DCT.title) >= {"fr", "en"}
            assert languages(catalog, subject, DCT.description) >= {"fr", "en"}
            assert catalog.value(subject, DCT.publisher) == NAMES.publisher
    assert set(catalog.subjects(RDF.type, DCAT.Distribution)) == set(catalog.objects(None, DCAT.distribution))
    for distribution in catalog.subjects(RDF.type, DCAT.Distribution):
        assert (distribution, DCAT.accessURL, None) in catalog
    assert (NAMES.publisher, FOAF.name, Literal("Certificateur d'essai")) in catalog
    assert catalog.value(NAMES.service, DCAT.endpointURL) == NAMES.address("/sparql")


def test_each_graph_can_be_had_in_four_formats(catalog: Graph) -> None:
    formats = {
        (
            catalog.value(distribution, DCAT.downloadURL),
            catalog.value(distribution, DCAT.mediaType),
            catalog.value(distribution, DCT["format"]),
        )
        for distribution in catalog.objects(DATASET, DCAT.distribution)
    }
    address = f"{NAMES.site}/doc/certification/{SEED.certification_id}"
    assert formats == {
        (URIRef(f"{address}.ttl"), MEDIA_TYPE["text/turtle"], EU_AUTHORITY["file-type/RDF_TURTLE"]),
        (URIRef(f"{address}.jsonld"), MEDIA_TYPE["application/ld+json"], EU_AUTHORITY["file-type/JSON_LD"]),
        (URIRef(f"{address}.rdf"), MEDIA_TYPE["application/rdf+xml"], EU_AUTHORITY["file-type/RDF_XML"]),
        (URIRef(f"{address}.nt"), MEDIA_TYPE["application/n-triples"], EU_AUTHORITY["file-type/RDF_N_TRIPLES"]),
    }


def test_grants_a_licence_only_where_the_graph_grants_one(store: Engine) -> None:
    store.replace([(OTHER.certification, titled("Expert"))])
    describe(store, SETTINGS)
    catalog = store.graph(NAMES.catalog)
    assert (DATASET, DCT.license, None) not in catalog
    for subject in (DATASET, *catalog.objects(DATASET, DCAT.distribution), NAMES.whole):
        assert list(catalog.objects(subject, DCT.rights)) == [NAMES.rights]
        assert (subject, DCT.license, None) not in catalog
    for distribution in catalog.subjects(RDF.type, DCAT.Distribution):
        assert len({predicate for predicate in (DCT.license, DCT.rights) if (distribution, predicate, None) in catalog}) == 1
    for graph in (OTHER.certification, ONTOLOGY):
        dataset = NAMES.dataset(graph)
        assert catalog.value(dataset, DCT.license) == CC_BY
        assert (dataset, DCT.rights, None) not in catalog
        assert {catalog.value(each, DCT.license) for each in catalog.objects(dataset, DCAT.distribution)} == {CC_BY}


def test_a_title_is_the_label_or_the_code_never_an_invention(store: Engine) -> None:
    store.replace([(OTHER.certification, titled("Expert"))])
    describe(store, SETTINGS)
    catalog = store.graph(NAMES.catalog)
    assert set(catalog.objects(NAMES.dataset(OTHER.certification), DCT.title)) == {Literal("Expert", lang="fr")}
    assert {str(title) for title in catalog.objects(DATASET, DCT.title)} == {f"Certification {SEED.certification_id}"}


def test_counts_what_the_store_holds(store: Engine) -> None:
    held = [(name, store.graph(name)) for name in store.graph_names()]
    everything = {triple for _, graph in held for triple in graph}
    describe(store, SETTINGS)
    describe(store, replace(SETTINGS, publisher="Un autre"))  # with a catalogue in the store, which is not counted
    catalog = store.graph(NAMES.catalog)

    def number(subject: URIRef, predicate: URIRef) -> int:
        value = catalog.value(subject, predicate)
        assert isinstance(value, Literal)
        return int(value)

    subjects = {subject for subject, _, _ in everything}
    assert number(NAMES.whole, VOID.triples) == sum(len(graph) for _, graph in held) == len(everything)
    assert number(NAMES.whole, VOID.distinctSubjects) == len(subjects)
    assert number(NAMES.whole, VOID.entities) == len([subject for subject in subjects if str(subject).startswith(SETTINGS.base)])
    assert number(NAMES.whole, VOID.distinctObjects) == len({value for _, _, value in everything})
    assert number(NAMES.whole, VOID.properties) == len({predicate for _, predicate, _ in everything})
    assert number(NAMES.whole, VOID.classes) == len({value for _, predicate, value in everything if predicate == RDF.type})
    for name, graph in held:
        if NAMES.lists(name):
            assert number(NAMES.dataset(name), VOID.triples) == len(graph)
    competencies = {s for s, p, o in everything if (p, o) == (RDF.type, REF.Competency)}
    partition = catalog.value(None, VOID["class"], REF.Competency)
    assert isinstance(partition, URIRef)
    assert number(partition, VOID.entities) == len(competencies) > 20
    partition = catalog.value(None, VOID.property, SKOS.notation)
    assert isinstance(partition, URIRef)
    assert number(partition, VOID.triples) == len([p for _, p, _ in everything if p == SKOS.notation]) > 20


def test_links_to_others_are_linksets(store: Engine) -> None:
    def close_to_esco() -> int:
        describe(store, SETTINGS)
        catalog = store.graph(NAMES.catalog)
        sets = set(catalog.subjects(VOID.linkPredicate, SKOS.closeMatch)) & set(catalog.subjects(RDF.type, VOID.Linkset))
        (linkset,) = sets
        target = catalog.value(linkset, VOID.objectsTarget)
        assert catalog.value(target, VOID.uriSpace) == Literal("http://data.europa.eu/")
        return int(str(catalog.value(linkset, VOID.triples)))

    before = close_to_esco()
    linked = titled("Expert")
    for number in range(3):
        linked.add((OTHER.competency(f"C{number}"), SKOS.closeMatch, URIRef(f"http://data.europa.eu/esco/skill/{number}")))
    linked.add((OTHER.competency("C1"), SKOS.closeMatch, OTHER.competency("C2")))
    store.replace([(OTHER.certification, linked)])
    assert close_to_esco() == before + 3


@pytest.mark.parametrize(
    ("base", "public_url", "site"),
    [
        ("https://w3id.org/referentiel/id/", None, "https://w3id.org/referentiel"),
        ("https://certif.example/graphe/id/", None, "https://certif.example/graphe"),
        ("https://certif.example/", None, "https://certif.example"),
        ("https://w3id.org/referentiel/id/", "https://ref.example/service", "https://ref.example/service"),
    ],
)
def test_addresses_are_public_or_those_of_the_base(base: str, public_url: str | None, site: str) -> None:
    settings = Settings(base=base, public_url=public_url)
    engine = open_store(None)
    install(engine, base)
    describe(engine, settings)
    catalog = engine.graph(Names.of(settings).catalog)
    addresses = [str(value) for predicate in ADDRESSES for value in catalog.objects(None, predicate)]
    assert len(addresses) > 50
    assert [address for address in addresses if not address.startswith(f"{site}/")] == []
    engine.close()


def test_has_no_blank_node(catalog: Graph) -> None:
    assert not [term for triple in catalog for term in triple if isinstance(term, BNode)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_a_store_with_its_catalogue_stays_consistent(described: Engine, catalog: Graph, check: Path) -> None:
    addresses = {str(value) for predicate in ADDRESSES for value in catalog.objects(None, predicate)}
    assert [row for row in described.query(check.read_text("utf-8")).rows() if row[0] not in addresses] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_catalogue_changes_no_answer(undescribed: Engine, described: Engine, question: Path) -> None:
    text = question.read_text("utf-8")

    def answer(engine: Engine) -> list[bytes]:
        given = engine.query(text)
        return sorted(given.serialize(ResultFormat.N_TRIPLES if given.form is QueryForm.GRAPH else ResultFormat.CSV).splitlines())

    assert answer(described) == answer(undescribed)
