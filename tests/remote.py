"""A SPARQL service elsewhere: a real server that answers whatever bytes a test wants, and remembers who came."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import parse_headers
from socketserver import StreamRequestHandler, ThreadingTCPServer

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: str


class Remote(ThreadingTCPServer):
    """The server; `reply` is sent piece by piece to whoever asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.asked: list[Request] = []
        self.reply: Iterable[bytes] = [rows([])]

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"


class _Handler(StreamRequestHandler):
    server: Remote

    def handle(self) -> None:
        self.server.connections += 1
        line = self.rfile.readline().decode().strip()
        headers = {name.lower(): value for name, value in parse_headers(self.rfile).items()}
        body = self.rfile.read(int(headers.get("content-length", 0))).decode()
        self.server.asked.append(Request(line, headers, body))
        with suppress(OSError):  # whoever asked may have had enough
            for piece in self.server.reply:
                self.wfile.write(piece)


def response(body: bytes, status: str = "200 OK", media_type: str = JSON, *headers: str) -> bytes:
    """An HTTP response that ends with its connection, and says so."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def rows(found: Iterable[dict[str, str]]) -> bytes:
    """A response with rows of plain texts; values that begin with `urn:` are IRIs."""
    bindings = [
        {name: {"type": "uri" if value.startswith("urn:") else "literal", "value": value} for name, value in row.items()}
        for row in found
    ]
    names = sorted({name for row in bindings for name in row})
    return response(json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode())
