"""Answers to requests that fail: a problem as a page or as problem+json, whatever raised it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from referentiel.store import StoreUnavailable
from referentiel.web import problems
from referentiel.web.http import allowed_methods
from referentiel.web.negotiation import HTML
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
        found = "; ".join(f"{fault['loc'][-1]} : {fault['input']!r} ({fault['msg']})" for fault in error.errors())
        return self.answer(request, Problem(problems.INVALID_PARAMETER, Text(found, found)))

    async def _on_store(self, request: Request, _error: Exception) -> Response:
        detail = Text("Le magasin ne répond pas.", "The store does not answer.")
        return self.answer(request, Problem(problems.STORE_UNAVAILABLE, detail))


def _of_http(request: Request, error: HTTPException) -> Problem:
    """What the router refuses by itself."""
    if error.status_code == 404:
        return problems.not_found(request.scope["path"])
    if error.status_code == 405:
        allow = allowed_methods(request.scope) or "GET, HEAD, OPTIONS"  # below a mount, the routes are out of sight
        detail = Text(f"Trouvé : {request.method} ; admis : {allow}.", f"Found: {request.method}; allowed: {allow}.")
        return Problem(problems.METHOD_NOT_ALLOWED, detail, {"Allow": allow})
    return Problem(problems.BAD_REQUEST, Text(str(error.detail), str(error.detail)))
