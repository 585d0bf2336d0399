"""SPARQL updates by HTTP: through the gate or not at all, and what is refused says why."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import httpx
import pytest
from rdflib import Literal, URIRef

from referentiel.access import FILE, Tokens
from referentiel.gate.names import Space
from referentiel.settings import Settings, Writing
from referentiel.store import Engine
from referentiel.vocabulary import ONTOLOGY, SKOS
from web.writing import BASE, TURTLE, Serve, small, writable

DIRECT = {"Content-Type": "application/sparql-update"}
PREFIX = f"PREFIX skos: <{SKOS}> PREFIX c: <{BASE}certification/> PREFIX x: <http://x.example/>\n"
OTHER = URIRef("http://x.example/graph")
_numbers = count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[httpx.Client, Engine]]:
    settings = replace(Settings(), writing=Writing(seconds=3, changes=1000))
    with writable(tmp_path_factory.mktemp("updates") / "store", serve, settings) as served:
        yield served


@pytest.fixture(scope="module")
def client(service: tuple[httpx.Client, Engine]) -> httpx.Client:
    return service[0]


@pytest.fixture(scope="module")
def store(service: tuple[httpx.Client, Engine]) -> Engine:
    return service[1]


@pytest.fixture
def held(client: httpx.Client) -> URIRef:
    """A certification that was just put in."""
    code = f"U{next(_numbers)}"
    assert client.put(f"/certifications/{code}", content=small(code), headers=TURTLE).status_code == 201
    return URIRef(f"{BASE}certification/{code}")


def update(client: httpx.Client, text: str, **params: str) -> httpx.Response:
    return client.post("/sparql", content=PREFIX + text, headers=DIRECT, params=params)


def test_an_update_changes_a_certification_where_its_triples_are(client: httpx.Client, store: Engine, held: URIRef) -> None:
    where = f"?c skos:prefLabel ?old FILTER(?c = <{held}>)"
    text = f'DELETE {{ ?c skos:prefLabel ?old }} INSERT {{ ?c skos:prefLabel "Neuf"@fr }} WHERE {{ {where} }}'
    answer = update(client, text, why="Nouveau titre")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["added"], told["removed"]) == (1, 1)
    assert [graph["name"] for graph in told["graphs"]] == [str(held)]
    assert told["revision"]["kind"] == "update"
    assert told["revision"]["why"] == "Nouveau titre"
    assert told["report"]["conforms"] is True
    assert list(store.graph(held).objects(held, SKOS.prefLabel)) == [Literal("Neuf", "fr")]

    again = update(client, text)
    assert again.status_code == 200
    assert again.json()["revision"] is None, "there was nothing to change"


def test_an_update_in_a_form_with_its_dataset(client: httpx.Client, store: Engine) -> None:
    assert update(
        client, "INSERT DATA { GRAPH x:a { x:s x:in x:a } GRAPH x:b { x:s x:in x:b } GRAPH x:c { x:s x:in x:c } }"
    ).is_success
    text = "INSERT { GRAPH x:graph { ?s ?a ?b } } WHERE { ?s x:in ?a GRAPH ?g { ?s x:in ?b } }"
    dataset = {"using-graph-uri": "http://x.example/a", "using-named-graph-uri": ["http://x.example/b"]}
    answer = client.post("/sparql", data={"update": PREFIX + text, **dataset})
    assert answer.status_code == 200, answer.text
    made = (URIRef("http://x.example/s"), URIRef("http://x.example/a"), URIRef("http://x.example/b"))
    assert set(store.graph(OTHER)) == {made}
    named = client.post("/sparql", content=PREFIX + text, headers=DIRECT, params={"using-graph-uri": "http://x.example/b"})
    assert named.json()["revision"] is None, "no graph is named"
    assert update(client, "DROP GRAPH x:graph").is_success
    assert OTHER not in store.graph_names()


def test_what_breaks_a_rule_is_refused_and_nothing_is_written(client: httpx.Client, store: Engine, held: URIRef) -> None:
    before = store.statements(held)
    answer = update(client, f"DELETE WHERE {{ <{held}/competency/C2> ?p ?o }} ; INSERT DATA {{ GRAPH x:graph {{ x:s x:p x:o }} }}")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problems/rules-broken")
    assert {result["certification"] for result in answer.json()["results"]} == {held.rpartition("/")[2]}
    assert store.statements(held) == before
    assert OTHER not in store.graph_names()


def test_minimal_answer(client: httpx.Client) -> None:
    answer = client.post("/sparql", content="INSERT DATA {}", headers={**DIRECT, "Prefer": "return=minimal"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_repeated_update_is_done_once(client: httpx.Client) -> None:
    headers = {**DIRECT, "Idempotency-Key": "once"}
    text = "INSERT { GRAPH <http://x.example/once> { <http://x.example/s> <http://x.example/p> ?u } } WHERE { BIND(UUID() AS ?u) }"
    first, second = (client.post("/sparql", content=text, headers=headers).json() for _ in range(2))
    assert second["revision"] == first["revision"]
    assert second["replayed"] is True


def test_all_leaves_what_the_service_keeps(client: httpx.Client, store: Engine, held: URIRef) -> None:
    assert update(client, "INSERT DATA { GRAPH x:graph { x:s x:p x:o } }").status_code == 200
    space = Space(BASE)
    kept = {name for name in store.graph_names() if space.protects(name) or space.code(name)}
    narrow = Tokens(store.folder / FILE).create("étroit", ("graphs",)) if store.folder else ""
    refused = client.post("/sparql", content="CLEAR ALL", headers={**DIRECT, "Authorization": f"Bearer {narrow}"})
    assert refused.status_code == 403
    assert OTHER in store.graph_names()
    assert update(client, "CLEAR ALL").status_code == 200
    assert set(store.graph_names()) == kept
    assert len(store.statements(held)) < 10, "the certification is withdrawn, its notice stays"


REFUSED = {
    f"INSERT DATA {{ GRAPH <{ONTOLOGY}> {{ x:s x:p x:o }} }}": (403, "protected-graph"),
    "LOAD <http://127.0.0.1:9/>": (403, "service-refused"),
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": (403, "service-refused"),
    "INSERT DATA { x:s x:p [] }": (422, "unfit-data"),
    "INSERT DATA { c:X x:p x:o }": (422, "unfit-data"),
    "DROP GRAPH x:absent": (409, "conflict"),
    "INSERT DATA { x:s x:p }": (400, "bad-update"),
    "INSERT DATA { x:s y:p x:o }": (400, "bad-update"),
    "SELECT * { ?s ?p ?o }": (400, "bad-update"),
    "INSERT { x:s ?p ?o } WHERE { ?s ?p ?x . ?y ?z ?o }": (422, "validation-limit"),
    "INSERT { x:s x:p ?n } WHERE { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } }": (422, "validation-limit"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(client: httpx.Client, store: Engine, text: str) -> None:
    before = {name: store.statements(name) for name in (None, OTHER)}
    answer = update(client, text)
    status, slug = REFUSED[text]
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].endswith(f"/problems/{slug}")
    assert answer.headers["content-type"] == "application/problem+json"
    messages = answer.json()["messages"]
    assert messages["fr"]["detail"] != messages["en"]["detail"]
    assert {name: store.statements(name) for name in (None, OTHER)} == before


def test_a_fault_is_told_in_words_with_its_place(client: httpx.Client) -> None:
    details = update(client, "INSERT DATA {\n x:s y:p x:o }").json()["messages"]
    assert details["fr"]["detail"].startswith("ligne 3, colonne 6 : le préfixe « y: » n'est pas déclaré")
    assert details["en"]["detail"].startswith("line 3, column 6: the prefix “y:” is not declared")


@pytest.mark.parametrize(
    ("params", "form", "status"),
    [
        ({"using-graph-uri": "not an iri"}, {"update": "INSERT DATA {}"}, 400),
        ({"using-graph-uri": "x:g"}, {"update": "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"}, 400),
        ({}, {"update": ["INSERT DATA {}", "INSERT DATA {}"]}, 400),
        ({}, {"update": "INSERT DATA {}", "query": "ASK {}"}, 400),
    ],
)
def test_what_the_protocol_refuses(client: httpx.Client, params: dict[str, str], form: dict[str, str], status: int) -> None:
    assert client.post("/sparql", params=params, data=form).status_code == status


def test_updates_need_a_token_that_allows_them(client: httpx.Client, store: Engine, held: URIRef) -> None:
    assert store.folder is not None
    text = f"INSERT DATA {{ <{held}> skos:altLabel 'Autre'@fr }}"
    for headers in (DIRECT, {"Content-Type": "application/x-www-form-urlencoded"}):
        body = PREFIX + text if headers is DIRECT else f"update={text}"
        refused = httpx.post(f"{client.base_url}/sparql", content=body, headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
    narrow = Tokens(store.folder / FILE).create("étroit", ("write",), ("AUTRE",))
    refused = client.post("/sparql", content=PREFIX + text, headers={**DIRECT, "Authorization": f"Bearer {narrow}"})
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/problems/not-allowed")
    wide = Tokens(store.folder / FILE).create("large", ("write",), (held.rpartition("/")[2],))
    allowed = client.post("/sparql", content=PREFIX + text, headers={**DIRECT, "Authorization": f"Bearer {wide}"})
    assert allowed.status_code == 200, allowed.text


def test_nobody_is_called(client: httpx.Client) -> None:
    """Neither LOAD nor SERVICE opens a connection, however they are written."""
    called: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: called.append(listener.accept()), daemon=True).start()
        there = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        for text in (
            f"LOAD {there}",
            f"INSERT DATA {{}} ; LOAD SILENT {there}",
            f"INSERT DATA {{ x:s x:p '}}' }} ; LOAD {there} ; INSERT DATA {{ x:s x:p '{{' }}",
            f"INSERT DATA {{ x:s x:p 1 }} LOAD {there}",
            f"INSERT DATA {{ x:s x:p 1 \n#}}\n }} ; # {{ \n LOAD {there}",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ FILTER(?a<'>' && ?b>'}}') SERVICE SILENT {there} {{ ?s ?p ?o }} }}",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ FILTER EXISTS {{ SERVICE {there} {{ ?s ?p ?o }} }} }}",
        ):
            assert 400 <= update(client, text).status_code < 500, text
        a_text = f"DELETE {{ x:s x:p '{{ }} WHERE {{ SERVICE {there} {{ ?s ?p ?o }} }} ; LOAD {there} ; #' }} WHERE {{ ?s ?p ?o }}"
        assert update(client, a_text).status_code == 200
        assert not called
