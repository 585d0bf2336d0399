"""A fair share for each client: how many questions it may ask in a minute, and the headers that tell it so."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from referentiel.web import problems
from referentiel.web.observed import kind_of, note
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

WINDOW: Final = 60
"""Seconds that a quota is for."""

MOST_CLIENTS: Final = 50_000
"""Clients that are remembered; the one that has asked nothing for longest is forgotten first."""

LIMITED: Final = frozenset({"sparql", "queries", "graphs", "occupations", "review"})
"""First segments of the addresses where questions are asked, or searches made."""

_TOLERANCE: Final = 1e-6  # of a token, for what floating point loses


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a question may be asked, how many more may follow at once, and in how many seconds there will be more.

    `seconds`: until the whole quota is there again; when nothing remains, until one more question may be asked.
    """

    admitted: bool
    remaining: int
    seconds: int


class Fairness:
    """A token bucket for each client, kept as the one moment at which it will be full again (generic cell rate algorithm)."""

    def __init__(self, rate: int, clients: int = MOST_CLIENTS) -> None:
        """`rate`: questions in a minute, at least 1."""
        self.rate: Final = rate
        self._clients = clients
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def admit(self, client: str, now: float) -> Grant:
        """Take a token of a client, if it has one. `now` is in seconds, of a clock that never goes back."""
        missing = (max(self._full_at.get(client, now), now) - now) * self.rate / WINDOW  # tokens
        admitted = missing + 1 <= self.rate + _TOLERANCE
        if admitted:
            missing += 1
            self._full_at[client] = now + missing * WINDOW / self.rate
            self._full_at.move_to_end(client)
            if len(self._full_at) > self._clients:
                self._full_at.popitem(last=False)
        remaining = int(self.rate - missing + _TOLERANCE)
        awaited = missing if remaining else missing + 1 - self.rate
        return Grant(admitted, remaining, max(1, math.ceil((awaited - _TOLERANCE / 2) * WINDOW / self.rate)))


def client_of(scope: Scope) -> str:
    """Who asks: the address of the peer, or its /64 in IPv6, where one person has as many addresses as they like."""
    host: str = (scope.get("client") or ("",))[0]
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host.partition("%")[0])
    except AddressValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


class FairShare:
    """Middleware that limits the addresses where questions are asked. `refused` makes the answer to one question too many.

    Its headers are those of the IETF's draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-11).
    """

    def __init__(
        self,
        app: ASGIApp,
        fairness: Fairness,
        refused: Callable[[Request, Problem], Response],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._fairness = fairness
        self._refused = refused
        self._clock = clock
        self._policy = b'"questions";q=%d;w=%d' % (fairness.rate, WINDOW)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "OPTIONS" or kind_of(scope["path"]) not in LIMITED:
            await self._app(scope, receive, send)
            return
        grant = self._fairness.admit(client_of(scope), self._clock())
        fields = [
            (b"ratelimit-policy", self._policy),
            (b"ratelimit", b'"questions";r=%d;t=%d' % (grant.remaining, grant.seconds)),
        ]

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *fields]}
            await send(message)

        if grant.admitted:
            await self._app(scope, receive, tell)
        else:
            note(scope).outcome = "limited"
            await self._refused(Request(scope), _too_many(self._fairness.rate, grant))(scope, receive, tell)


def _too_many(rate: int, grant: Grant) -> Problem:
    return Problem(
        problems.TOO_MANY_REQUESTS,
        Text(
            f"Au plus {rate} questions par minute et par client ; la prochaine sera admise dans {grant.seconds} s.",
            f"At most {rate} questions a minute for each client; the next one will be admitted in {grant.seconds} s.",
        ),
        {"Retry-After": str(grant.seconds)},
    )
