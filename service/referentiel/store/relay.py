"""The only way out of an engine that calls services by itself: a server on this machine that forwards what it knows of.

The engine is given addresses of the relay, made for one query, that nobody can guess. An answer is passed on only when it came
whole and can be read, so that every failure is one of the call: SILENT passes over it, and any other is remembered, since Oxigraph
takes a call that fails inside EXISTS for a match.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any, Final

import pyoxigraph as ox

from referentiel.store.engine import StoreError
from referentiel.store.outbound import ExchangeFailed, Service

CONNECTIONS: Final = 8
"""Calls that are open at the same time: one for each SERVICE of a query, so that none waits for another."""

CALLS: Final = 100
"""Calls that one query may make: SERVICE inside EXISTS is called once for every row."""

QUERIES: Final = 32
"""Queries whose calls are answered, the last ones: a worker answers one at a time."""

_NOT_TAKEN: Final = ("its answer can't be taken", "sa réponse ne peut pas être reçue")
_STACK: Final = 1024 * 1024
_FORMATS: Final = {form.media_type: form for form in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)}


class ServiceFailed(StoreError):
    """A service that the query calls gave no answer that can be used."""


@dataclass(frozen=True, slots=True)
class Call:
    """One SERVICE of a query."""

    service: Service
    silent: bool


@dataclass(eq=False)
class Calls:
    """A query that calls services: its text for the engine, its calls by number, and what became of them."""

    text: str = ""
    made: Sequence[Call] = ()
    key: str = field(default_factory=secrets.token_urlsafe)
    failure: ServiceFailed | None = None
    _count: int = 0

    def check(self) -> None:
        """Raises ServiceFailed once a call has failed that is not SILENT."""
        if self.failure:
            raise self.failure

    def call(self, number: int, query: bytes, seconds: float) -> tuple[str, bytes]:
        """Make a call. The media type and the body of its answer. Raises ExchangeFailed."""
        made = self.made[number]
        try:
            self._count += 1
            if self._count > CALLS:
                raise ExchangeFailed(
                    f"the query calls services more than {CALLS} times", f"la question appelle des services plus de {CALLS} fois"
                )
            media_type, body = made.service.ask(query, ", ".join(_FORMATS), seconds)
            _require_rows(media_type, body)
        except Exception as error:  # no memory for the answer, too: the relay must live on
            words, french = (str(error), error.french) if isinstance(error, ExchangeFailed) else _NOT_TAKEN
            if not made.silent:
                where = f"SERVICE <{made.service.iri}>"
                self.failure = ServiceFailed(f"{where}: {words}", f"{where} : {french}")
            raise ExchangeFailed(words, french) from error
        return media_type, body


class Relay(TCPServer):
    """The server, with threads of its own. `seconds` bound each call."""

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.seconds = seconds
        self._known: OrderedDict[str, Calls] = OrderedDict()
        usual = threading.stack_size(_STACK)  # queries want far deeper ones, out of the address space that a worker is granted
        for _ in range(CONNECTIONS):
            threading.Thread(target=self._serve, daemon=True).start()
        threading.stack_size(usual)

    def address(self, calls: Calls, number: int) -> str:
        """The address under which the engine makes a call."""
        return f"http://127.0.0.1:{self.server_address[1]}/{calls.key}/{number}"

    def admit(self, calls: Calls) -> None:
        """Answer these calls from now on, and no longer those of long ago."""
        self._known[calls.key] = calls
        while len(self._known) > QUERIES:
            self._known.popitem(last=False)

    def find(self, path: str) -> tuple[Calls, int] | None:
        """The calls and the number that a path names."""
        _, key, number = (*path.split("/"), "", "")[:3]
        calls = self._known.get(key)
        return (calls, int(number)) if calls and path == f"/{key}/{number}" and number in map(str, range(len(calls.made))) else None

    def restored(self, calls: Calls, query: bytes) -> bytes:
        """A query as its sender wrote it: a SERVICE inside a SERVICE is called by the other one, not by us."""
        for number, call in enumerate(calls.made):
            query = query.replace(f"<{self.address(calls, number)}>".encode(), f"<{call.service.iri}>".encode())
        return query

    def close(self) -> None:
        """Answer no more."""
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the threads that wait for a connection
        self.server_close()

    def _serve(self) -> None:
        while True:
            try:
                request, client = self.get_request()
            except OSError:
                return
            with suppress(OSError):  # the engine had enough, and let go
                request.settimeout(self.seconds)
                self.finish_request(request, client)
            self.shutdown_request(request)


class _Exchange(BaseHTTPRequestHandler):
    """One call of the engine: POST of a query (SPARQL 1.1 Protocol, section 2.1.3)."""

    server: Relay

    def do_POST(self) -> None:
        found = self.server.find(self.path)
        if found is None:
            self._answer(404, "text/plain", b"")
            return
        calls, number = found
        query = self.server.restored(calls, self.rfile.read(int(self.headers["Content-Length"])))
        try:
            self._answer(200, *calls.call(number, query, self.server.seconds))
        except ExchangeFailed:
            self._answer(502, "text/plain", b"")

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: an address of the relay is nobody's business."""


def _require_rows(media_type: str, body: bytes) -> None:
    if media_type not in _FORMATS:
        raise ExchangeFailed(
            f"it answered with {media_type}; expected {' or '.join(_FORMATS)}",
            f"il a répondu en {media_type} ; attendu {' ou '.join(_FORMATS)}",
        )
    try:
        results = ox.parse_query_results(body, format=_FORMATS[media_type])
        if isinstance(results, ox.QueryBoolean):
            raise ExchangeFailed(
                "it answered with a boolean; expected rows", "il a répondu par vrai ou faux ; des lignes sont attendues"
            )
        for _ in results:
            pass
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise ExchangeFailed(f"its answer is no {media_type}", f"sa réponse n'est pas du {media_type}") from error
