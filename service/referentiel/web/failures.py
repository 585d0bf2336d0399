"""Answers to requests that fail: a problem as a page or as problem+json, whatever raised it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from referentiel.store import StoreUnavailable
from referentiel.web import problems
from referentiel.web.http import allowed_methods
from referentiel.web.negotiation import HTML
from referentiel.web.observed import note
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.texts import Text


class Failures:
    """Makes the answer to each way of failing."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def answer(self, request: Request, problem: Problem) -> Response:
        """A problem as the client prefers it."""
        view = self._pages.view(request)
        headers = {"Vary": "Accept, Accept-Language", "Content-Language": view.language, **problem.headers}
        if self._pages.wanted(request):
            return Response(self._pages.problem(request, problem), problem.kind.status, headers, HTML.media_type)
        kind = self._pages.addresses.public(f"/problems/{problem.kind.slug}")
        instance = self._pages.addresses.path(request.scope["path"])
        body = problems.members(problem, view.language, kind, instance)
        return JSONResponse(body, problem.kind.status, headers, "application/problem+json")

    def crashed(self, request: Request) -> Response:
        """A fault of ours."""
        return self.answer(request, Problem(problems.INTERNAL_ERROR, Text("La faute est consignée.", "The fault is logged.")))

    def cut(self, request: Request) -> Response:
        """An answer that could not be ended, to a client that has got nothing of it."""
        late = note(request.scope).outcome == "timeout"
        detail = Text("La réponse n'a pas pu être achevée.", "The answer could not be ended.")
        return self.answer(request, Problem(problems.QUERY_TIMEOUT if late else problems.ANSWER_TOO_LARGE, detail))

    def register(self, app: FastAPI) -> None:
        """Have the routes of an application fail in this way."""
        app.add_exception_handler(Problem, self._on_problem)
        app.add_exception_handler(HTTPException, self._on_refusal)
        app.add_exception_handler(RequestValidationError, self._on_parameter)
        app.add_exception_handler(StoreUnavailable, self._on_store)

    async def _on_problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return self.answer(request, error)

    async def _on_refusal(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self.answer(request, _of_http(request, error))

    async def _on_parameter(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = error.errors()
        if any(fault["loc"][0] == "path" for fault in faults):  # an address that names nothing, such as a suffix of no format
            return self.answer(request, problems.not_found(request.scope["path"]))
        told = [_unfit(fault) for fault in faults]
        detail = Text(" ; ".join(text.fr for text in told), "; ".join(text.en for text in told))
        return self.answer(request, Problem(problems.INVALID_PARAMETER, detail))

    async def _on_store(self, request: Request, _error: Exception) -> Response:
        detail = Text("Le magasin ne répond pas.", "The store does not answer.")
        return self.answer(request, Problem(problems.STORE_UNAVAILABLE, detail))


_SHOWN: Final = 80
_EXPECTED: Final[Mapping[str, Text]] = {
    "greater_than_equal": Text("un nombre à partir de {ge} est attendu", "a number from {ge} is expected"),
    "less_than_equal": Text("un nombre jusqu'à {le} est attendu", "a number up to {le} is expected"),
    "int_parsing": Text("un nombre entier est attendu", "a whole number is expected"),
    "int_parsing_size": Text("un nombre entier moins long est attendu", "a shorter whole number is expected"),
    "bool_parsing": Text("« true » ou « false » est attendu", "“true” or “false” is expected"),
    "literal_error": Text("attendu : {expected}", "expected: {expected}"),
    "string_type": Text("un texte est attendu", "a text is expected"),
    "string_too_short": Text(
        "un texte d'au moins {min_length} caractères est attendu", "at least {min_length} characters are expected"
    ),
    "string_too_long": Text(
        "un texte d'au plus {max_length} caractères est attendu", "at most {max_length} characters are expected"
    ),
    "string_pattern_mismatch": Text("un texte de la forme {pattern} est attendu", "a text of the form {pattern} is expected"),
    "missing": Text("une valeur est attendue, rien n'est donné", "a value is expected, nothing is given"),
}
"""What a parameter should have been, by the kind of its fault (pydantic's error types)."""


def _unfit(fault: Mapping[str, Any]) -> Text:
    """What a parameter expects, and what was found."""
    kind, name, context = fault["type"], fault["loc"][-1], fault.get("ctx", {})
    expected = Text("cette valeur n'est pas attendue", fault["msg"])
    if kind in _EXPECTED:
        french = {key: str(value).replace(" or ", " ou ") for key, value in context.items()}
        expected = Text(_EXPECTED[kind].fr.format_map(french), _EXPECTED[kind].en.format_map(context))
    told = Text(f"{name} : {expected.fr}", f"{name}: {expected.en}")
    if kind == "missing":
        return told
    found = str(fault["input"])
    shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
    return Text(f"{told.fr} ; trouvé : « {shown} »", f"{told.en}; found: “{shown}”")


def _of_http(request: Request, error: HTTPException) -> Problem:
    """What the router refuses by itself."""
    if error.status_code == 404:
        return problems.not_found(request.scope["path"])
    if error.status_code == 405:
        allow = allowed_methods(request.scope) or "GET, HEAD, OPTIONS"  # below a mount, the routes are out of sight
        detail = Text(f"Trouvé : {request.method} ; admis : {allow}.", f"Found: {request.method}; allowed: {allow}.")
        return Problem(problems.METHOD_NOT_ALLOWED, detail, {"Allow": allow})
    return Problem(problems.BAD_REQUEST, Text(str(error.detail), str(error.detail)))
