"""Trying a référentiel without storing it: `/validate`, open to all, within limits.

Whatever is sent, RDF or a table, is read and validated in processes that can be killed; nothing of it is kept, nothing is fetched.
Since nothing is changed and no cookie or token counts, a form of another site can do no harm here (CSRF).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from referentiel.intake import Intake, Rdf, Table, Verbatim
from referentiel.store import Statements
from referentiel.store.writing import written
from referentiel.validation import Language, Validators
from referentiel.web import problems
from referentiel.web.bodies import MULTIPART, Body, contexts
from referentiel.web.findings import Findings, foreign, own
from referentiel.web.formats import GRAPHS
from referentiel.web.graphs import refusal
from referentiel.web.negotiation import HTML, Offer, choose
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.refusals import REFUSED, problem_of
from referentiel.web.texts import Text
from referentiel.web.uploads import ADMITTED, Sent, received
from referentiel.web.validation_texts import words

T = TypeVar("T")

_JSON: Final = Offer("json", "application/json", aliases=("application/problem+json",))
_OFFERS: Final = (_JSON, *GRAPHS, HTML)
_WAITING: Final = 4
"""How many may be sent or wait for each that is validated."""
_LATER: Final = {"Retry-After": "5"}
_UNFILED: Final = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}

_PARTS: Final[dict[str, Any]] = {
    "data": {"type": "string", "format": "binary", "description": "The file: RDF in any syntax, or a table."},
    "text": {"type": "string", "description": "The text, where there is no file."},
    "shapes": {"type": "string", "format": "binary", "description": "SHACL shapes as RDF; without, the rules of this service."},
    "title": {"type": "string", "maxLength": 500, "description": "The title, for a table that does not give it."},
    "number": {"type": "string", "maxLength": 500, "description": "The register number, for a table that does not give it."},
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {MULTIPART: {"schema": {"type": "object", "properties": _PARTS}}}
    | {media_type: {"schema": {"type": "string"}} for media_type in ADMITTED if media_type != MULTIPART},
}
_TEXT: Final = {"type": "string", "maxLength": 500}
_PARAMETERS: Final = [
    {"name": "name", "in": "query", "description": "The name of the file; else that of Content-Disposition.", "schema": _TEXT},
    {"name": "title", "in": "query", "description": _PARTS["title"]["description"], "schema": _TEXT},
    {"name": "number", "in": "query", "description": _PARTS["number"]["description"], "schema": _TEXT},
]
_PAGE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "The form.", "content": {"text/html": {}}}}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, whether the data conform or not: `conforms` says it.",
        "content": {offer.media_type: {} for offer in _OFFERS},
    },
    **refusal(400, "The data can't be read (line, column), or nothing was sent."),
    **refusal(406, "No format on offer fits Accept."),
    **refusal(413, "More was sent than is read."),
    **refusal(415, "Neither a form, nor RDF, nor a table; or a content coding."),
    **refusal(
        422, "The table can't be read (`faults` tells all), the shapes make no sense, or a limit of time or memory is passed."
    ),
    **refusal(503, "Too many at once; see Retry-After."),
}


def validation_routes(app: FastAPI, sandbox: Sandbox) -> None:
    """Declare `/validate`."""

    @app.get("/validate", response_class=Response, responses=_PAGE)
    def form(request: Request) -> Response:
        """The form for a certifying body that wants to try its référentiel."""
        return sandbox.page(request)

    @app.post(
        "/validate",
        response_class=Response,
        responses=_RESPONSES,
        openapi_extra={"requestBody": _BODY, "parameters": _PARAMETERS},
    )
    async def validate(request: Request) -> Response:
        """Check RDF or a table by the rules of this service, or by shapes of your own. Nothing is stored."""
        return await sandbox.answer(request)


class Sandbox:
    """Answers for `/validate`. `rules`: the rules in force as N-Triples, None for those that are shipped."""

    def __init__(self, validators: Validators, intake: Intake, rules: Callable[[], bytes | None], pages: Pages) -> None:
        self._validators = validators
        self._intake = intake
        self._rules = rules
        self._pages = pages
        self._settings = pages.addresses.settings
        self._limits = self._settings.writing
        self._threads = ThreadPoolExecutor(self._limits.validators, "validate")
        self._inside = 0

    def page(self, request: Request) -> Response:
        """The form."""
        return self._show(request, 200)

    async def answer(self, request: Request) -> Response:
        """The report, in the format that the request prefers. Raises Problem, unless the request prefers a page."""
        choice = choose(request.headers.get("accept"), _OFFERS)
        if choice is None:
            raise problems.not_acceptable(offer.media_type for offer in _OFFERS)
        language: Language = "en" if self._pages.view(request).language == "en" else "fr"
        try:
            findings = await self._findings(request, language)
        except Problem as problem:
            if choice.offer is HTML:
                return self._show(request, problem.kind.status, problem=problem, headers=dict(problem.headers))
            raise
        if choice.offer is HTML:
            return self._show(request, 200, findings=findings)
        if choice.offer is _JSON:
            return JSONResponse(findings.document, 200, _UNFILED)
        assert choice.offer.form is not None
        body = await self._work(written, findings.report, choice.offer.form)
        return Response(body, 200, _UNFILED, choice.offer.content_type)

    async def _findings(self, request: Request, language: Language) -> Findings:
        """What was found, once it is this request's turn. Raises Problem."""
        if self._inside >= self._limits.validators * (1 + _WAITING):
            raise _busy()
        self._inside += 1
        try:
            sent = await received(request, self._limits.body, self._limits.seconds)
            return await self._work(self._judge, sent, language)
        finally:
            self._inside -= 1

    async def _work(self, function: Callable[..., T], *arguments: Any) -> T:
        """What a function returns, called in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(function, *arguments))

    def _judge(self, sent: Sent, language: Language) -> Findings:
        try:
            if sent.shapes is None:
                data = self._statements(sent.data, sent.fields)
                return own(self._validators.validate(data, shapes=self._rules()), language)
            data, shapes = self._as_written(sent.data, sent.fields), self._as_written(sent.shapes, {})
            return foreign(self._validators.run_foreign(_ntriples(data), _ntriples(shapes)))
        except REFUSED as error:
            raise problem_of(error, language) from error

    def _statements(self, body: Body, fields: dict[str, str]) -> Statements:
        """What a body says, all its graphs together, as the store would hold it."""
        base = self._settings.base
        if body.is_table:
            name = body.name or "tableau"
            table = Table(name, body.data, base, title=fields.get("title"), number=fields.get("number"))
            return self._intake.table(table)[1]
        found = self._intake.rdf(Rdf(body.data, body.media_type, base, contexts=contexts(self._pages.addresses.context)))
        return frozenset[str]().union(*found.values())

    def _as_written(self, body: Body, fields: dict[str, str]) -> Statements:
        """What a body says, to the letter: shapes may ask how a value is written."""
        if body.is_table:
            return self._statements(body, fields)
        known = contexts(self._pages.addresses.context)
        return self._intake.verbatim(Verbatim(body.data, body.media_type, self._settings.base, known))

    def _show(
        self,
        request: Request,
        status: int,
        *,
        findings: Findings | None = None,
        problem: Problem | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        view = self._pages.view(request)
        body = self._pages.render(
            view,
            "validate.html",
            w=words(view.language),
            findings=findings,
            problem=problem,
            mebibytes=self._limits.body,
        )
        told = {**_UNFILED, "Content-Language": view.language, **(headers or {})}
        return Response(body, status, told, HTML.media_type)


def _ntriples(statements: Statements) -> bytes:
    return "".join(f"{line}\n" for line in sorted(statements)).encode()


def _busy() -> Problem:
    detail = Text("Trop de documents sont contrôlés en ce moment.", "Too many documents are being checked right now.")
    return Problem(problems.OVERLOADED, detail, _LATER)
