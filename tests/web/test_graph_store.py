"""Reading as the SPARQL 1.1 Graph Store HTTP Protocol has it; test_graph_writing.py has the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from html import unescape
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from rdflib import Graph, Literal, URIRef

from described import described
from referentiel.catalog import Names, describe
from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.store.deposit import provenance_name
from referentiel.vocabulary import DCAT, DCT, HYDRA, ONTOLOGY, RDF, RDFS, ROOT, SD, SHAPES_GRAPH, VOID, empty_graph
from referentiel.web import create_app
from referentiel.web.graph_store import PAGE_SIZE
from referentiel.web.service_description import NAMED_AT_MOST, description
from stores import install

Reader: TypeAlias = Callable[[httpx.Response], Graph]
Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]

SETTINGS = Settings()
NAMES = Names.of(SETTINGS)
CERTIFICATION = URIRef(f"{SETTINGS.base}certification/000_dc92d59401fb9067")
MEDIA_TYPES = ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"]
SHARED = [provenance_name(SETTINGS.base), NAMES.catalog]
GRAPHS = [CERTIFICATION, ONTOLOGY, SHAPES_GRAPH, URIRef(ROOT + "scheme/evidence-status"), *SHARED]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_store(tmp_path_factory.mktemp("graphs") / "store")
    install(engine, SETTINGS.base)
    describe(engine, SETTINGS)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def reader(store: Engine, serve: Serve) -> Iterator[httpx.Client]:
    with serve(create_app(store, SETTINGS)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_is_had_by_its_name(reader: httpx.Client, store: Engine, parsed: Reader, name: URIRef, media_type: str) -> None:
    answer = reader.get("/graphs", params={"graph": name}, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "query-limits" in answer.headers, "it is an answer of the endpoint"
    assert set(parsed(answer)) == set(store.graph(name))


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("name", SHARED)  # tests/web/test_documents.py has the others
def test_a_graph_is_had_at_its_name(reader: httpx.Client, store: Engine, parsed: Reader, name: URIRef, media_type: str) -> None:
    answer = reader.get(f"/{name.removeprefix(ROOT)}", headers={"Accept": media_type}, follow_redirects=True)
    assert [hop.status_code for hop in answer.history] == [303]
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert set(parsed(answer)) == set(store.graph(name))


@pytest.mark.parametrize("query", ["default", "default="])
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_the_default_graph_is_the_union(reader: httpx.Client, store: Engine, parsed: Reader, query: str, media_type: str) -> None:
    union = Graph()
    for name in store.graph_names():
        union += store.graph(name)
    answer = reader.get(f"/graphs?{query}", headers={"Accept": media_type})
    assert answer.status_code == 200
    assert len(parsed(answer)) == len(union) == len(store)


def test_a_head_says_what_a_get_would(reader: httpx.Client) -> None:
    address = f"/graphs?graph={CERTIFICATION}"
    got, asked = reader.get(address), reader.head(address)
    assert asked.content == b""
    assert {name: asked.headers[name] for name in ("content-type", "content-length", "etag")} == {
        name: got.headers[name] for name in ("content-type", "content-length", "etag")
    }
    assert reader.head("/graphs?graph=urn:none").status_code == 404


def test_a_graph_that_the_client_holds_is_not_sent_again(reader: httpx.Client) -> None:
    tag = reader.get(f"/graphs?graph={CERTIFICATION}").headers["etag"]
    assert reader.get(f"/graphs?graph={CERTIFICATION}", headers={"If-None-Match": tag}).status_code == 304
    assert reader.get(f"/graphs?graph={ONTOLOGY}", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("query", ["default", f"graph={CERTIFICATION}"])
def test_a_graph_is_compressed_for_who_wants_it(reader: httpx.Client, query: str, coding: str) -> None:
    plain = reader.get(f"/graphs?{query}", headers={"Accept-Encoding": "identity"})
    answer = reader.get(f"/graphs?{query}", headers={"Accept-Encoding": coding})
    assert answer.headers["content-encoding"] == coding
    assert sorted(answer.text.splitlines()) == sorted(plain.text.splitlines())
    assert answer.headers["etag"] != plain.headers["etag"]


def test_a_graph_larger_than_an_answer_may_be_is_a_problem(store: Engine, serve: Serve) -> None:
    whole, part = len(store) - len(store.graph(NAMES.catalog)), len(store.graph(CERTIFICATION))
    limited = replace(SETTINGS, limits=replace(SETTINGS.limits, rows=whole - 1))
    assert part < whole - 1
    with serve(create_app(store, limited)) as address:
        answer = httpx.get(f"{address}/graphs?default", timeout=30)
        assert answer.status_code == 413
        assert "REFERENTIEL_ANSWER_ROWS" in answer.json()["detail"]
        assert str(whole) in answer.json()["detail"]
        assert httpx.head(f"{address}/graphs?default", timeout=30).status_code == 413
        assert httpx.get(f"{address}/graphs?graph={CERTIFICATION}", timeout=30).status_code == 200
    with serve(create_app(store, replace(limited, limits=replace(limited.limits, rows=part - 1)))) as address:
        assert httpx.get(f"{address}/graphs?graph={CERTIFICATION}", timeout=30).status_code == 413


@pytest.mark.parametrize(
    ("accept", "token", "media_type"),
    [
        ("*/*", "nt", "application/n-triples"),
        ("text/html,*/*;q=0.8", "jsonld", "application/ld+json"),
        ("text/turtle", "rdf", "text/turtle"),
        ("*/*", "csv", "text/turtle"),
        ("text/html", "", "text/html"),
    ],
)
@pytest.mark.parametrize("query", ["default", f"graph={CERTIFICATION}"])
def test_the_format_is_negotiated_as_at_the_endpoint(
    reader: httpx.Client, query: str, accept: str, token: str, media_type: str
) -> None:
    answer = reader.get(f"/graphs?{query}&format={token}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_people_see_where_a_graph_can_be_downloaded(reader: httpx.Client, parsed: Reader, store: Engine) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = reader.get("/graphs", params={"graph": ONTOLOGY}, headers=browser)
    links = [unescape(link) for link in re.findall(r'href="(/graphs\?[^"]*format=[^"]*)"', page.text)]
    assert len(links) == 5, "the union in four formats, the graph in one"
    assert set(parsed(reader.get(links[-1], headers=browser))) == set(store.graph(ONTOLOGY))
    listed = reader.get("/graphs", headers=browser).text
    assert listed.count('href="/graphs?graph=') == len(store.graph_names())


@pytest.mark.parametrize("name", ["urn:none", f"{SETTINGS.base}certification/none", "http://[::1", "https://x.example/%"])
def test_a_graph_that_there_is_not_is_a_problem(reader: httpx.Client, name: str) -> None:
    answer = reader.get("/graphs", params={"graph": name})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "graph=",
        "graph=id/certification/x",
        "graph=/ns",
        "graph=https://x.example/a b",
        "graph=https://x.example/>",
        "graph=urn:a&graph=urn:a",
        "default&default",
        f"default&graph={ONTOLOGY}",
        "default=yes",
    ],
)
def test_what_names_no_one_graph_is_a_problem(reader: httpx.Client, query: str) -> None:
    answer = reader.get(f"/graphs?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0].partition("&")[0] in answer.json()["detail"]


def test_a_format_that_is_not_on_offer_is_a_problem(reader: httpx.Client) -> None:
    assert reader.get("/graphs?default", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written_without_a_token(reader: httpx.Client, store: Engine, method: str) -> None:
    before = len(store)
    turtle = {"Content-Type": "text/turtle"}
    answer = reader.request(method, f"/graphs?graph={CERTIFICATION}", content=b"<urn:a> <urn:b> <urn:c> .", headers=turtle)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    for query in ("", "?default"):
        assert reader.request(method, f"/graphs{query}", content=b"", headers=turtle).status_code in {400, 401, 403}
    assert len(store) == before
    assert {"GET", "PUT", "POST", "PATCH", "DELETE"} <= set(reader.options("/graphs").headers["allow"].split(", "))


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_without_a_name_the_graphs_are_listed(reader: httpx.Client, store: Engine, parsed: Reader, media_type: str) -> None:
    graph = parsed(reader.get("/graphs", headers={"Accept": media_type}))
    assert set(graph.objects(None, SD.name)) == set(store.graph_names())
    for named, name in graph.subject_objects(SD.name):
        assert int(str(graph.value(graph.value(named, SD.graph), VOID.triples))) == len(store.graph(URIRef(str(name))))


@pytest.mark.parametrize(("language", "word"), [("fr", "Graphes du magasin"), ("en", "Graphs of the store")])
def test_people_see_the_list_as_a_page(reader: httpx.Client, language: str, word: str) -> None:
    page = reader.get("/graphs", headers={"Accept": "text/html", "Accept-Language": language})
    assert page.headers["content-language"] == language
    assert word in page.text
    assert f"/doc/certification/{CERTIFICATION.rpartition('/')[2]}" in page.text


@pytest.fixture(scope="module")
def register() -> Iterator[Engine]:
    """A store of more certifications than the catalogue lists, each of which says little."""
    engine = open_store(None)
    install(engine, SETTINGS.base)
    triple = next(iter(engine.graph(CERTIFICATION)))
    names = [URIRef(f"{SETTINGS.base}certification/RNCP{number}") for number in range(NAMED_AT_MOST)]
    engine.replace([(name, empty_graph().add(triple)) for name in names])
    yield engine
    engine.close()


def test_graphs_beyond_a_page_are_listed_page_by_page(register: Engine) -> None:
    with described(register, SETTINGS) as client:
        held = set(register.graph_names())
        assert len(held) > PAGE_SIZE
        found: list[URIRef] = []
        following: str | None = "/graphs"
        while following:
            answer = client.get(following)
            graph = Graph().parse(data=answer.content, format="turtle")
            found += [URIRef(str(name)) for name in graph.objects(None, SD.name)]
            view = graph.value(None, RDF.type, HYDRA.PartialCollectionView)
            assert str(graph.value(view, HYDRA.totalItems)) == str(len(held))
            assert graph.value(graph.value(None, HYDRA.view, view), SD.defaultGraph)
            following = str(graph.value(view, HYDRA.next) or "")
            assert answer.links.get("next", {}).get("url", "") == following
        assert len(found) == len(held)
        assert set(found) == held
        assert client.get("/graphs?page=3").status_code == 404
        assert client.get("/graphs?page=0").status_code == 422


def test_people_see_every_graph_page_by_page(register: Engine) -> None:
    with described(register, SETTINGS) as client:
        first, last = (client.get(f"/graphs?lang=en&page={page}", headers={"Accept": "text/html"}).text for page in (1, 2))
        assert 'href="/graphs?lang=en&amp;page=2" rel="next"' in first
        assert 'rel="next"' not in last
        shown = first.count('<code class="iri">') + last.count('<code class="iri">')
        assert shown == len(register.graph_names())


def test_beyond_counting_the_texts_lead_to_the_list_of_graphs(register: Engine) -> None:
    with described(register, SETTINGS) as client:
        catalog = Graph().parse(data=client.get("/catalog").content, format="turtle")
        assert (NAMES.dataset(CERTIFICATION), None, None) not in catalog
        texts = catalog.objects(NAMES.catalog, DCT.description)
        (french,) = [str(text) for text in texts if isinstance(text, Literal) and text.language == "fr"]
        assert "un seul jeu de données" in french
        assert "/graphs" in french
        assert (NAMES.whole, DCAT.landingPage, URIRef(f"{client.base_url}/graphs")) in catalog
    told = description(register, SETTINGS)
    assert not [name for name in told.objects(None, SD.name) if NAMES.certifies(str(name))]
    assert (None, RDFS.seeAlso, NAMES.address("/graphs")) in told
