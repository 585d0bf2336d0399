"""Concepts of job-market vocabularies in the service: at an address of ours, whatever theirs is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from rdflib import Graph, URIRef

from referentiel.settings import Settings
from referentiel.store import Changes, GraphChange, open_store
from referentiel.vocabulary import DEFAULT_BASE, ESCO, RDF, SKOS
from referentiel.web import create_app
from stores import install
from vocabulary_files import OCCUPATION, ROME, SAMPLES, SKILL, said

COMPETENCY = f"{DEFAULT_BASE}certification/000_dc92d59401fb9067/competency/C1"
GRAPHS = {"vocabulary/esco": "esco", "vocabulary/rome": "rome", "mapping-set/esco-rome": "crosswalk"}


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[[FastAPI], AbstractContextManager[str]]
) -> Iterator[httpx.Client]:
    """A client of a service that also holds the samples, and a link of a competency to one of their skills."""
    store = open_store(tmp_path_factory.mktemp("foreign") / "store")
    install(store, Settings().base)
    changes = [
        GraphChange(URIRef(DEFAULT_BASE + name), added=said(SAMPLES / folder, version="9.99")) for name, folder in GRAPHS.items()
    ]
    link = f"<{COMPETENCY}> <{SKOS.closeMatch}> <{SKILL}s1> ."
    store.apply(Changes.of([*changes, GraphChange(URIRef(f"{DEFAULT_BASE}mapping-set/test"), added=frozenset([link]))]))
    with serve(create_app(store, Settings())) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client
    store.close()


def page(iri: str, suffix: str = "") -> str:
    return f"/doc{suffix}?iri={quote(iri, safe='')}"


def test_an_esco_concept_has_a_page(client: httpx.Client) -> None:
    answer = client.get(page(f"{SKILL}s1"), headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status_code == 200
    assert "réparer une bicyclette" in answer.text
    assert "dépanner un vélo" in answer.text
    assert "essentielle pour" in answer.text
    assert page(f"{OCCUPATION}o1") in answer.text  # what is described is reached here, not where its address leads
    assert f'href="{COMPETENCY.replace(DEFAULT_BASE, "/doc/")}"' in answer.text  # who is linked to it


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf", "nt"])
def test_it_can_be_had_in_every_format(client: httpx.Client, suffix: str) -> None:
    answer = client.get(page(f"{SKILL}s1", f".{suffix}"))
    assert answer.status_code == 200
    assert answer.headers["content-location"] == page(f"{SKILL}s1", f".{suffix}")
    assert page(f"{SKILL}s1", ".html") in answer.headers["link"]
    if suffix != "jsonld":
        graph = Graph().parse(data=answer.content, format={"rdf": "xml"}.get(suffix, suffix))
        assert (URIRef(f"{SKILL}s1"), RDF.type, ESCO.Skill) in graph
        assert set(graph.subjects()) == {URIRef(f"{SKILL}s1")}


def test_the_format_is_negotiated(client: httpx.Client) -> None:
    answer = client.get(page(f"{SKILL}s1"), headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "Accept" in answer.headers["vary"]
    assert client.get(page(f"{SKILL}s1"), headers={"Accept": "image/png"}).status_code == 406


def test_what_is_ours_is_led_to_its_own_document(client: httpx.Client) -> None:
    answer = client.get(page(f"{ROME}/fiche/Z1101", ".ttl"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/vocabulary/rome/fiche/Z1101.ttl")


@pytest.mark.parametrize(
    "path",
    [
        "/doc",
        "/doc?iri=",
        page("http://example.org/nothing"),
        page("s1"),
        page("http://a b"),
        page("http://["),
        page("x:" + "y" * 3000),
        page(f"{SKILL}s1", ".exe"),
    ],
)
def test_what_is_not_described_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_rome_concept_has_a_page_below_our_base(client: httpx.Client) -> None:
    answer = client.get("/doc/vocabulary/rome/appellation/900002.html?lang=fr")
    assert "Réparateur / Réparatrice de cycles en atelier itinérant" in answer.text
    assert 'href="/doc/vocabulary/rome/fiche/Z1101?lang=fr"' in answer.text
    assert page(f"{OCCUPATION}o1") in answer.text  # the crosswalk
    graph = Graph().parse(data=client.get("/doc/vocabulary/rome/fiche/Z1101.nt").content, format="nt")
    assert set(graph.subjects()) == {URIRef(f"{ROME}/fiche/Z1101")}


def test_the_page_of_a_vocabulary_describes_the_vocabulary(client: httpx.Client) -> None:
    graph = Graph().parse(data=client.get("/doc/vocabulary/esco.nt").content, format="nt")
    assert set(graph.subjects()) == {URIRef(f"{DEFAULT_BASE}vocabulary/esco")}
    assert "Commission européenne" in client.get("/doc/vocabulary/esco.html?lang=fr").text


def test_a_competency_shows_what_it_is_linked_to_by_name(client: httpx.Client) -> None:
    answer = client.get(f"{COMPETENCY.replace(DEFAULT_BASE, '/doc/')}.html?lang=fr")
    assert "réparer une bicyclette" in answer.text
    assert page(f"{SKILL}s1").replace("&", "&amp;") in answer.text


def test_concepts_are_found_by_their_words(client: httpx.Client) -> None:
    query = f"""PREFIX text: <http://jena.apache.org/text#>
        SELECT ?concept {{ ?concept text:query (<{SKOS.prefLabel}> "derailleur" 5) }}"""
    rows = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()
    assert rows == ["concept", f"{SKILL}s3"]
