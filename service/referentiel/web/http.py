"""What HTTP asks of every route alike: HEAD, OPTIONS, cross-origin reading, security headers, and no error without an answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from referentiel.web.observed import note

_log = logging.getLogger(__name__)

ALWAYS: Final = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Allow, Content-Location, ETag, Link, Location, Query-Limits, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID",
    ),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
"""Headers of every answer that has not its own. Everything served is public, so that any page may read it. What a browser would
show as a document, such as XML, runs nothing."""

_PAGE: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
"""Those of a page, in the place of the others where both are the same."""

_SECURE: Final = ((b"strict-transport-security", b"max-age=31536000"),)
"""Where the operator says that the service is reached by https: a year of nothing else (RFC 6797). Of the names below its own,
which may be somebody else's, it says nothing."""

_Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]

_PART: Final = 2**16
_IN_MEMORY: Final = 2**20  # bytes of an answer to HTTP/1.0; a longer one waits on disk


def allowed_methods(scope: Scope) -> str:
    """The methods that the path of a request knows, for Allow; empty when there is no such path."""
    known: set[str] = set()
    for route in scope["app"].router.routes:
        if route.matches({**scope, "method": "GET"})[0] is not Match.NONE:
            known |= getattr(route, "methods", None) or {"GET"}
    if known:
        known.add("OPTIONS")
    if "GET" in known:
        known.add("HEAD")
    return ", ".join(sorted(known))


_SPOOLED: Final = 64 * 2**20
"""Bytes of the longest answer to a client of HTTP/1.0: it stands on the disk until it is whole."""


class EveryRoute:
    """Middleware around all routes. `crashed` makes the answer to a fault of ours, `cut` that in the place of one that was cut.

    `secure`: whether the service is reached by https.
    """

    def __init__(
        self, app: ASGIApp, crashed: Callable[[Request], Response], cut: Callable[[Request], Response], *, secure: bool = False
    ) -> None:
        self._app = app
        self._crashed = crashed
        self._cut = cut
        always = (*ALWAYS, *(_SECURE if secure else ()))
        self._added = (always, tuple({**dict(always), **dict(_PAGE)}.items()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope.get("http_version") == "1.0" and scope["method"] != "HEAD":
            with _Whole(send) as whole:
                await self._guarded(scope, receive, whole)
                if not whole.given:
                    await self._guarded_cut(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Sender(send, self._added, head=scope["method"] == "HEAD")
        try:
            await self._answer(scope, receive, answer)
        except Exception:
            _log.exception("%s %r (request %s)", scope["method"], scope["path"], note(scope).id)
            if answer.started:
                raise
            await self._crashed(Request(scope))(scope, receive, answer)

    async def _guarded_cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that there is no answer, in place of one that was cut before anything of it was sent."""
        await self._cut(Request(scope))(scope, receive, _Sender(send, self._added, head=False))

    async def _answer(self, scope: Scope, receive: Receive, send: Callable[[Message], Awaitable[None]]) -> None:
        allow = allowed_methods(scope) if scope["method"] == "OPTIONS" else ""
        if allow:
            await _options(scope, allow)(scope, receive, send)
        elif scope["method"] in {"HEAD", "OPTIONS"}:
            await self._app({**scope, "method": "GET", "head": True}, receive, send)
        else:
            await self._app(scope, receive, send)


class _Sender:
    """Sends on, with the headers of every answer, and without a body where HEAD asked (RFC 9110, section 9.3.2).

    `added`: the headers of any answer, and of a page.
    """

    def __init__(self, send: Send, added: tuple[_Fields, _Fields], *, head: bool) -> None:
        self._send = send
        self._added = added
        self._head = head
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = message.get("headers", ())
            present = dict(headers)
            added = self._added[present.get(b"content-type", b"").startswith(b"text/html")]
            message = {**message, "headers": [*headers, *[field for field in added if field[0] not in present]]}
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)


class _Whole:
    """Sends an answer once it is whole, with its length: HTTP/1.0 knows no chunks, and would take a cut answer for a whole one."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self.given = False
        self._body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> _Whole:
        return self

    def __exit__(self, *_: object) -> None:
        self._body.close()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            measured = message["status"] in {204, 304} or any(name == b"content-length" for name, _ in message["headers"])
            self._start = None if measured else message
        if self._start is None:
            self.given = True
            await self._send(message)
        elif message["type"] == "http.response.body" and self._body.tell() <= _SPOOLED:
            self._body.write(message.get("body", b""))
            if not message.get("more_body", False):
                self.given = True
                await self._give(self._start)

    async def _give(self, start: Message) -> None:
        length = (b"content-length", b"%d" % self._body.tell())
        await self._send({**start, "headers": [*start["headers"], length]})
        self._body.seek(0)
        while part := self._body.read(_PART):
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})


def _options(scope: Scope, allow: str) -> Response:
    """The answer to OPTIONS, and to the question that a browser asks before a cross-origin request (Fetch, CORS protocol)."""
    headers = {"Allow": allow}
    if "access-control-request-method" in Request(scope).headers:
        headers |= {
            "Access-Control-Allow-Methods": allow,
            # Not Authorization: see referentiel.web.authentication.
            "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, X-Request-ID",
            "Access-Control-Max-Age": "86400",
        }
    return Response(status_code=204, headers=headers)
