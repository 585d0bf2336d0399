"""Reading as the SPARQL 1.1 Graph Store HTTP Protocol has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import httpx
import pytest
from rdflib import Graph, URIRef

from described import described
from referentiel.catalog import Names
from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.store.deposit import install, provenance_name
from referentiel.vocabulary import ONTOLOGY, ROOT, SD, SHAPES_GRAPH, VOID, empty_graph
from referentiel.web.service_description import NAMED_AT_MOST

Reader: TypeAlias = Callable[[httpx.Response], Graph]

SETTINGS = Settings()
NAMES = Names.of(SETTINGS)
CERTIFICATION = URIRef(f"{SETTINGS.base}certification/000_dc92d59401fb9067")
MEDIA_TYPES = ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"]
SHARED = [provenance_name(SETTINGS.base), NAMES.catalog]
GRAPHS = [CERTIFICATION, ONTOLOGY, SHAPES_GRAPH, URIRef(ROOT + "scheme/evidence-status"), *SHARED]


@pytest.fixture(scope="module")
def store() -> Iterator[Engine]:
    engine = open_store(None)
    install(engine, SETTINGS.base)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def reader(store: Engine) -> Iterator[httpx.Client]:
    with described(store, SETTINGS) as client:
        yield client


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_is_had_by_its_name(reader: httpx.Client, store: Engine, parsed: Reader, name: URIRef, media_type: str) -> None:
    answer = reader.get("/graphs", params={"graph": name}, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept"
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
@pytest.mark.parametrize("query", ["", "?default", f"?graph={CERTIFICATION}"])
def test_nothing_is_written(reader: httpx.Client, store: Engine, method: str, query: str) -> None:
    before = len(store)
    answer = reader.request(
        method, f"/graphs{query}", content=b"<urn:a> <urn:b> <urn:c> .", headers={"Content-Type": "text/turtle"}
    )
    assert answer.status_code in {403, 405}
    assert answer.headers["content-type"] == "application/problem+json"
    assert "PUT" not in answer.headers["allow"]
    assert "GET" in answer.headers["allow"]
    assert len(store) == before


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


def test_certifications_beyond_counting_are_left_to_the_catalogue() -> None:
    store = open_store(None)
    install(store, SETTINGS.base)
    shared = {name for name in store.graph_names() if name != CERTIFICATION}
    triple = next(iter(store.graph(CERTIFICATION)))
    names = [URIRef(f"{SETTINGS.base}certification/RNCP{number}") for number in range(NAMED_AT_MOST)]
    store.replace([(name, empty_graph().add(triple)) for name in names])
    with described(store, SETTINGS) as client:
        graph = Graph().parse(data=client.get("/graphs").content, format="turtle")
        assert set(graph.objects(None, SD.name)) == shared | {NAMES.catalog}
        page = client.get("/graphs", headers={"Accept": "text/html"}).text
        assert 'href="/catalog"' in page
    store.close()
