from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from referentiel.web.access_log import AccessLog
from referentiel.web.metrics import Metrics
from referentiel.web.observed import Observed, kind_of, kinds, note
from test_serving import COUNT, ready, served

Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]
QUERY = "SELECT ?secret { ?secret ?p ?o }"


async def answerer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers as a SPARQL endpoint does, or as the path says: in two parts, cut after the first, with a fault, with nothing."""
    path = scope["path"]
    if path == "/sparql":
        told = note(scope)
        told.query, told.outcome, told.lane = QUERY, "answered", "short"
    if path == "/fault":
        raise RuntimeError("a fault of ours")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"01234", "more_body": True})
    if path == "/cut":
        raise RuntimeError("cut")
    await send({"type": "http.response.body", "body": b"56789"})


class Watched:
    """A watched answerer, and what is known of it."""

    def __init__(self, log: Path) -> None:
        self.metrics = Metrics()
        self._path = log
        self.log = AccessLog(str(log))
        self.app = FastAPI()
        self.app.mount("/", answerer)
        self.app.add_middleware(Observed, metrics=self.metrics, kinds=frozenset({"sparql", "cut", "fault"}), log=self.log)

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        self.log.close()
        return [json.loads(line) for line in self._path.read_text().splitlines()]

    def count(self, kind: str, method: str, status: int) -> float | None:
        """The requests counted."""
        labels = {"kind": kind, "method": method, "status": str(status)}
        return self.metrics.registry.get_sample_value("referentiel_http_requests_total", labels)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A watched answerer."""
    watched = Watched(tmp_path / "access.jsonl")
    yield watched
    watched.log.close()


def test_a_request_is_counted_logged_and_named(watched: Watched, serve: Serve) -> None:
    with serve(watched.app) as address:
        answers = [httpx.get(f"{address}/sparql", params={"query": QUERY}) for _ in range(2)]
    assert {answer.text for answer in answers} == {"0123456789"}
    names = [answer.headers["x-request-id"] for answer in answers]
    assert names[0] != names[1]
    assert watched.count("sparql", "GET", 200) == 2
    sample = watched.metrics.registry.get_sample_value
    assert sample("referentiel_questions_total", {"outcome": "answered"}) == 2
    assert sample("referentiel_http_sent_bytes_total") == 20
    first, second = watched.lines()
    assert [first["id"], second["id"]] == names
    assert first["client"] == "127.0.0.1"
    assert (first["path"], first["status"], first["bytes"], first["complete"]) == ("/sparql", 200, 10, True)
    assert (first["outcome"], first["lane"]) == ("answered", "short")
    assert first["query_sha256"] == sha256(QUERY.encode()).hexdigest()[:16]
    assert "secret" not in json.dumps(first)


@pytest.mark.parametrize("name", ["abc-1", "0af7651916cd43dd8448eb211c80319c", "a/b=c:d~e"])
def test_a_sender_may_name_its_request(watched: Watched, serve: Serve, name: str) -> None:
    with serve(watched.app) as address:
        assert httpx.get(address, headers={"X-Request-ID": name}).headers["x-request-id"] == name
    assert watched.lines()[0]["id"] == name


@pytest.mark.parametrize("name", ["", "a b", "<script>", 'a"b', "x" * 129])
def test_a_name_that_is_not_sane_is_replaced(watched: Watched, serve: Serve, name: str) -> None:
    with serve(watched.app) as address:
        given = httpx.get(address, headers=[("X-Request-ID", name)]).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{12}-1", given)


def test_an_answer_that_was_cut_is_not_logged_as_whole(watched: Watched, serve: Serve) -> None:
    with serve(watched.app) as address, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{address}/cut")
    (line,) = watched.lines()
    assert (line["status"], line["bytes"], line["complete"]) == (200, 5, False)


def test_a_fault_is_counted_as_such(watched: Watched, serve: Serve) -> None:
    with serve(watched.app) as address:
        assert httpx.get(f"{address}/fault").status_code == 500
    assert watched.count("fault", "GET", 500) == 1
    assert watched.lines()[0]["status"] == 500


def test_senders_cannot_make_up_labels(watched: Watched, serve: Serve) -> None:
    with serve(watched.app) as address:
        for number, method in enumerate(("PROPFIND", "MKCOL", "PURGE", "SEARCH")):
            assert httpx.request(method, f"{address}/{number}.x/{number}").status_code == 200
    assert watched.count("other", "other", 200) == 4


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "home"),
        ("", "home"),
        ("/sparql", "sparql"),
        ("/sparql.csv", "sparql"),
        ("/doc/certification/x.ttl", "doc"),
        ("/.well-known/void", ".well-known"),
        ("*", "home"),
    ],
)
def test_the_kind_of_a_request(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_the_kinds_of_routes() -> None:
    assert kinds(["/", "/ns", "/ns.{suffix}", "/doc/{rest:path}", "/.well-known/void"]) == {"home", "ns", "doc", ".well-known"}


def test_the_log_is_closed_when_the_service_stops(tmp_path: Path, watched: Watched) -> None:
    """As uvicorn tells it: by the end of the lifespan, and not by that of the process, which a signal ends."""
    messages: list[Any] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(_message: Any) -> None:
        return

    async def live() -> None:
        scope: Scope = {"type": "http", "method": "GET", "path": "/sparql", "headers": [], "query_string": b"", "client": None}
        await watched.app(scope, receive, send)
        await watched.app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)

    asyncio.run(live())
    assert len((tmp_path / "access.jsonl").read_text().splitlines()) == 1


def test_what_an_operator_finds_in_the_log_of_the_real_command(tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    question = f"{COUNT} # of Ms Secret"
    with served(tmp_path / "store", REFERENTIEL_ACCESS_LOG=str(log), REFERENTIEL_RATE="4") as (address, process):
        ready(address)
        for _ in range(2):
            httpx.get(f"{address}/sparql", params={"query": question}, headers={"X-Request-ID": "known"})
        httpx.get(f"{address}/sparql", params={"query": "SELECT"})
        refused = httpx.get(f"{address}/sparql", params={"query": question})
        head = httpx.head(f"{address}/sparql", params={"query": question})
        page = httpx.get(f"{address}/")
        process.send_signal(signal.SIGTERM)
        process.wait(15)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (429, "too-many-requests")
    assert head.status_code == 429
    assert head.content == b""
    for answer in (refused, head):
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["ratelimit"].startswith('"questions";r=0;t=')
        assert answer.headers["access-control-allow-origin"] == "*"
    assert page.status_code == 200
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 200, 400, 429, 429, 200]
    assert [line.get("outcome") for line in lines] == ["answered", "answered", "cached", "refused", "limited", "limited", None]
    assert [line["id"] == "known" for line in lines] == [False, True, True, False, False, False, False]
    assert lines[1]["query_sha256"] == sha256(question.encode()).hexdigest()[:16]
    assert "Secret" not in log.read_text()
