"""Repetitions over raw sockets to the real command: the same answer, past all layers, and nothing else by that way."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from endpoint import metric
from test_serving import ready, served

QUERY = quote("SELECT ?p ?o { <https://w3id.org/referentiel/ns#Competency> ?p ?o }")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("shortcut") / "store") as (address, _):
        ready(address)
        yield address


@pytest.fixture
def connection(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        yield connection


def request(query: str = QUERY, *headers: str) -> bytes:
    lines = [f"GET /sparql?query={query} HTTP/1.1", "Host: x", "Accept: text/csv", *headers, "", ""]
    return "\r\n".join(lines).encode()


def answer(connection: socket.socket) -> tuple[bytes, bytes]:
    """The next answer that has a length: its head without what is its own, and its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head)
    length = int(found[1]) if found else 0
    while len(body) < length:
        body += connection.recv(65536)
    assert len(body) == length, "nothing follows"
    fields = sorted(line for line in head.split(b"\r\n") if not line.startswith((b"date:", b"x-request-id:")))
    return b"\n".join(fields), body


def cached(address: str) -> float:
    return metric(address, 'referentiel_questions_total{outcome="cached"}')


def test_a_repetition_has_the_same_answer(address: str, connection: socket.socket) -> None:
    before, answers = cached(address), []
    for _ in range(6):
        connection.sendall(request())
        answers.append(answer(connection))
    assert b"HTTP/1.1 200 OK" in answers[0][0]
    assert len(set(answers)) == 1
    assert cached(address) == before + 5, "each is counted"
    tag = httpx.get(f"{address}/sparql?query={QUERY}", headers={"Accept": "text/csv", "Accept-Encoding": ""}).headers["etag"]
    assert tag.encode() in answers[0][0]


def test_each_answer_has_a_name_of_its_own(connection: socket.socket) -> None:
    names = set()
    for _ in range(5):
        connection.sendall(request())
        data = connection.recv(65536)
        names |= set(re.findall(rb"x-request-id: (\S+)", data))
    assert len(names) == 5


@pytest.mark.parametrize("field", ["X-Request-ID: mine", "Connection: close", 'If-None-Match: "no"', "If-None-Match: *"])
def test_what_decides_the_answer_is_obeyed(connection: socket.socket, address: str, field: str) -> None:
    for _ in range(4):
        assert httpx.get(f"{address}/sparql?query={QUERY}", headers={"Accept": "text/csv"}).status_code == 200
    connection.sendall(request())
    answer(connection)
    connection.sendall(request(QUERY, field))
    first = data = connection.recv(65536)
    if "mine" in field:
        assert b"x-request-id: mine" in data
    if "close" in field:
        assert b"connection: close" in data.lower()
        while data:
            data = connection.recv(65536)
    assert first.startswith(b"HTTP/1.1 304 " if "*" in field else b"HTTP/1.1 200 ")


def test_a_request_within_another_is_not_one(connection: socket.socket) -> None:
    """Request smuggling: the bytes of a known request, where they are part of another one."""
    for _ in range(4):
        connection.sendall(request())
        answer(connection)
    inner = request()
    connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n")
    connection.sendall(b"Content-Length: %d\r\n\r\n" % len(inner))
    connection.sendall(inner)
    head, body = answer(connection)
    assert b"HTTP/1.1 400" in head
    assert b"bad-query" in body
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ")
    connection.sendall(inner)
    head, body = answer(connection)
    assert b"HTTP/1.1 200 OK" in head
    assert body == b'{"status":"ok"}'


def test_requests_that_come_together_are_answered_in_order(connection: socket.socket) -> None:
    for _ in range(4):
        connection.sendall(request())
        answer(connection)
    connection.sendall(request() + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    data = b""
    while part := connection.recv(65536):
        data += part
    assert data.count(b"HTTP/1.1 200 OK") == 2
    assert data.endswith(b'{"status":"ok"}')


def test_with_an_access_log_each_request_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with served(tmp_path / "store", REFERENTIEL_ACCESS_LOG=str(log)) as (address, process):
        ready(address)
        with httpx.Client() as client:
            for _ in range(5):
                client.get(f"{address}/sparql?query={QUERY}")
        process.terminate()
        process.wait(20)
        assert log.read_text(encoding="ascii").count('"/sparql"') >= 5
