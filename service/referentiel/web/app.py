"""The application: every route, and what answers it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import FastAPI, Query
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from referentiel import resources
from referentiel.access import FILE, Tokens, issuer_of
from referentiel.catalog import Names, describe
from referentiel.exports.jsonld import CONTEXT
from referentiel.gate import Gate
from referentiel.history import History
from referentiel.readers import Answers, Job, Readers
from referentiel.settings import Settings
from referentiel.store import Engine, ResultFormat, deepen_stacks
from referentiel.web import problems, service_description
from referentiel.web.access_log import AccessLog
from referentiel.web.addresses import Addresses
from referentiel.web.authentication import Doorkeeper
from referentiel.web.catalog import catalog_routes
from referentiel.web.certification_list import CertificationList
from referentiel.web.certifications import certification_routes
from referentiel.web.checkpoints import checkpoint_routes
from referentiel.web.coverage import coverage_routes
from referentiel.web.documentation import SECURITY_SCHEMES, SPARQL_PATHS
from referentiel.web.documents import OFFERS, Documents
from referentiel.web.failures import Failures
from referentiel.web.fairness import Fairness, FairShare
from referentiel.web.foreign import foreign_routes
from referentiel.web.graph_store import graph_store_routes
from referentiel.web.graph_writing import graph_writing_routes
from referentiel.web.graphs import answer_graph, negotiated
from referentiel.web.history_routes import history_routes
from referentiel.web.http import EveryRoute
from referentiel.web.library import library_routes
from referentiel.web.metrics import Metrics, Readings, metrics_routes
from referentiel.web.negotiation import HTML
from referentiel.web.observed import Observed, kinds
from referentiel.web.pages import Pages
from referentiel.web.processes import Processes
from referentiel.web.register import Register
from referentiel.web.representations import represent
from referentiel.web.review_service import review_service
from referentiel.web.sparql import SparqlEndpoint
from referentiel.web.updates import Updates
from referentiel.web.validation import Sandbox, validation_routes
from referentiel.web.versions import Versions
from referentiel.web.writes import Writes

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


class Service(FastAPI):
    """The application. Questions go to the endpoint straight: FastAPI's own layers cost as much as a small query."""

    straight: ASGIApp | None = None
    answers: Answers
    metrics: Metrics
    gate: Gate
    processes: Processes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["path"] == "/sparql" and scope["method"] in {"GET", "HEAD", "POST"} and self.straight:
            await self.straight(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(store: Engine, operator: Settings, address: str | None = None) -> Service:
    """The service over a store. What it says of itself comes from the settings, never from a request.

    `address`: where it is reached, when the settings don't say; what is written into the store does not depend on it.

    Its readers live as long as its lifespan (ASGI).
    """
    deepen_stacks()
    settings = replace(operator, public_url=operator.public_url or address)
    pages = Pages(store, Addresses(settings))
    failures = Failures(pages)
    readers = Readers(store, settings.limits, partial(describe, store, operator), _asked_anew(Addresses(settings).endpoint))
    processes = Processes(settings)
    gate = Gate(store, settings, History(store, settings.base), processes.judges.validate)
    doorkeeper = Doorkeeper(Tokens((store.folder or settings.store) / FILE), issuer_of(settings.writing))
    writes = Writes(gate, doorkeeper, pages, failures.answer, processes.intake)
    updates = Updates(writes, doorkeeper, processes.updater, gate.space, Addresses(settings).endpoint)
    described = partial(_description, store, settings, pages)
    endpoint = SparqlEndpoint(readers, pages, settings.limits, described, failures.answer, updates)
    app = Service(
        title="Référentiel",
        version=version("referentiel"),
        summary="The knowledge graph of French professional certifications: activities, competencies, assessment criteria.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": settings.public_url}] if settings.public_url else None,
        lifespan=partial(_lifespan, readers, processes),
    )
    metrics = Metrics(partial(_readings, readers))
    app.router.routes += [Route(path, endpoint, methods=["GET", "POST"]) for path in ("/sparql", "/sparql.{suffix}")]
    versions = Versions(store, gate.history, pages)
    documents = Documents(store, pages, versions.gone)
    history_routes(app, versions)  # before the documents, whose addresses would take those of versions
    foreign_routes(app, store, documents, pages, _DOCUMENT)
    _data_routes(app, documents)
    library_routes(app, resources.questions(), documents, pages, endpoint.answer)
    coverage_routes(app, store, pages, resources.questions(), endpoint.answer)
    catalog_routes(app, store, pages)
    graph_store_routes(app, store, pages, endpoint.answer)
    graph_writing_routes(app, writes, updates.patched)
    certification_routes(
        app, Register(store, writes, documents, versions, updates.patched), CertificationList(store, pages, gate.space)
    )
    validation_routes(app, Sandbox(processes.sandbox, processes.intake, lambda: gate.rules.shapes, pages))
    checkpoint_routes(app, store, doorkeeper)
    review_service(app, gate, doorkeeper, pages)
    _page_routes(app, pages)
    _probes(app, store)
    metrics_routes(app, metrics)
    failures.register(app)
    _surround(app, endpoint, failures, metrics, settings)
    app.answers, app.metrics, app.gate, app.processes = readers.answers, metrics, gate, processes
    return app


def _asked_anew(base: str) -> tuple[Job, ...]:
    """The examples of the library that find something, which pages lead to: they are answered before anybody asks."""
    return tuple(
        Job(
            question.text,
            bindings=tuple(sorted(question.bindings(question.example).items())),
            table=ResultFormat.JSON,
            graph=ResultFormat.TURTLE,
            base=base,
        )
        for question in resources.questions()
        if question.expects_none is None
    )


def _surround(app: Service, endpoint: SparqlEndpoint, failures: Failures, metrics: Metrics, settings: Settings) -> None:
    """What stands around the routes and around the endpoint alike, from the innermost to the outermost."""
    log = AccessLog(settings.access_log) if settings.access_log else None
    paths = [route.path for route in app.router.routes if isinstance(route, Route | Mount)]
    layers: list[tuple[Any, dict[str, Any]]] = [
        (
            EveryRoute,
            {"crashed": failures.crashed, "cut": failures.cut, "secure": (settings.public_url or "").startswith("https:")},
        ),
        (Observed, {"metrics": metrics, "kinds": kinds(paths), "log": log}),
    ]
    if settings.limits.rate:
        layers.insert(0, (FairShare, {"fairness": Fairness(settings.limits.rate), "refused": failures.answer}))
    app.straight = endpoint
    for layer, options in layers:
        app.add_middleware(layer, **options)
        app.straight = layer(app.straight, **options)


@asynccontextmanager
async def _lifespan(readers: Readers, processes: Processes, _app: FastAPI) -> AsyncIterator[None]:
    await readers.start()
    try:
        yield
    finally:
        await readers.close()
        await asyncio.to_thread(processes.close)


def _readings(readers: Readers) -> Readings:
    """The readers in the words of the metrics."""
    status = readers.pool.status()
    lanes = {"busy": status.busy, "idle": status.idle}
    return Readings(
        workers={(lane, state): count for state, counts in lanes.items() for lane, count in counts.items()},
        replaced=status.ended,
        waiting=sum(status.waiting.values()),
        cache_bytes=readers.answers.size,
        cache_entries=len(readers.answers),
        cache_hits=readers.answers.hits,
        generation=int(status.generation or "0", 16) / 1e9,
    )


def _description(store: Engine, settings: Settings, pages: Pages, request: Request) -> Response:
    machines = tuple(candidate for candidate in OFFERS if candidate.form)
    graph = service_description.description(store, settings)
    return answer_graph(request, pages, graph, Names.of(settings).service, negotiated(request, machines))


def _data_routes(app: FastAPI, documents: Documents) -> None:
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
            schema["paths"] = {**SPARQL_PATHS, **schema["paths"]}
            schema["components"] = schema.get("components", {}) | {"securitySchemes": SECURITY_SCHEMES}
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
