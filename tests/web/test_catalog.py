from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import httpx
import pytest
from rdflib import Graph, Literal, URIRef

from described import described
from referentiel.catalog import ADDRESSES, Names, describe, relocated
from referentiel.iris import Minter
from referentiel.settings import Settings
from referentiel.store import Engine, ResultFormat, open_store
from referentiel.vocabulary import DCAT, DCT, FOAF, HYDRA, RDF, REF, VOID, empty_graph
from referentiel.web.catalog import PAGE_SIZE
from stores import install

Reader: TypeAlias = Callable[[httpx.Response], Graph]

SETTINGS = Settings()
NAMES = Names.of(SETTINGS)
MORE = 2 * PAGE_SIZE + 5
"""Certifications beside the shipped one: enough for three pages."""

MEDIA_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
    "html": "text/html",
}
MACHINES = [suffix for suffix in MEDIA_TYPES if suffix != "html"]


@pytest.fixture(scope="module")
def store() -> Iterator[Engine]:
    """A store of many certifications, each of which says little."""
    engine = open_store(None)
    install(engine, SETTINGS.base)
    many = []
    for number in range(MORE):
        certification = Minter(f"RNCP{number}").certification
        graph = empty_graph().add((certification, RDF.type, REF.Certification))
        many.append((certification, graph.add((certification, DCT.identifier, Literal(f"RNCP{number}")))))
    engine.replace(many)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def harvester(store: Engine) -> Iterator[httpx.Client]:
    with described(store, SETTINGS) as client:
        yield client


def turtle(answer: httpx.Response) -> Graph:
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="turtle")


def harvest(harvester: httpx.Client, address: str) -> list[Graph]:
    """The pages of the catalogue, found as harvesters find them: by the next page of the view."""
    pages: list[Graph] = []
    following: str | None = address
    while following:
        pages.append(turtle(harvester.get(following)))
        view = pages[-1].value(None, RDF.type, HYDRA.PartialCollectionView)
        next_page = pages[-1].value(view, HYDRA.next)
        assert next_page is None or next_page == pages[-1].value(view, HYDRA.nextPage)
        following = str(next_page) if next_page else None
    return pages


def test_a_harvest_finds_every_dataset_once_and_whole(harvester: httpx.Client, store: Engine) -> None:
    pages = harvest(harvester, "/catalog")
    assert len(pages) == 3
    listed = [dataset for page in pages for dataset in page.objects(NAMES.catalog, DCAT.dataset)]
    stored = store.graph(NAMES.catalog)
    assert len(listed) == len(set(listed))
    assert set(listed) == set(stored.objects(NAMES.catalog, DCAT.dataset))
    for page in pages:
        assert {str(total) for total in page.objects(NAMES.catalog, HYDRA.totalItems)} == {str(len(listed))}
        for dataset in page.objects(NAMES.catalog, DCAT.dataset):
            distributions = set(stored.objects(dataset, DCAT.distribution))
            assert set(page.objects(dataset, DCAT.distribution)) == distributions
            for distribution in distributions:
                assert len(list(page.predicates(distribution))) == len(list(stored.predicates(distribution)))
        assert set(page.subjects(RDF.type, DCAT.Dataset)) == set(page.objects(NAMES.catalog, DCAT.dataset))
        assert page.value(page.value(NAMES.catalog, DCT.publisher), FOAF.name) == Literal(SETTINGS.publisher)


def test_pages_lead_to_one_another(harvester: httpx.Client) -> None:
    def at(number: int) -> str:
        return f"{harvester.base_url}/catalog?page={number}"

    middle = turtle(harvester.get("/catalog?page=2"))
    view = URIRef(at(2))
    assert middle.value(NAMES.catalog, HYDRA.view) == view
    assert {name: str(middle.value(view, HYDRA[name])) for name in ("first", "previous", "next", "last")} == {
        "first": at(1),
        "previous": at(1),
        "next": at(3),
        "last": at(3),
    }
    assert (None, HYDRA.previous, None) not in turtle(harvester.get("/catalog"))
    assert (None, HYDRA.next, None) not in turtle(harvester.get("/catalog?page=3"))
    links = harvester.get("/catalog?page=2").links
    assert (links["prev"]["url"], links["next"]["url"]) == (at(1), at(3))


@pytest.mark.parametrize("suffix", MACHINES)
def test_a_page_says_the_same_in_every_format(harvester: httpx.Client, parsed: Reader, suffix: str) -> None:
    fixed = harvester.get(f"/catalog.{suffix}?page=3")
    chosen = harvester.get("/catalog?page=3", headers={"Accept": MEDIA_TYPES[suffix]})
    types = {answer.headers["content-type"].partition(";")[0] for answer in (fixed, chosen)}
    assert types == {MEDIA_TYPES[suffix]}
    assert set(parsed(chosen)) == set(turtle(harvester.get("/catalog?page=3")))
    following = next(parsed(harvester.get(f"/catalog.{suffix}")).objects(None, HYDRA.next))
    assert str(following).endswith(f"/catalog.{suffix}?page=2"), "a harvester that asked by suffix keeps its format"


def test_every_address_on_offer_answers(harvester: httpx.Client) -> None:
    catalog = turtle(harvester.get("/catalog?page=3")) + turtle(harvester.get("/catalog"))
    downloads = set(catalog.subject_objects(DCAT.downloadURL))
    assert len(downloads) > PAGE_SIZE
    for distribution, address in downloads:
        if "RNCP" in str(address) and "RNCP99" not in str(address):
            continue  # one of the many is enough
        answer = harvester.get(str(address))
        assert answer.status_code == 200, address
        assert str(catalog.value(distribution, DCAT.mediaType)).endswith(answer.headers["content-type"].partition(";")[0])
    for predicate in set(ADDRESSES) - {DCAT.downloadURL, DCAT.accessURL, DCAT.landingPage}:
        for address in catalog.objects(None, predicate):
            assert harvester.get(str(address), headers={"Accept": "text/html"}).status_code == 200, address


def test_a_page_that_the_client_holds_is_not_sent_again(harvester: httpx.Client) -> None:
    answer = harvester.get("/catalog?page=2")
    again = harvester.get("/catalog?page=2", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert harvester.get("/catalog?page=3").headers["etag"] != answer.headers["etag"]
    assert harvester.head("/catalog?page=2").headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("page", "status"), [("4", 404), ("99999999999999999999", 404), ("0", 422), ("-1", 422), ("x", 422), ("", 422)]
)
def test_a_page_that_is_none_is_a_problem(harvester: httpx.Client, page: str, status: int) -> None:
    answer = harvester.get(f"/catalog?page={page}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()["messages"]) == {"fr", "en"}


def test_a_format_that_is_not_on_offer_is_a_problem(harvester: httpx.Client) -> None:
    assert harvester.get("/catalog", headers={"Accept": "image/png"}).status_code == 406
    assert harvester.get("/catalog.png").status_code in {404, 422}


@pytest.mark.parametrize(("language", "word"), [("fr", "Page suivante"), ("en", "Next page")])
def test_people_see_a_page_in_their_language(harvester: httpx.Client, language: str, word: str) -> None:
    answer = harvester.get("/catalog", headers={"Accept": "text/html"}, params={"page": 2, "lang": language})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    assert f"lang={language}&amp;page=3" in answer.text
    assert word in answer.text
    assert "/doc/certification/RNCP" in answer.text
    assert answer.text.count("<article>") == PAGE_SIZE


def test_the_well_known_address_gives_the_void_description(harvester: httpx.Client, store: Engine, parsed: Reader) -> None:
    graph = turtle(harvester.get("/.well-known/void"))
    address = str(harvester.base_url)
    assert graph.value(URIRef(f"{address}/.well-known/void"), FOAF.primaryTopic) == NAMES.whole
    assert graph.value(NAMES.whole, VOID.sparqlEndpoint) == URIRef(f"{address}/sparql")
    stored = store.graph(NAMES.catalog)
    assert graph.value(NAMES.whole, VOID.triples) == stored.value(NAMES.whole, VOID.triples)
    partitions = set(graph.objects(NAMES.whole, VOID.classPartition))
    assert partitions == set(stored.objects(NAMES.whole, VOID.classPartition))
    assert all((partition, VOID["class"], None) in graph for partition in partitions)
    for suffix in MACHINES:
        other = harvester.get("/.well-known/void", headers={"Accept": MEDIA_TYPES[suffix]})
        assert set(parsed(other)) == set(graph)


def test_the_well_known_address_leads_a_browser_to_a_page(harvester: httpx.Client) -> None:
    answer = harvester.get("/.well-known/void", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    page = harvester.get(answer.headers["location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "void:" not in page.text, "every term has a name for people"


def test_a_dataset_has_a_page_where_every_term_has_a_name(harvester: httpx.Client) -> None:
    for path in ("/doc/dataset/certification/RNCP1.html", "/doc/service/sparql.html", "/doc/catalog/publisher.html"):
        page = harvester.get(path)
        assert page.status_code == 200
        assert not [prefix for prefix in ("dcat:", "void:", "dct:", "foaf:") if f">{prefix}" in page.text]


def test_a_store_that_is_not_described_yet_says_so() -> None:
    store = open_store(None)
    with described(store, SETTINGS) as harvester:
        store.replace([(NAMES.catalog, empty_graph())])
        for path in ("/catalog", "/.well-known/void"):
            answer = harvester.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    store.close()


def test_only_addresses_move() -> None:
    public = replace(SETTINGS, public_url="https://ref.example/service")
    store = open_store(None)
    install(store, SETTINGS.base)
    describe(store, SETTINGS)
    moved = elsewhere(store, public)
    describe(store, public)
    written = store.graph(NAMES.catalog)
    for graph in (moved, written):
        graph.remove((None, DCAT.version, None))
    assert set(moved) == set(written)
    again = elsewhere(store, public)
    again.remove((None, DCAT.version, None))
    assert set(again) == set(written)
    store.close()


def elsewhere(store: Engine, settings: Settings) -> Graph:
    """The catalogue of a store at the addresses of the settings."""
    stored = store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{NAMES.catalog}> {{ ?s ?p ?o }} }}").serialize(ResultFormat.N_TRIPLES)
    return Graph().parse(data=relocated(stored, settings), format="nt")


@pytest.mark.parametrize("path", ["/doc/dataset/all", "/doc/service/sparql", "/doc/dataset/certification/RNCP1", "/doc/catalog"])
def test_a_document_gives_the_addresses_that_the_catalogue_gives(harvester: httpx.Client, path: str) -> None:
    graph = turtle(harvester.get(f"{path}.ttl"))
    addresses = [str(value) for predicate in ADDRESSES for value in graph.objects(None, predicate)]
    assert addresses
    assert [address for address in addresses if not address.startswith(str(harvester.base_url))] == []
    assert f'href="{SETTINGS.base.removesuffix("/id/")}/sparql' not in harvester.get(f"{path}.html").text


def test_the_page_leads_to_the_graphs_and_to_the_void_description(harvester: httpx.Client) -> None:
    page = harvester.get("/catalog.html?lang=en").text
    for path in ("/graphs?lang=en", "/.well-known/void?lang=en"):
        assert f'href="{path}"' in page
        assert harvester.get(path).status_code == 200
