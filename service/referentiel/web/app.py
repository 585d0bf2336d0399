"""The application: every route, and what answers it."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from referentiel.exports.jsonld import CONTEXT
from referentiel.settings import Settings
from referentiel.store import Engine, StoreUnavailable, deepen_stacks
from referentiel.web import problems
from referentiel.web.addresses import Addresses
from referentiel.web.documentation import SPARQL
from referentiel.web.documents import OFFERS, Documents
from referentiel.web.http import EveryRoute, allowed_methods
from referentiel.web.negotiation import HTML
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.representations import represent
from referentiel.web.sparql import SparqlEndpoint
from referentiel.web.texts import Text

Language: TypeAlias = Annotated[
    Literal["fr", "en"] | None, Query(alias="lang", description="The language of the page; without it, Accept-Language decides.")
]

_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {}}}
_DOCUMENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The document, in the format asked for.", "content": {offer.media_type: {} for offer in OFFERS}},
    304: {"description": "The client holds the document already (If-None-Match)."},
    404: {"description": "Nothing of that address is described here."} | _PROBLEM,
    406: {"description": "No format on offer fits Accept."} | _PROBLEM,
}
_PAGE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A page.", "content": {"text/html": {}}}}


def create_app(store: Engine, settings: Settings) -> FastAPI:
    """The service over a store. What it says of itself comes from the settings, never from a request."""
    deepen_stacks()
    pages = Pages(store, Addresses(settings))
    app = FastAPI(
        title="Référentiel",
        version=version("referentiel"),
        summary="The knowledge graph of French professional certifications: activities, competencies, assessment criteria.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": settings.public_url}] if settings.public_url else None,
    )
    _data_routes(app, store, pages)
    _page_routes(app, pages)
    _probes(app, store)
    _failures(app, pages)
    return app


def _data_routes(app: FastAPI, store: Engine, pages: Pages) -> None:
    documents = Documents(store, pages)
    app.router.routes.append(Route("/sparql", SparqlEndpoint(store, pages), methods=["GET", "POST"]))

    @app.get("/id/{rest:path}", status_code=303, response_class=Response, responses={404: _DOCUMENT[404]})
    def thing(rest: str) -> Response:
        """A resource of the graph: leads to the document about it."""
        return documents.redirect(rest)

    @app.get("/doc/{rest:path}", response_class=Response, responses=_DOCUMENT)
    def document(request: Request, rest: str, _language: Language = None) -> Response:
        """The document about a resource; a suffix (.html, .ttl, .jsonld, .rdf, .nt) fixes the format."""
        return documents.resource(request, rest)

    @app.get("/ns", response_class=Response, responses=_DOCUMENT)
    def ontology(request: Request, _language: Language = None) -> Response:
        """The ontology."""
        return documents.vocabulary(request, "ns")

    @app.get("/ns.{suffix}", response_class=Response, responses=_DOCUMENT)
    def ontology_in(request: Request, suffix: str, _language: Language = None) -> Response:
        """The ontology in one format."""
        return documents.vocabulary(request, f"ns.{suffix}")

    @app.get("/ns/{version}", response_class=Response, responses=_DOCUMENT)
    def ontology_version(request: Request, version: str, _language: Language = None) -> Response:
        """The ontology by its version; only the current one is held."""
        return documents.vocabulary(request, f"ns/{version}")

    @app.get("/shapes", response_class=Response, responses=_DOCUMENT)
    def shapes(request: Request, _language: Language = None) -> Response:
        """The validation rules."""
        return documents.vocabulary(request, "shapes")

    @app.get("/shapes.{suffix}", response_class=Response, responses=_DOCUMENT)
    def shapes_in(request: Request, suffix: str, _language: Language = None) -> Response:
        """The validation rules in one format."""
        return documents.vocabulary(request, f"shapes.{suffix}")

    @app.get("/scheme/{name}", response_class=Response, responses=_DOCUMENT)
    def scheme(request: Request, name: str, _language: Language = None) -> Response:
        """A list of values."""
        return documents.vocabulary(request, f"scheme/{name}")

    @app.get("/alignment/{name}", response_class=Response, responses=_DOCUMENT)
    def alignment(request: Request, name: str, _language: Language = None) -> Response:
        """An alignment of our terms with another vocabulary."""
        return documents.vocabulary(request, f"alignment/{name}")

    @app.get("/context.jsonld", response_class=Response, responses={200: {"content": {"application/ld+json": {}}}})
    def context(request: Request) -> Response:
        """The JSON-LD context that the JSON-LD documents name."""
        body = json.dumps({"@context": CONTEXT}, ensure_ascii=False, indent=2).encode() + b"\n"
        return represent(request, body, "application/ld+json", {})


def _page_routes(app: FastAPI, pages: Pages) -> None:
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))

    def page(request: Request, body: bytes) -> Response:
        headers = {"Vary": "Accept-Language", "Content-Language": pages.view(request).language}
        return represent(request, body, HTML.media_type, headers)

    @app.get("/", response_class=Response, responses=_PAGE)
    def home(request: Request, _language: Language = None) -> Response:
        """What this is, and the certifications held."""
        return page(request, pages.home(request))

    @app.get("/docs", response_class=Response, responses=_PAGE)
    def documentation(request: Request, _language: Language = None) -> Response:
        """This description, as a page."""
        return page(request, pages.documentation(request, app.openapi()))

    @app.get("/problems", response_class=Response, responses=_PAGE)
    def problem_kinds(request: Request, _language: Language = None) -> Response:
        """The kinds of problems that an answer may name."""
        return page(request, pages.problem_kinds(request))

    @app.get("/problems/{slug}", response_class=Response, responses=_PAGE | {404: _DOCUMENT[404]})
    def problem_kind(request: Request, slug: str, _language: Language = None) -> Response:
        """What a kind of problem means, and how to mend it."""
        if slug not in problems.KINDS:
            raise problems.not_found(f"/problems/{slug}")
        return page(request, pages.problem_kind(request, slug))

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, summary=app.summary, routes=app.routes, servers=app.servers or None
            )
            schema["paths"] = {"/sparql": SPARQL, **schema["paths"]}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _probes(app: FastAPI, store: Engine) -> None:
    @app.get("/healthz")
    async def alive() -> dict[str, str]:
        """Whether the process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", responses={503: {"description": "The store does not answer."} | _PROBLEM})
    def ready() -> dict[str, str]:
        """Whether the store answers."""
        store.query("ASK {}")
        return {"status": "ok"}


def _failures(app: FastAPI, pages: Pages) -> None:
    def answer(request: Request, problem: Problem) -> Response:
        headers = {"Vary": "Accept, Accept-Language", "Content-Language": pages.view(request).language, **problem.headers}
        if pages.wanted(request):
            return Response(pages.problem(request, problem), problem.kind.status, headers, HTML.media_type)
        kind = pages.addresses.public(f"/problems/{problem.kind.slug}")
        instance = pages.addresses.path(request.scope["path"])
        body = problems.members(problem, pages.view(request).language, kind, instance)
        return JSONResponse(body, problem.kind.status, headers, "application/problem+json")

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(request, error)

    async def on_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, _of_http(request, error))

    async def on_parameter(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found = "; ".join(f"{fault['loc'][-1]} : {fault['input']!r} ({fault['msg']})" for fault in error.errors())
        return answer(request, Problem(problems.INVALID_PARAMETER, Text(found, found)))

    async def on_store(request: Request, _error: Exception) -> Response:
        return answer(request, Problem(problems.STORE_UNAVAILABLE, Text("Le magasin ne répond pas.", "The store does not answer.")))

    def crashed(request: Request) -> Response:
        return answer(request, Problem(problems.INTERNAL_ERROR, Text("La faute est consignée.", "The fault is logged.")))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_refusal)
    app.add_exception_handler(RequestValidationError, on_parameter)
    app.add_exception_handler(StoreUnavailable, on_store)
    app.add_middleware(EveryRoute, crashed=crashed)


def _of_http(request: Request, error: HTTPException) -> Problem:
    """What the router refuses by itself."""
    if error.status_code == 404:
        return problems.not_found(request.scope["path"])
    if error.status_code == 405:
        allow = allowed_methods(request.scope) or "GET, HEAD, OPTIONS"  # below a mount, the routes are out of sight
        detail = Text(f"Trouvé : {request.method} ; admis : {allow}.", f"Found: {request.method}; allowed: {allow}.")
        return Problem(problems.METHOD_NOT_ALLOWED, detail, {"Allow": allow})
    return Problem(problems.BAD_REQUEST, Text(str(error.detail), str(error.detail)))
