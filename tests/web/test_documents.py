from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from referentiel.catalog import ADDRESSES
from referentiel.graph import to_turtle
from referentiel.store import Engine
from referentiel.vocabulary import DEFAULT_BASE, ONTOLOGY, REF, ROOT, SHAPES_GRAPH

Reader: TypeAlias = Callable[[httpx.Response], Graph]

CERTIFICATION = "/doc/certification/000_dc92d59401fb9067"
IRI = URIRef(DEFAULT_BASE + "certification/000_dc92d59401fb9067")
SUFFIXES = ["ttl", "jsonld", "rdf", "nt"]
MEDIA_TYPES = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
    "html": "text/html; charset=utf-8",
}
DOCUMENTS = {
    "ns": ONTOLOGY,
    "shapes": SHAPES_GRAPH,
    "scheme/assessment-mode": URIRef(ROOT + "scheme/assessment-mode"),
    "alignment/esco": URIRef(ROOT + "alignment/esco"),
}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_certification_is_its_whole_graph_in_every_format(
    client: httpx.Client, parsed: Reader, engine: Engine, suffix: str
) -> None:
    answer = client.get(f"{CERTIFICATION}.{suffix}")
    assert answer.headers["content-type"] == MEDIA_TYPES[suffix]
    assert isomorphic(parsed(answer), engine.graph(IRI))


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_document_of_terms_is_its_whole_graph_in_every_format(
    client: httpx.Client, parsed: Reader, engine: Engine, path: str, suffix: str
) -> None:
    answer = client.get(f"/{path}.{suffix}")
    assert isomorphic(parsed(answer), engine.graph(DOCUMENTS[path]))


def test_turtle_is_the_one_byte_form(client: httpx.Client, engine: Engine) -> None:
    assert client.get(f"{CERTIFICATION}.ttl").content == to_turtle(engine.graph(IRI))


def test_a_competency_is_what_lies_below_it(client: httpx.Client, engine: Engine) -> None:
    graph = Graph().parse(data=client.get(f"{CERTIFICATION}/competency/C1.ttl").content, format="turtle")
    iri = f"{IRI}/competency/C1"
    below = {triple for triple in engine.graph(IRI) if f"{triple[0]}/".startswith(f"{iri}/")}
    decided = engine.graph(URIRef(IRI.replace("/certification/", "/mapping-set/")))
    links = {triple for triple in decided if str(triple[0]) == iri}
    assert links
    assert set(graph) == below | links
    assert not any("competency/C10" in str(subject) for subject in graph.subjects())


def test_a_source_comes_with_its_provenance(client: httpx.Client) -> None:
    graph = Graph().parse(data=client.get(f"{CERTIFICATION}/source.ttl").content, format="turtle")
    assert {REF.fileName, REF.sha256} <= set(graph.predicates())


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("*/*", "ttl"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml;q=0.5, application/ld+json;q=0.9", "jsonld"),
        ("text/html;q=0.1, text/*;q=0.5", "ttl"),
    ],
)
@pytest.mark.parametrize("path", [f"{CERTIFICATION}/competency/C5", "/ns"])
def test_content_negotiation(client: httpx.Client, path: str, accept: str, suffix: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPES[suffix]
    assert answer.headers["content-location"] == f"{path}.{suffix}"
    assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert answer.content == client.get(f"{path}.{suffix}").content


def test_nothing_on_offer_fits(client: httpx.Client) -> None:
    assert client.get(CERTIFICATION, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{CERTIFICATION}.ttl", headers={"Accept": "image/png"}).status_code == 200


def test_a_code_with_a_dot_is_no_suffix(client: httpx.Client) -> None:
    path = f"{CERTIFICATION}/competency/C5/criterion/CE5.2"
    assert client.get(path).status_code == 200
    assert client.get(f"{path}.ttl").content == client.get(path).content


def test_see_other_from_the_thing_to_its_document(client: httpx.Client) -> None:
    answer = client.get("/id/certification/000_dc92d59401fb9067", headers={"Host": "evil.example"})
    assert answer.status_code == 303
    assert answer.headers["location"] == CERTIFICATION
    assert answer.headers["vary"] == "Accept"
    assert 'rel="describedby"' in answer.headers["link"]


def test_links_lead_to_every_other_format(client: httpx.Client) -> None:
    answer = client.get(f"{CERTIFICATION}.ttl")
    links = dict(re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"]))
    assert {path for path, relation in links.items() if relation == "alternate"} == {
        f"{CERTIFICATION}.{suffix}" for suffix in MEDIA_TYPES if suffix != "ttl"
    }
    assert links[CERTIFICATION] == "canonical"
    assert links[str(IRI)] == "describes"


@pytest.mark.parametrize("path", [CERTIFICATION, f"{CERTIFICATION}.html", "/ns.jsonld", "/", "/context.jsonld", "/docs"])
def test_an_unchanged_document_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": held})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
        assert again.headers.get("vary") == first.headers.get("vary")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", [f"{CERTIFICATION}.ttl", f"{CERTIFICATION}.html", "/ns", "/catalog", "/graphs", "/"])
def test_a_document_is_compressed_for_who_wants_it(client: httpx.Client, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    tags = {plain.headers["etag"]}
    for coding in ("gzip", "zstd"):
        answer = client.get(path, headers={"Accept-Encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert int(answer.headers["content-length"]) < len(plain.content)
        assert answer.content == plain.content
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.headers["vary"] == plain.headers["vary"]
        head = client.head(path, headers={"Accept-Encoding": coding})
        assert (head.headers["etag"], head.headers["content-length"]) == (answer.headers["etag"], answer.headers["content-length"])
        tags.add(answer.headers["etag"])
        held = {"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]}
        again = client.get(path, headers=held)
        assert (again.status_code, again.headers["etag"], again.headers["vary"]) == (
            304,
            held["If-None-Match"],
            plain.headers["vary"],
        )
        assert client.get(path, headers={**held, "Accept-Encoding": "identity"}).status_code == 200
    assert len(tags) == 3


def test_a_short_document_is_not_compressed(client: httpx.Client) -> None:
    answer = client.get("/doc/catalog/publisher.nt", headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 1024
    assert "content-encoding" not in answer.headers


def test_only_the_current_version_of_the_ontology_is_held(client: httpx.Client) -> None:
    assert client.get("/ns/1.0.0.ttl").content == client.get("/ns.ttl").content
    assert client.get("/ns/0.9.0").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/doc/../x", "/doc/%2e%2e/x", "/doc/", "/doc", "/id/", "/doc/a b", "/doc/%22%3E%3C", "/doc/%7B%7D%7C%5E%60%5C", "/doc/%00",
        "/doc/%FF", "/doc/é", "/doc/%C3%A9", "/doc/%E2%80%AE", "/doc/%EF%BF%BE", "/doc/%F0%9F%98%80", "/doc/" + "x" * 20_000,
        "/doc/.ttl", "/doc/certification", "/doc/certification/", CERTIFICATION + "/", "/id/%3C%3E", "/ns.exe",
        "/ns/", "/shapes.", "/scheme/", "/scheme/none", "/scheme/%22", "/alignment/a%2Fb", "/doc/x%3E%7D%20DROP%20ALL", "/static/",
        "/static/../app.py", "/static/%2e%2e/app.py", "/doc/%ED%A0%80", "/doc/:%25", "/doc/[", "/doc/%5B",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_odd_addresses_describe_nothing(client: httpx.Client, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404, answer.text


def our_iris(engine: Engine) -> Iterator[str]:
    """Every IRI of ours in the store, whatever place it has in its triple, but the addresses that the catalogue offers.

    Nor the concepts of a vocabulary that the store does not hold, to which links may lead nevertheless.
    """
    offered = ", ".join(predicate.n3() for predicate in ADDRESSES)
    named = f"{{ ?s ?p ?x FILTER(?p NOT IN ({offered})) }}"
    query = (
        f"SELECT DISTINCT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?x ?o }} UNION {named} UNION {{ GRAPH ?x {{ ?s ?p ?o }} }}"
        f' FILTER(isIRI(?x) && STRSTARTS(STR(?x), "{ROOT}")) }}'
    )
    for (iri,) in engine.query(query).rows():
        assert iri is not None
        if not iri.startswith(f"{DEFAULT_BASE}vocabulary/"):
            yield iri


def test_every_iri_of_the_store_dereferences(client: httpx.Client, parsed: Reader, engine: Engine) -> None:
    """A thing leads to a document that describes it; a term stands in the document that its IRI names."""
    iris = sorted(our_iris(engine))
    graphs = set(map(str, engine.graph_names()))
    documents = {path: parsed(client.get(path, headers={"Accept": "text/turtle"})) for path in paths(iris)}

    def fault(iri: str) -> str | None:
        if not iri.startswith(DEFAULT_BASE):
            document = documents["/" + iri.removeprefix(ROOT).partition("#")[0]]
            described = (URIRef(iri), None, None) in document or iri == f"{ONTOLOGY}/1.0.0"
        else:
            answer = client.get("/id/" + iri.removeprefix(DEFAULT_BASE))
            if answer.status_code != 303:
                return f"{iri}: {answer.status_code}"
            answer = client.get(answer.headers["location"], headers={"Accept": "application/n-triples"})
            # The document of a version is what was held then, which speaks of the certification.
            held = f"<{iri}> <" in answer.text or iri in graphs or "memento-datetime" in answer.headers
            described = answer.status_code == 200 and held
        return None if described else f"{iri}: not described"

    assert len(iris) > 400
    with ThreadPoolExecutor(8) as pool:
        assert [found for found in pool.map(fault, iris) if found] == []


def paths(iris: list[str]) -> set[str]:
    """The documents that terms stand in."""
    return {"/" + iri.removeprefix(ROOT).partition("#")[0] for iri in iris if not iri.startswith(DEFAULT_BASE)}


def test_another_base_moves_the_resources_and_not_the_terms(moved: httpx.Client) -> None:
    answer = moved.get("/id/certification/000_dc92d59401fb9067")
    assert answer.headers["location"] == "/graphe" + CERTIFICATION
    graph = Graph().parse(data=moved.get(f"{CERTIFICATION}.ttl").content, format="turtle")
    assert (URIRef("https://certif.example/graphe/id/certification/000_dc92d59401fb9067"), None, None) in graph
    assert not any(str(subject).startswith(DEFAULT_BASE) for subject in graph.subjects())
    assert moved.get(f"{CERTIFICATION}.jsonld").json()["@context"] == "https://certif.example/graphe/context.jsonld"
    assert moved.get("/ns.ttl").status_code == 200
    page = moved.get(CERTIFICATION, headers={"Accept": "text/html"}).text
    assert f'href="/graphe{CERTIFICATION}/competency/C9"' in page
    assert not re.search(r'(?:href|src|action)="/(?!graphe/)', page)
    assert moved.get("/nowhere").json()["type"] == "https://certif.example/graphe/problems/not-found"


@pytest.mark.parametrize(
    "path", ["/", CERTIFICATION, "/sparql", "/docs", "/openapi.json", "/nowhere", "/id/certification/000_dc92d59401fb9067"]
)
def test_the_host_header_is_never_believed(client: httpx.Client, path: str) -> None:
    for accept in ("text/html", "*/*"):
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "Accept": accept}
        answer = client.get(path, headers=headers)
        assert "evil.example" not in answer.text + str(answer.headers)
