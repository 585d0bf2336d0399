"""HTTP as it goes over the wire (RFC 9110, RFC 9112): what a library would never send, and what it would hide of the answer."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from referentiel.web.http import EveryRoute
from referentiel.web.questions import MAX_BODY

QUERY = "ASK { ?s ?p ?o }"
GET = f"GET /sparql?query={quote(QUERY)} HTTP/1.1\r\nHost: x\r\n"
DIRECT = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
BODY = QUERY.encode()


@dataclass(frozen=True)
class Answer:
    """One answer, as it was read: version and status, headers in small letters, body."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """A connection. Reading waits for 10 seconds at most: an answer that does not come is an error."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
        self._file = self.socket.makefile("rb")

    def send(self, *texts: str | bytes) -> None:
        """Send, each text in a packet of its own."""
        for text in texts:
            self.socket.sendall(text.encode("latin-1") if isinstance(text, str) else text)

    def read(self, *, head: bool = False) -> Answer:
        """The next answer; to HEAD, without a body."""
        version, status, _ = self._file.readline().decode().split(" ", 2)
        headers: dict[str, str] = {}
        while (line := self._file.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        bodiless = head or status in {"100", "204", "304"}
        return Answer(version, int(status), headers, b"" if bodiless else self._body(headers))

    def _body(self, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            return self._file.read(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return self._file.read()
        body = b""
        while size := int(self._file.readline(), 16):
            body += self._file.read(size)
            self._file.readline()
        self._file.readline()
        return body

    def is_closed(self) -> bool:
        """Whether the server has nothing more to say, and has said so."""
        return self._file.read(1) == b""

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def wire(address: str) -> Iterator[Wire]:
    """A connection to the service."""
    with contextlib.closing(Wire(address)) as wire:
        yield wire


def is_yes(answer: Answer) -> bool:
    """Whether an answer is the one to the question of this module."""
    return answer.status == 200 and json.loads(answer.body)["boolean"] is True


def test_head_has_no_body_and_the_connection_goes_on(wire: Wire) -> None:
    wire.send(GET.replace("GET", "HEAD", 1) + "\r\n")
    head = wire.read(head=True)
    assert head.status == 200
    wire.send(GET + "\r\n")
    answer = wire.read()
    assert is_yes(answer)
    assert head.headers["content-type"] == answer.headers["content-type"]
    assert head.headers.get("content-length", answer.headers["content-length"]) == answer.headers["content-length"]


def test_a_preflight_is_answered_and_the_question_after_it(wire: Wire) -> None:
    preflight = (
        "Origin: https://other.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n"
    )
    wire.send("OPTIONS /sparql HTTP/1.1\r\nHost: x\r\n" + preflight + "\r\n")
    answer = wire.read()
    assert answer.status == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    wire.send(DIRECT + f"Origin: https://other.example\r\nContent-Length: {len(BODY)}\r\n\r\n", BODY)
    assert is_yes(wire.read())


@pytest.mark.parametrize("target", ["*", "/sparql"])
def test_options_of_the_server_or_of_a_resource(wire: Wire, target: str) -> None:
    wire.send(f"OPTIONS {target} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wire.read().status < 500


def test_http_1_0_gets_an_answer_that_it_can_read(wire: Wire) -> None:
    wire.send(GET.replace("HTTP/1.1\r\nHost: x", "HTTP/1.0") + "\r\n")
    answer = wire.read()
    assert is_yes(answer)
    assert "transfer-encoding" not in answer.headers
    assert wire.is_closed()


def test_http_1_0_gets_a_long_answer_whole(wire: Wire) -> None:
    query = quote("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    wire.send(f"GET /sparql?query={query} HTTP/1.0\r\nAccept: application/n-triples\r\n\r\n")
    answer = wire.read()
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body) > 2**20
    assert "transfer-encoding" not in answer.headers
    assert answer.body.count(b"\n") > 1000
    assert answer.body.endswith(b" .\n")


@pytest.mark.parametrize("raises", [True, False])
def test_http_1_0_never_takes_a_cut_answer_for_a_whole_one(
    serve: Callable[[FastAPI], AbstractContextManager[str]], raises: bool
) -> None:
    async def cut(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half of", "more_body": True})
        if raises:
            raise RuntimeError("cut")

    app = FastAPI()
    app.mount("/", cut)
    app.add_middleware(
        EveryRoute, crashed=lambda _request: Response(status_code=500), cut=lambda _request: Response(status_code=413)
    )
    with serve(app) as address, contextlib.closing(Wire(address)) as wire:
        wire.send("GET / HTTP/1.0\r\n\r\n")
        assert wire.read().status == (500 if raises else 413)


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    asks = [f"ASK {{ FILTER({number % 2} = 1) }}" for number in range(20)]
    wire.send(
        "".join(f"GET /sparql?query={quote(ask)} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {n}\r\n\r\n" for n, ask in enumerate(asks))
    )
    answers = [wire.read() for _ in asks]
    assert [answer.headers["x-request-id"] for answer in answers] == [str(number) for number in range(20)]
    assert [json.loads(answer.body)["boolean"] for answer in answers] == [number % 2 == 1 for number in range(20)]


def test_pipelined_faults_do_not_disturb_each_other(wire: Wire) -> None:
    bad = DIRECT + "Content-Length: 6\r\n\r\nSELECT"
    good = DIRECT + f"Content-Length: {len(BODY)}\r\n\r\n{QUERY}"
    wire.send(bad + good + bad + good)
    assert [wire.read().status for _ in range(4)] == [400, 200, 400, 200]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_body_may_come_in_chunks(wire: Wire, size: int) -> None:
    chunks = [BODY[start : start + size] for start in range(0, len(BODY), size)]
    wire.send(DIRECT + "Transfer-Encoding: chunked\r\n\r\n")
    wire.send(*(b"%x;name=value\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks), b"0\r\nTrailer: x\r\n\r\n")
    assert is_yes(wire.read())


@pytest.mark.parametrize("chunk", [b"zz\r\nASK{}\r\n", b"-1\r\n\r\n", b"ffffffffffffffffff\r\n"])
def test_a_chunk_that_is_none_is_refused(wire: Wire, chunk: bytes) -> None:
    wire.send(DIRECT + "Transfer-Encoding: chunked\r\n\r\n", chunk)
    assert wire.read().status == 400


def test_a_body_that_never_ends_is_refused_before_it_ends(wire: Wire) -> None:
    wire.send(DIRECT + "Transfer-Encoding: chunked\r\n\r\n")
    wire.send(b"%x\r\n%s\r\n" % (MAX_BODY, b"#" * MAX_BODY), b"1\r\n#\r\n")
    assert wire.read().status == 413
    assert wire.is_closed()


def test_it_is_told_to_go_on_before_the_body_is_sent(wire: Wire) -> None:
    wire.send(DIRECT + f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n")
    assert wire.read().status == 100
    wire.send(BODY)
    assert is_yes(wire.read())


def test_a_body_may_come_byte_by_byte(wire: Wire) -> None:
    wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.send(*(DIRECT + f"Content-Length: {len(BODY)}\r\n\r\n"), *(bytes([byte]) for byte in BODY))
    assert is_yes(wire.read())


@pytest.mark.parametrize(("length", "status"), [(8_000, 200), (60_000, 200), (1_000_000, 400)])
def test_an_address_may_be_long(wire: Wire, length: int, status: int) -> None:
    comment = "%23" + "a" * length + "%0A"
    wire.send(GET.replace("query=", f"query={comment}", 1) + "\r\n")
    assert wire.read().status == status


@pytest.mark.parametrize("count", [50, 5_000])
def test_many_headers_are_passed_over(wire: Wire, count: int) -> None:
    wire.send(GET + "".join(f"X-Header-{number}: {number}\r\n" for number in range(count)) + "\r\n")
    assert is_yes(wire.read())


@pytest.mark.parametrize(
    "request_text",
    [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /sparql HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /sparql?query=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /sparql?query=%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /sparql?query=\xe9 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /sparql HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: \xff\r\nContent-Length: 0\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_as_its_sender_s_fault(address: str, wire: Wire, request_text: str) -> None:
    wire.send(request_text)
    assert 300 <= wire.read().status < 500
    with contextlib.closing(Wire(address)) as next_one:
        next_one.send(GET + "\r\n")
        assert is_yes(next_one.read())


@pytest.mark.parametrize(
    "field", ["Accept: \xe9;q=nan", "Accept: " + "a/b," * 1000, 'If-None-Match: "\xe9', "Accept-Encoding: ;;", "Cookie:"]
)
def test_an_odd_header_is_passed_over(wire: Wire, field: str) -> None:
    wire.send(f"{GET}{field}\r\n\r\n")
    assert wire.read().status in {200, 406}


def test_an_address_may_be_absolute(wire: Wire) -> None:
    wire.send(GET.replace("/sparql", "http://x/sparql", 1) + "\r\n")
    assert is_yes(wire.read())


@pytest.mark.parametrize("sent", ["", "GET /spa", GET, DIRECT + "Content-Length: 100\r\n\r\nASK"])
def test_who_leaves_in_the_middle_disturbs_nobody(address: str, wire: Wire, sent: str) -> None:
    for _ in range(10):
        with contextlib.closing(Wire(address)) as leaving:
            leaving.send(sent)
    wire.send(GET + "\r\n")
    assert is_yes(wire.read())


def test_who_asks_and_reads_nothing_disturbs_nobody(address: str, wire: Wire) -> None:
    query = quote("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            silent = stack.enter_context(contextlib.closing(Wire(address)))
            silent.send(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n")
        wire.send(GET + "\r\n")
        assert is_yes(wire.read())
