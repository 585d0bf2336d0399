"""Answers given again, and answers that must not be: validators, codings, sharing, and what a write changes."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import httpx
import pytest
import zstandard
from fastapi import FastAPI
from rdflib import Graph, Literal, URIRef

from endpoint import metric, until
from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.vocabulary import RDFS, REF, SKOS
from referentiel.web import create_app
from stores import install

SELECT = f"SELECT ?c ?l {{ ?c a <{REF.Competency}> ; <{SKOS.prefLabel}> ?l }} ORDER BY ?c"
NAMES = [URIRef(f"http://graph.example/{number}") for number in range(2)]


@pytest.fixture(scope="module")
def own(serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[tuple[Engine, httpx.Client]]:
    """A store that is written to, and a client of its service."""
    store = open_store(None)
    install(store, Settings().base)
    with serve(create_app(store, Settings())) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield store, client
    store.close()


def ask(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_the_same_question_has_the_same_tag_and_is_not_sent_twice(client: httpx.Client) -> None:
    first = ask(client, SELECT)
    assert first.headers["cache-control"] == "no-cache"
    assert ask(client, SELECT).headers["etag"] == first.headers["etag"]
    held = ask(client, SELECT, **{"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert held.headers["etag"] == first.headers["etag"]
    assert held.headers["vary"] == first.headers["vary"]
    fresh = ask(client, SELECT + " ", **{"If-None-Match": first.headers["etag"]})
    assert fresh.status_code == 200


def test_formats_and_codings_have_tags_of_their_own(client: httpx.Client) -> None:
    wishes = [(accept, coding) for accept in ("text/csv", "*/*") for coding in ("gzip", "zstd", "identity")]
    answers = [ask(client, SELECT, Accept=accept, **{"Accept-Encoding": coding}) for accept, coding in wishes]
    assert len({answer.headers["etag"] for answer in answers}) == 6


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_every_method_gets_the_same_headers(client: httpx.Client, method: str) -> None:
    expected = ask(client, SELECT)
    place = {"data" if method == "POST" else "params": {"query": SELECT}}
    answer = client.request(method, "/sparql", **place)  # type: ignore[arg-type]
    volatile = {"date", "x-request-id"}
    assert {item for item in answer.headers.items() if item[0] not in volatile} == {
        item for item in expected.headers.items() if item[0] not in volatile
    }
    assert answer.content == (b"" if method == "HEAD" else expected.content)


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "STRUUID()", "uuid ()", "NOW#\n()"])
def test_what_changes_by_itself_is_not_kept(client: httpx.Client, function: str) -> None:
    query = f"SELECT ({function} AS ?n) {{}}"
    first, second = ask(client, query), ask(client, query)
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert first.content != second.content


def decoded(body: bytes, coding: str | None) -> bytes:
    """What a content coding stands for."""
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return gzip.decompress(body) if coding == "gzip" else body


CODINGS = {"gzip": "gzip", "zstd": "zstd", "gzip, zstd;q=0.5": "gzip", "br": None, "": None, "*": "gzip", "gzip;q=0": None}


@pytest.mark.parametrize(("accepted", "coding"), CODINGS.items())
def test_content_codings(client: httpx.Client, accepted: str, coding: str | None) -> None:
    plain = ask(client, SELECT, **{"Accept-Encoding": "identity"}).content
    for _ in range(2):
        with client.stream("GET", "/sparql", params={"query": SELECT}, headers={"Accept-Encoding": accepted}) as answer:
            body = b"".join(answer.iter_raw())
            assert answer.headers.get("content-encoding") == coding
        assert decoded(body, coding) == plain
        assert coding is None or len(body) < len(plain) / 2


def test_a_short_answer_is_not_compressed(client: httpx.Client) -> None:
    assert "content-encoding" not in ask(client, "ASK {}", **{"Accept-Encoding": "gzip"}).headers


def test_simultaneous_identical_questions_share_one_answer(own: tuple[Engine, httpx.Client]) -> None:
    _, client = own
    address = str(client.base_url).rstrip("/")
    before = {name: metric(address, f'referentiel_questions_total{{outcome="{name}"}}') for name in ("answered", "coalesced")}
    query = "SELECT (COUNT(*) AS ?n) { ?a a ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) > 5 && STRLEN(STR(?d)) < 90) }"

    def wait(_: int) -> httpx.Response:
        return httpx.get(f"{address}/sparql", params={"query": query}, timeout=60)

    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(wait, 0)
        until(lambda: metric(address, 'referentiel_workers{lane="general",state="busy"}') == 1)
        answers = [*threads.map(wait, range(5)), first.result()]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert metric(address, 'referentiel_questions_total{outcome="coalesced"}') == before["coalesced"] + 5
    assert metric(address, 'referentiel_questions_total{outcome="answered"}') == before["answered"] + 1


def test_a_write_is_seen_soon_and_empties_the_cache(own: tuple[Engine, httpx.Client]) -> None:
    store, client = own
    query = f"SELECT ?l {{ <{NAMES[0]}> <{RDFS.label}> ?l }}"
    for text in ("first", "second"):
        before = ask(client, query, Accept="text/csv")
        graph = Graph()
        graph.add((NAMES[0], RDFS.label, Literal(text)))
        store.replace([(NAMES[0], graph)])
        until(lambda text=text: ask(client, query, Accept="text/csv").text == f"l\r\n{text}\r\n")  # type: ignore[misc]
        after = ask(client, query, Accept="text/csv", **{"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.headers["etag"] != before.headers["etag"]


def test_no_reader_sees_half_of_a_write(own: tuple[Engine, httpx.Client]) -> None:
    store, client = own
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            graphs = []
            for name in NAMES:
                graph = Graph()
                graph.add((name, RDFS.comment, Literal(number)))
                graphs.append((name, graph))
            store.replace(graphs)
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    seen: set[str] = set()
    try:
        deadline = time.monotonic() + 20
        while len(seen) < 5:
            assert time.monotonic() < deadline
            query = f"SELECT ?n {{ VALUES ?s {{ <{NAMES[0]}> <{NAMES[1]}> }} ?s <{RDFS.comment}> ?n }} #{time.monotonic()}"
            rows = ask(client, query, Accept="text/csv").text.split()[1:]
            if rows:
                assert len(rows) == 2
                assert rows[0] == rows[1]
                seen.add(rows[0])
    finally:
        stop.set()
        writer.join()
