"""Watches every request from outside: counts it, logs it, and gives it a name that its sender can quote."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from itertools import count
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from referentiel.web.access_log import AccessLog
from referentiel.web.metrics import Metrics, Outcome

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Methods that are counted under their own name; the others, which a sender may make up, are counted together."""

_SANE = re.compile(rb"[A-Za-z0-9._~+/=:-]{1,128}")
_KEY: Final = "referentiel.note"


class Note:
    """What the answerer of a question tells the watcher: all of it may change until the answer has ended.

    `id`: of the request. `query`: text of the question. `outcome`: how it ended. `lane`: of the worker.
    """

    __slots__ = ("id", "lane", "outcome", "query")

    def __init__(self, id: str = "") -> None:  # noqa: A002
        self.id = id
        self.query: str | None = None
        self.outcome: Outcome | None = None
        self.lane: str | None = None


def note(scope: Scope) -> Note:
    """The note of a request, to be filled in; one that nobody reads when the request is not watched."""
    found: Note | None = scope.get(_KEY)
    return found if found is not None else Note()


def kind_of(path: str) -> str:
    """The first segment of a path, without a format's suffix: sparql for /sparql.csv; home for /."""
    segment = path[1:].partition("/")[0]
    return segment.partition(".")[0] or segment or "home"


def kinds(paths: Iterable[str]) -> frozenset[str]:
    """The kinds of all requests that the paths of some routes can answer."""
    return frozenset(kind_of(path.partition("{")[0]) for path in paths)


class Observed:
    """Middleware around everything else. A question that an answerer has told of by its note is counted with its outcome."""

    def __init__(self, app: ASGIApp, metrics: Metrics, kinds: frozenset[str], log: AccessLog | None = None) -> None:
        """`kinds`: of the requests that are counted under their own name; the others are counted as `other`."""
        self._app = app
        self._metrics = metrics
        self._kinds = kinds
        self._log = log
        self._prefix = secrets.token_hex(6)
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._watch(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan" and self._log is not None:
                self._log.close()

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = perf_counter()
        told = scope[_KEY] = Note(self._name(scope))
        answer = _Answer(send, told.id)
        try:
            await self._app(scope, receive, answer)
        except BaseException:
            answer.status = answer.status or 500  # the server says so, or resets the connection
            raise
        finally:
            self._tell(scope, answer, told, perf_counter() - start)

    def _name(self, scope: Scope) -> str:
        """The name that the sender gave to the request, if it is sane, or one that no other request has."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _SANE.fullmatch(value):
                return str(value, "ascii")
        return f"{self._prefix}-{next(self._numbers):x}"

    def _tell(self, scope: Scope, answer: _Answer, told: Note, seconds: float) -> None:
        kind = kind_of(scope["path"])
        method = scope["method"]
        self._metrics.request(
            kind if kind in self._kinds else "other", method if method in METHODS else "other", answer.status, seconds, answer.sent
        )
        if told.outcome is not None:
            self._metrics.question(told.outcome)
        if self._log is not None:
            self._log.write(
                scope,
                {
                    "id": told.id,
                    "status": answer.status,
                    "bytes": answer.sent,
                    "complete": answer.complete,
                    "seconds": seconds,
                    "outcome": told.outcome,
                    "lane": told.lane,
                    "query": told.query,
                },
            )


class _Answer:
    """Sends on, with the name of the request, and sees what is sent."""

    __slots__ = ("_id", "_send", "complete", "sent", "status")

    def __init__(self, send: Send, name: str) -> None:
        self._send = send
        self._id = name
        self.status = 0
        self.sent = 0
        self.complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", self._id.encode())]}
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)
