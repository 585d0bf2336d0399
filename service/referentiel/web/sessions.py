"""Sessions of the review pages: a token pasted once, kept here under a random name, which a cookie of the browser holds.

The token itself goes to no cookie, no page and no log. A session lives in the memory of the service: it ends with it, after an
hour without use, after eight hours in any case, and as soon as its token is revoked or expires, since the token is verified at
each request. Only the review pages and `/session` look at the cookie; whatever programs write needs the header Authorization.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from referentiel.access import Identity
from referentiel.web import problems
from referentiel.web.authentication import CHALLENGE, Doorkeeper, not_allowed
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

IDLE: Final = 3600
"""Seconds without a request after which a session ends."""
LONGEST: Final = 8 * 3600
"""Seconds after which a session ends in any case."""
MOST: Final = 1000
"""Sessions that are kept; the one that was not used for longest ends first."""

_NAME_BYTES: Final = 32


@dataclass(slots=True)
class Session:
    """What is kept of somebody who signed in. Moments are in seconds of the clock of the sessions.

    `orcid`: how decisions are to be signed; empty for the name of the token. `told`: what the next page has to say.
    """

    token: str = field(repr=False)
    orcid: str
    begun: float
    used: float
    told: Text | None = None

    def tell(self) -> Text | None:
        """What there is to say, once."""
        told, self.told = self.told, None
        return told


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides: the holder of the token of a session."""

    identity: Identity
    session: Session


class Sessions:
    """The sessions of a service. `secure`: it is reached by https. Used on the event loop only."""

    def __init__(self, doorkeeper: Doorkeeper, *, secure: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._doorkeeper = doorkeeper
        self._secure = secure
        self._clock = clock
        self._held: OrderedDict[str, Session] = OrderedDict()
        # The prefix has browsers refuse a cookie of this name that a neighbouring host sets (RFC 6265bis, section 4.1.3.2).
        self.cookie: Final = "__Host-referentiel-session" if secure else "referentiel-session"

    def __len__(self) -> int:
        return len(self._held)

    async def recognise(self, request: Request, token: str) -> Identity:
        """Whose token it is. Raises Problem: INVALID_TOKEN, TOO_MANY_FAILURES, NOT_ALLOWED, STORE_UNAVAILABLE."""
        identity = await self._doorkeeper.recognise(token, request.scope)
        if not identity.may("graphs"):
            raise not_allowed("graphs")
        return identity

    def begin(self, token: str, orcid: str) -> str:
        """The name of a new session."""
        now, name = self._clock(), secrets.token_urlsafe(_NAME_BYTES)
        self._held[name] = Session(token, orcid, now, now)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return name

    async def reviewer(self, request: Request) -> Reviewer | None:
        """Who sends a request, None without a session that is still good. Raises Problem where that can't be found out."""
        name = request.cookies.get(self.cookie, "")
        session = self._held.get(name)
        if session is None:
            return None
        now = self._clock()
        identity = None
        if now - session.used < IDLE and now - session.begun < LONGEST:
            identity = await self._doorkeeper.holder(session.token)
        if identity is None:
            self._held.pop(name, None)
            return None
        session.used = now
        if name in self._held:  # it may have ended while the token was verified
            self._held.move_to_end(name)
        return Reviewer(identity, session)

    async def required(self, request: Request) -> Reviewer:
        """Who sends a request that writes. Raises Problem TOKEN_NEEDED, and as `reviewer`."""
        found = await self.reviewer(request)
        if found is None:
            raise Problem(
                problems.TOKEN_NEEDED,
                Text(
                    "Aucune session n'est ouverte, ou elle a pris fin : rien n'a été enregistré.",
                    "No session is open, or it has ended: nothing was recorded.",
                ),
                {"WWW-Authenticate": CHALLENGE},
            )
        return found

    def end(self, request: Request) -> None:
        """Forget the session that a request belongs to."""
        self._held.pop(request.cookies.get(self.cookie, ""), None)

    def keep(self, response: Response, name: str) -> None:
        """Have the browser hold the name of a session: no script reads it, no other site's page has it sent."""
        response.set_cookie(self.cookie, name, LONGEST, path="/", secure=self._secure, httponly=True, samesite="strict")

    def drop(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="strict")
