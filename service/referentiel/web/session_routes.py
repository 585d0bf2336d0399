"""`/session`: where a person who reviews links pastes a token, once for the morning, and signs out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from referentiel.access import Identity
from referentiel.web import problems
from referentiel.web.negotiation import HTML
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.review_texts import words
from referentiel.web.session_forms import FORM, own_form
from referentiel.web.sessions import Reviewer, Sessions
from referentiel.web.texts import Text

PRIVATE: Final = {
    "Cache-Control": "no-store",
    # For these pages alone: with no-referrer, a browser tells no Origin with their forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
"""Headers of the pages that differ from person to person."""

_BACK: Final = re.compile(r"/review(?:/[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)*")
"""Where signing in may lead: pages of the review, nothing else (RFC 3986, unreserved characters; no empty or dotted segment)."""
_LONGEST_TOKEN: Final = 8192
_LONGEST_ORCID: Final = 100

Author = Callable[[Identity, str], str]
"""How decisions of an identity are signed, given an ORCID or nothing; see Desk.author. Raises ValueError for what is no ORCID."""

_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "properties": {"token": {"type": "string"}, "orcid": {"type": "string"}, "to": {"type": "string"}},
                "required": ["token"],
            }
        }
    },
}


_ANSWERS: Final[dict[int, dict[str, Any]]] = {
    200: {"description": "A page.", "content": {"text/html": {}}},
    303: {"description": "It is done: leads to the next page."},
}
_REFUSED: Final[dict[str, Any]] = {
    "description": "Refused: the page, or the problem, says why.",
    "content": {"application/problem+json": {}, "text/html": {}},
}


def page_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the description says of a route that answers with a page, or with a problem where none is wanted."""
    return {status: _ANSWERS.get(status, _REFUSED) for status in statuses}


def session_routes(app: FastAPI, sessions: Sessions, author: Author, pages: Pages) -> None:
    """Declare `/session` and `/session/end`."""
    door = _Door(sessions, author, pages)

    @app.get("/session", response_class=Response, responses=page_answers(200))
    async def form(request: Request) -> Response:
        """The page where a reviewer signs in or out."""
        return await door.page(request)

    @app.post(
        "/session",
        response_class=Response,
        status_code=303,
        responses=page_answers(303, 400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra={"requestBody": _BODY},
    )
    async def begin(request: Request) -> Response:
        """Sign in, with a form of this service only: what a token allows, its holder may then do on the review pages."""
        return await door.begin(request)

    @app.post(
        "/session/end",
        response_class=Response,
        status_code=303,
        responses=page_answers(303, 400, 403, 413, 415),
        openapi_extra={"requestBody": {"content": {FORM: {"schema": {"type": "object"}}}}},
    )
    async def end(request: Request) -> Response:
        """Sign out."""
        return await door.end(request)


class _Door:
    """Answers for `/session`."""

    def __init__(self, sessions: Sessions, author: Author, pages: Pages) -> None:
        self._sessions = sessions
        self._author = author
        self._pages = pages
        self._public_url = pages.addresses.settings.public_url

    async def page(self, request: Request) -> Response:
        """The form, or who has signed in."""
        return self._show(request, 200, await self._sessions.reviewer(request), {"to": request.query_params.get("to", "")})

    async def begin(self, request: Request) -> Response:
        """Begin a session; what was typed stays where it is refused, but for the token."""
        fields: dict[str, str] = {}
        try:
            fields = await own_form(request, self._public_url)
            name = await self._begun(request, fields)
        except Problem as problem:
            if not self._pages.wanted(request):
                raise
            return self._show(request, problem.kind.status, None, fields, problem)
        response = self._leave(request, _back(fields.get("to", "")))
        self._sessions.keep(response, name)
        return response

    async def _begun(self, request: Request, fields: dict[str, str]) -> str:
        token, orcid = fields.get("token", "").strip()[:_LONGEST_TOKEN], fields.get("orcid", "").strip()[:_LONGEST_ORCID]
        identity = await self._sessions.recognise(request, token)
        try:
            self._author(identity, orcid)
        except ValueError as error:
            raise Problem(
                problems.INVALID_PARAMETER,
                Text(
                    f"ORCID attendu : seize chiffres comme 0000-0002-1825-0097 ; trouvé : « {orcid} ».",
                    f"An ORCID is expected, sixteen digits such as 0000-0002-1825-0097; found: “{orcid}”.",
                ),
            ) from error
        self._sessions.end(request)
        return self._sessions.begin(token, orcid)

    async def end(self, request: Request) -> Response:
        """End the session, if there is one."""
        await own_form(request, self._public_url)
        self._sessions.end(request)
        response = self._leave(request, "/session")
        self._sessions.drop(response)
        return response

    def _leave(self, request: Request, path: str) -> Response:
        return RedirectResponse(self._pages.view(request).href(path), 303, PRIVATE)

    def _show(
        self, request: Request, status: int, reviewer: Reviewer | None, fields: dict[str, str], problem: Problem | None = None
    ) -> Response:
        view = self._pages.view(request)
        body = self._pages.render(
            view,
            "session.html",
            w=words(view.language),
            reviewer=reviewer,
            author=reviewer and self._author(reviewer.identity, reviewer.session.orcid),
            orcid=fields.get("orcid", "")[:_LONGEST_ORCID],
            to=_back(fields.get("to", "")),
            problem=problem,
        )
        headers = PRIVATE | {"Content-Language": view.language} | (dict(problem.headers) if problem else {})
        return Response(body, status, headers, HTML.media_type)


def _back(path: str) -> str:
    """Where to go once signed in: the page that somebody came from, else the overview."""
    return path if len(path) <= 300 and _BACK.fullmatch(path) else "/review"
