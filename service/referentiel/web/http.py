"""What HTTP asks of every route alike: HEAD, OPTIONS, cross-origin reading, security headers, and no error without an answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_ALWAYS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, Content-Location, ETag, Link, Location",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer. Everything served is public, so that any page may read it."""


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


class EveryRoute:
    """Middleware around all routes. `crashed` makes the answer to a fault of ours."""

    def __init__(self, app: ASGIApp, crashed: Callable[[Request], Response]) -> None:
        self._app = app
        self._crashed = crashed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Sender(send, head=scope["method"] == "HEAD")
        try:
            await self._answer(scope, receive, answer)
        except Exception:
            _log.exception("%s %s", scope["method"], scope["path"])
            if answer.started:
                raise
            await self._crashed(Request(scope))(scope, receive, answer)

    async def _answer(self, scope: Scope, receive: Receive, send: Callable[[Message], Awaitable[None]]) -> None:
        allow = allowed_methods(scope) if scope["method"] == "OPTIONS" else ""
        if allow:
            await _options(scope, allow)(scope, receive, send)
        elif scope["method"] in {"HEAD", "OPTIONS"}:
            await self._app({**scope, "method": "GET"}, receive, send)
        else:
            await self._app(scope, receive, send)


class _Sender:
    """Sends on, with the headers of every answer, and without a body where HEAD asked (RFC 9110, section 9.3.2)."""

    def __init__(self, send: Send, *, head: bool) -> None:
        self._send = send
        self._head = head
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)


def _options(scope: Scope, allow: str) -> Response:
    """The answer to OPTIONS, and to the question that a browser asks before a cross-origin request (Fetch, CORS protocol)."""
    headers = {"Allow": allow}
    if "access-control-request-method" in Request(scope).headers:
        headers |= {
            "Access-Control-Allow-Methods": allow,
            "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
    return Response(status_code=204, headers=headers)
