"""Who asks to write: bearer tokens in the header Authorization (RFC 6750), and the operator's own way in.

A token in the address (RFC 6750, section 2.3) or in a form (2.2) is never read: addresses are logged and passed on. One form
takes a token, to begin a session of the review pages, and they alone know sessions; see referentiel.web.sessions.
Pages of other sites can't use a token here: CORS does not admit the header Authorization. A token that a person gives to
somebody's page is lost to whoever made the page; programs, which write, know no CORS.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Scope

from referentiel.access import LOCAL, PATTERN, PREFIX, DamagedTokens, Identity, Issuer, IssuerUnavailable, Operation, Tokens
from referentiel.web import problems
from referentiel.web.fairness import Fairness, client_of
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

_log = logging.getLogger(__name__)

LOCAL_SCOPE: Final = "referentiel.local"
"""Key of the ASGI scope that is True for what comes over the socket of the store, which its owner alone may open."""

CHALLENGE: Final = 'Bearer realm="referentiel"'
"""What each answer with status 401 asks for (RFC 9110, section 11.6.1)."""

FAILURES: Final = 10
"""Tokens that may be refused to one client in a minute."""

_CREDENTIALS: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/=-]{1,8192}) *")
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "via")


class Doorkeeper:
    """Says who asks.

    Failures are limited for each client, in a memory that has a bound (fairness.MOST_CLIENTS). A right token passes even when its
    client has used up its failures: guessing 256 bits is hopeless at any rate, while a limit that keeps right tokens out would
    let one client shut out all others behind the same proxy. So the limit keeps no secret; it tells clients that go on with a
    dead token to stop.
    """

    def __init__(self, tokens: Tokens, issuer: Issuer | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._issuer = issuer
        self._clock = clock
        self._failures = Fairness(FAILURES)
        self._told = ""
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="issuer")

    async def identify(self, request: Request) -> Identity:
        """Who sends a request that writes. Raises Problem: TOKEN_NEEDED, INVALID_TOKEN, TOO_MANY_FAILURES and others.

        Whoever may do nothing at all goes no further: an issuer has many users, and working out an update costs something.
        """
        given = request.headers.getlist("authorization")
        if not given and _is_local(request.scope):
            return LOCAL
        if len(given) > 1:
            raise Problem(
                problems.BAD_REQUEST,
                Text("Un seul en-tête Authorization est attendu.", "One header Authorization is expected, not several."),
                {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_request"'},
            )
        if not given or given[0].partition(" ")[0].lower() != "bearer":
            raise _token_needed(request)
        written = _CREDENTIALS.fullmatch(given[0])
        return await self.recognise(written[1] if written else None, request.scope)

    async def recognise(self, token: str | None, scope: Scope) -> Identity:
        """Who holds a token that somebody gives; None is no token at all. Raises Problem: INVALID_TOKEN, TOO_MANY_FAILURES."""
        identity = await self.holder(token) if token else None
        if identity is None:
            raise self._refused(scope)
        if not identity.may_anything():
            raise not_allowed("write")
        return identity

    async def holder(self, text: str) -> Identity | None:
        """Who holds a token, None when nobody does any more. Raises Problem where that can't be found out.

        Tokens of an issuer have threads of their own: while it does not answer, ours wait for nobody.
        """
        try:
            if self._issuer is None or text.startswith(PREFIX):
                identity = await run_in_threadpool(self._tokens.identify, text)
                self._told = ""
                return identity
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._issuer.identify, text)
        except DamagedTokens as error:
            if str(error) != self._told:  # once, however many ask
                self._told = str(error)
                _log.error("%s", error)
            raise _unverifiable(
                Text(
                    "Le fichier des jetons est endommagé : l'exploitant est prévenu par le journal du service.",
                    "The file of the tokens is damaged: the log of the service tells the operator.",
                )
            ) from error
        except IssuerUnavailable as error:
            raise _unverifiable(
                Text(
                    "Le service qui a émis ce jeton ne répond pas : il ne peut pas être vérifié.",
                    "The service that issued this token does not answer: it can't be verified.",
                ),
                error.seconds,
            ) from error

    def _refused(self, scope: Scope) -> Problem:
        grant = self._failures.admit(client_of(scope), self._clock())
        if grant.admitted:
            detail = Text("Ce jeton est inconnu, révoqué ou expiré.", "This token is unknown, revoked or expired.")
            return Problem(problems.INVALID_TOKEN, detail, {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})
        detail = Text(
            f"Au plus {FAILURES} jetons refusés par minute et par client ; prochain essai dans {grant.seconds} s.",
            f"At most {FAILURES} refused tokens a minute for each client; try again in {grant.seconds} s.",
        )
        return Problem(problems.TOO_MANY_FAILURES, detail, {"Retry-After": str(grant.seconds)})


def permit(identity: Identity, operation: Operation, certification_id: str | None = None) -> None:
    """Let somebody do something, to a certification where it is about one. Raises Problem NOT_ALLOWED."""
    if not identity.may(operation, certification_id):
        raise not_allowed(operation, certification_id)


def not_allowed(operation: Operation, certification_id: str | None = None) -> Problem:
    """The refusal of what a token does not allow (RFC 6750, section 3.1), with the scope that would."""
    reach = f":{certification_id}" if certification_id is not None and PATTERN.fullmatch(certification_id) else ""
    needed = f"referentiel:{operation}{reach}"
    detail = Text(f"Permission attendue : « {needed} ».", f"Expected permission: “{needed}”.")
    headers = {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{needed}"'}
    return Problem(problems.NOT_ALLOWED, detail, headers)


def _is_local(scope: Scope) -> bool:
    """Whether it comes over the socket of the store, and not from a proxy that was put in front of it by mistake."""
    names = {name.decode("latin-1") for name, _ in scope["headers"]}
    return scope.get(LOCAL_SCOPE) is True and scope.get("client") is None and names.isdisjoint(_FORWARDED)


def _token_needed(request: Request) -> Problem:
    detail = Text("Aucun jeton n'accompagne la requête.", "No token comes with the request.")
    if "access_token" in request.query_params:
        detail = Text(
            "Un jeton n'est jamais lu dans l'adresse, qui est consignée en chemin : faire révoquer celui-ci.",
            "A token is never read from the address, which is logged on its way: have this one revoked.",
        )
    return Problem(problems.TOKEN_NEEDED, detail, {"WWW-Authenticate": CHALLENGE})


def _unverifiable(detail: Text, seconds: int = 60) -> Problem:
    return Problem(problems.STORE_UNAVAILABLE, detail, {"Retry-After": str(seconds)})
