"""Writing graphs by their names, as the Graph Store Protocol has it, through the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx
import pytest
from rdflib import Graph, URIRef

from referentiel.access import FILE, Tokens
from referentiel.store import Engine
from referentiel.vocabulary import ONTOLOGY, REF, SHAPES_GRAPH, SKOS
from web.writing import BASE, TURTLE, Serve, broken, small, writable

GRAPH = "http://graph.example/of/mine"
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.ttl"\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:p> 1 .\r\n'
    b'--x\r\nContent-Disposition: form-data; name="b"; filename="b.nt"\r\nContent-Type: application/n-triples\r\n\r\n'
    b"<urn:b> <urn:p> <urn:c> .\r\n--x--\r\n"
)
UPDATE = {"Content-Type": "application/sparql-update"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[httpx.Client, Engine]]:
    with writable(tmp_path_factory.mktemp("graphs") / "store", serve) as served:
        yield served


@pytest.fixture(scope="module")
def client(service: tuple[httpx.Client, Engine]) -> httpx.Client:
    return service[0]


@pytest.fixture(scope="module")
def store(service: tuple[httpx.Client, Engine]) -> Engine:
    return service[1]


def send(
    client: httpx.Client, method: str, query: str, body: bytes = b"<urn:a> <urn:p> 1 .", headers: Mapping[str, str] = TURTLE
) -> httpx.Response:
    return client.request(method, f"/graphs{query}", content=body, headers={**TURTLE, **headers})


def test_a_graph_is_made_replaced_completed_changed_and_removed(client: httpx.Client, store: Engine) -> None:
    name, query = URIRef(GRAPH), f"?graph={GRAPH}"
    made = send(client, "PUT", query)
    assert (made.status_code, made.headers["location"]) == (201, GRAPH)
    assert send(client, "PUT", query, b"<urn:b> <urn:p> 2 .").status_code == 200
    assert {str(subject) for subject in store.graph(name).subjects()} == {"urn:b"}
    assert send(client, "POST", query).status_code == 200
    assert {str(subject) for subject in store.graph(name).subjects()} == {"urn:a", "urn:b"}
    update = f"DELETE DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:p> 1 }} }}".encode()
    assert send(client, "PATCH", query, update, UPDATE).status_code == 200
    assert {str(subject) for subject in store.graph(name).subjects()} == {"urn:b"}
    read = client.get(f"/graphs{query}", headers={"Accept": "application/n-triples"})
    assert len(Graph().parse(data=read.content, format="nt")) >= 1
    assert send(client, "DELETE", query).status_code == 200
    assert name not in store.graph_names()
    for method in ("DELETE", "PATCH"):
        assert send(client, method, query, b"INSERT DATA { <urn:a> <urn:b> 1 }", UPDATE).status_code == 404
    assert send(client, "PUT", query).status_code == 201, "it is new again"


def test_relative_addresses_are_read_below_the_graph(client: httpx.Client, store: Engine) -> None:
    name = URIRef("http://graph.example/base/")
    assert send(client, "PUT", f"?graph={name}", b"<x> <urn:p> <> .").status_code == 201
    assert set(store.graph(name)) == {(URIRef(f"{name}x"), URIRef("urn:p"), name)}


@pytest.mark.parametrize("query", ["?graph=http://graph.example/multiple", "?default"])
def test_several_files_of_a_form_are_added_together(client: httpx.Client, store: Engine, query: str) -> None:
    answer = send(client, "POST", query, FORM, MULTIPART)
    assert answer.status_code in {200, 201}, answer.text
    name = URIRef(query.partition("=")[2]) if "=" in query else None
    assert len(store.statements(name)) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"--x\r\n", 400), (b"rubbish", 400), (FORM.replace(b"text/turtle", b"image/png"), 415), (b"--x--\r\n", 400)],
)
def test_a_form_that_cannot_be_read_is_refused(client: httpx.Client, body: bytes, status: int) -> None:
    answer = send(client, "POST", "?graph=urn:x:form", body, MULTIPART)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    bare = send(client, "POST", "?graph=urn:x:form", FORM, {"Content-Type": "multipart/form-data"})
    assert bare.status_code == 400


def test_a_post_without_a_name_makes_a_graph_and_tells_its_name(client: httpx.Client, store: Engine) -> None:
    answers = [send(client, "POST", "") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    names = {URIRef(answer.headers["location"]) for answer in answers}
    assert len(names) == 2
    assert names <= set(store.graph_names())
    assert all(name.startswith(f"{BASE}graph/") for name in names)


def test_a_name_that_is_not_ascii_is_told_as_a_header_can(client: httpx.Client, store: Engine) -> None:
    name = "http://graph.example/élève"
    answer = client.put("/graphs", params={"graph": name}, content=b"<urn:a> <urn:p> 1 .", headers=TURTLE)
    assert answer.status_code == 201
    assert answer.headers["location"] == "http://graph.example/%C3%A9l%C3%A8ve"
    assert URIRef(name) in store.graph_names()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_default_graph_is_added_to_but_not_replaced(client: httpx.Client, store: Engine, method: str) -> None:
    assert send(client, "POST", "?default", b"<urn:added> <urn:p> 1 .").status_code == 200
    before = len(store)
    answer = send(client, method, "?default", headers=UPDATE if method == "PATCH" else TURTLE)
    assert answer.status_code == 403
    assert "union" in answer.json()["detail"]
    assert len(store) == before


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "name", [ONTOLOGY, SHAPES_GRAPH, *(f"{BASE}{local}" for local in ("catalog", "provenance", "history", "certification/a/b"))]
)
def test_what_the_service_keeps_is_protected(client: httpx.Client, store: Engine, name: str, method: str) -> None:
    before = store.statements(URIRef(name))
    answer = send(client, method, f"?graph={name}")
    assert answer.status_code in {403, 404} if method == "DELETE" else answer.status_code == 403
    assert store.statements(URIRef(name)) == before


def test_the_graph_of_a_certification_passes_the_same_gate(client: httpx.Client, store: Engine) -> None:
    name = URIRef(f"{BASE}certification/GSP")
    query = f"?graph={name}"
    refused = send(client, "PUT", query, broken("GSP").encode())
    assert refused.status_code == 422
    assert {result["competency"] for result in refused.json()["results"]} >= {"C2"}
    assert send(client, "PUT", query, small("GSP").encode()).status_code == 201
    assert client.get("/certifications/GSP").status_code == 200
    assert send(client, "DELETE", query).status_code == 200
    assert client.get("/certifications/GSP").status_code == 410


def test_other_graphs_say_nothing_of_certifications_but_mappings(client: httpx.Client) -> None:
    subject = f"<{BASE}certification/GSP2/competency/C1>"
    typed = send(client, "PUT", "?graph=urn:x:aside", f"<urn:x> a <{REF.Competency}> .".encode())
    assert typed.status_code == 422
    label = send(client, "PUT", "?graph=urn:x:aside", f"{subject} {SKOS.prefLabel.n3()} 'x'@fr .".encode())
    assert label.status_code == 422
    mapping = f"{subject} {SKOS.closeMatch.n3()} <urn:esco:1> .".encode()
    assert send(client, "PUT", "?graph=urn:x:aside", mapping).status_code == 422, "nothing describes what is mapped"
    assert send(client, "PUT", f"?graph={BASE}certification/GSP2", small("GSP2").encode()).status_code == 201
    assert send(client, "PUT", "?graph=urn:x:aside", mapping).status_code == 201


def test_versions_guard_against_lost_updates(client: httpx.Client) -> None:
    query = "?graph=http://graph.example/tagged"
    tag = send(client, "PUT", query).json()["etag"]
    assert send(client, "PUT", query, b"<urn:b> <urn:p> 1 .", {"If-Match": tag}).status_code == 200
    stale = send(client, "PUT", query, b"<urn:c> <urn:p> 1 .", {"If-Match": tag})
    assert stale.status_code == 412
    assert send(client, "PUT", query, b"<urn:c> <urn:p> 1 .", {"If-Match": stale.headers["etag"]}).status_code == 200
    assert send(client, "PUT", query, headers={"If-None-Match": "*"}).status_code == 412


@pytest.mark.parametrize(
    "query", ["", "?graph=", "?graph=relative", "?graph=urn:a&graph=urn:b", "?default=x", "?graph=urn:a&default"]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_what_names_no_one_graph_is_a_problem(client: httpx.Client, method: str, query: str) -> None:
    assert send(client, method, query).status_code == 400


@pytest.mark.parametrize("name", ["http://[::1", "https://x.example/%zz", "a:b:%"])
def test_a_name_that_is_no_iri_is_a_problem(client: httpx.Client, store: Engine, name: str) -> None:
    before = store.graph_names()
    for method in ("PUT", "POST", "DELETE"):
        answer = client.request(method, "/graphs", params={"graph": name}, content=b"<urn:a> <urn:p> 1 .", headers=TURTLE)
        assert answer.status_code == 400
    assert store.graph_names() == before


def test_writing_graphs_needs_a_token_for_graphs(service: tuple[httpx.Client, Engine]) -> None:
    client, store = service
    assert store.folder is not None
    token = Tokens(store.folder / FILE).create("certifications", ("write", "withdraw"))
    for authorization, status in (({}, 401), ({"Authorization": f"Bearer {token}"}, 403)):
        with httpx.Client(base_url=client.base_url, headers=authorization) as other:
            for method in ("PUT", "POST", "PATCH", "DELETE"):
                assert send(other, method, "?graph=urn:x:token").status_code == status
            assert send(other, "POST", "").status_code == status
            assert send(other, "POST", "?default").status_code == status
