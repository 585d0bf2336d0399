"""Writing the graphs of the store by name (SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.3 to 5.7).

The default graph is the union of all graphs: what is added to it goes into the graph without a name, which is a part of the union.
It can't be replaced or removed as a whole: a client that put back what it had got would write everything twice.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import FastAPI, Query
from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.access import Identity
from referentiel.gate.proposals import Merge, Replace, Withdraw
from referentiel.store import Statements
from referentiel.store.loading import is_iri
from referentiel.web import problems
from referentiel.web.bodies import MULTIPART, RDF, UPDATE, Body, parts
from referentiel.web.conditions import WHY_LIMIT
from referentiel.web.documentation import ACCEPTED, REFUSALS, writing
from referentiel.web.graph_store import Named, named_graph
from referentiel.web.graphs import refusal
from referentiel.web.patching import WorkOut, updating
from referentiel.web.problems import Problem
from referentiel.web.texts import Text
from referentiel.web.writes import Target, Writes

Name = Annotated[str | None, Query(description="The name of a graph: an absolute IRI.")]
Default = Annotated[str | None, Query(description="No value: the default graph. It can be added to, not replaced or removed.")]
Why = Annotated[str | None, Query(description="Why, for the history.", max_length=WHY_LIMIT)]

_SAVED: Final[dict[int | str, dict[str, Any]]] = (
    ACCEPTED | REFUSALS | refusal(410, "It is that of a certification that was withdrawn.")
)
_KNOWN: Final = refusal(404, "There is no such graph.")


def graph_writing_routes(app: FastAPI, writes: Writes, work_out: WorkOut) -> None:
    """Declare `/graphs` and `/id/…`, for writing."""
    graphs = GraphWriting(writes, work_out)
    _by_parameter(app, graphs)
    _by_address(app, graphs)


def _by_parameter(app: FastAPI, graphs: GraphWriting) -> None:
    @app.put("/graphs", response_class=Response, responses=_SAVED, openapi_extra=writing(RDF))
    async def put_graph(request: Request, graph: Name = None, default: Default = None, why: Why = None) -> Response:
        """Put a graph in the place of what bears its name. One that is named after a certification is that certification."""
        del graph, default, why  # named for the description; read with all that was sent
        return await graphs.put(request, graphs.one(request))

    @app.post("/graphs", response_class=Response, responses=_SAVED, openapi_extra=writing((*RDF, MULTIPART)))
    async def post_graph(request: Request, graph: Name = None, default: Default = None, why: Why = None) -> Response:
        """Add to a graph; without `graph` and `default`, make one with a new name, which Location tells."""
        del graph, default, why
        return await graphs.post(request, graphs.any(request))

    @app.patch("/graphs", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing((UPDATE,)))
    async def patch_graph(request: Request, graph: Name = None, default: Default = None, why: Why = None) -> Response:
        """Change a graph by a SPARQL update that stays within it."""
        del graph, default, why
        return await graphs.patch(request, graphs.one(request))

    @app.delete("/graphs", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing())
    async def delete_graph(request: Request, graph: Name = None, default: Default = None, why: Why = None) -> Response:
        """Remove a graph; withdraw the certification that it is named after."""
        del graph, default, why
        return await graphs.delete(request, graphs.one(request))


def _by_address(app: FastAPI, graphs: GraphWriting) -> None:
    """Direct identification (section 4.1): the address of the request is the name of the graph."""

    @app.put("/id/{rest:path}", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing(RDF))
    async def put_direct(request: Request, rest: str, why: Why = None) -> Response:
        """Put a graph in the place of the one that is named by this address."""
        del why
        return await graphs.put(request, graphs.at(rest))

    @app.post("/id/{rest:path}", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing((*RDF, MULTIPART)))
    async def post_direct(request: Request, rest: str, why: Why = None) -> Response:
        """Add to the graph that is named by this address."""
        del why
        return await graphs.post(request, graphs.at(rest))

    @app.patch("/id/{rest:path}", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing((UPDATE,)))
    async def patch_direct(request: Request, rest: str, why: Why = None) -> Response:
        """Change the graph that is named by this address."""
        del why
        return await graphs.patch(request, graphs.at(rest))

    @app.delete("/id/{rest:path}", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing())
    async def delete_direct(request: Request, rest: str, why: Why = None) -> Response:
        """Remove the graph that is named by this address."""
        del why
        return await graphs.delete(request, graphs.at(rest))


class GraphWriting:
    """Answers for `/graphs` where something is written."""

    def __init__(self, writes: Writes, work_out: WorkOut) -> None:
        self._writes = writes
        self._work_out = work_out
        self._addresses = writes.pages.addresses
        self._space = writes.gate.space

    def any(self, request: Request) -> URIRef | None:
        """The graph that a request names, a new one where it names none. Raises Problem (400)."""
        named = _named(request)
        return URIRef(f"{self._space.base}graph/{uuid4()}") if named is None else named.name

    def at(self, rest: str) -> URIRef:
        """The graph that is named by the address `/id/` and what follows. Raises Problem (404)."""
        name = self._addresses.resource(rest) if rest else None
        if name is None or not is_iri(name):
            raise problems.not_found(f"/id/{rest}")
        return name

    def one(self, request: Request) -> URIRef:
        """The one graph that a request names. Raises Problem (400, 403)."""
        named = _named(request)
        if named is None:
            raise Problem(
                problems.BAD_REQUEST,
                Text("Attendu : ?graph= et un IRI ; trouvé : rien.", "Expected: ?graph= and an IRI; found: nothing."),
            )
        if named.name is None:
            raise Problem(
                problems.PROTECTED_GRAPH,
                Text(
                    "Le graphe par défaut est l'union de tous : il se complète (POST), mais ne se remplace ni ne se retire.",
                    "The default graph is the union of all: it can be added to (POST), not replaced or removed as a whole.",
                ),
            )
        return named.name

    async def put(self, request: Request, name: URIRef) -> Response:
        """Replace a graph."""
        identity = await self._permitted(request, name)
        body = await self._writes.body(request, RDF, "Accept")
        return await self._writes.make(
            request, identity, self._target(name), lambda: Replace(name, self._read([body], name)), body=body
        )

    async def post(self, request: Request, name: URIRef | None) -> Response:
        """Add to a graph."""
        identity = await self._permitted(request, name)
        body = await self._writes.body(request, (*RDF, MULTIPART), "Accept-Post")
        files = await parts(request, body)

        def propose() -> Merge:
            return Merge(name, self._read(files, name))

        return await self._writes.make(request, identity, self._target(name), propose, body=body)

    async def patch(self, request: Request, name: URIRef) -> Response:
        """Change a part of a graph."""
        identity = await self._permitted(request, name)
        body = await self._writes.body(request, (UPDATE,), "Accept-Patch")
        text = body.text
        return await self._writes.make(
            request,
            identity,
            self._target(name),
            lambda: updating(name, lambda engine: self._work_out(text, engine)),
            body=body,
        )

    async def delete(self, request: Request, name: URIRef) -> Response:
        """Remove a graph."""
        identity = await self._permitted(request, name, withdraws=True)
        return await self._writes.make(request, identity, self._target(name), lambda: Withdraw(name))

    async def _permitted(self, request: Request, name: URIRef | None, *, withdraws: bool = False) -> Identity:
        code = self._space.code(name)
        if code is None:
            return await self._writes.permit(request, "graphs")
        return await self._writes.permit(request, "withdraw" if withdraws else "write", code)

    def _read(self, files: list[Body], name: URIRef | None) -> Statements:
        return frozenset().union(*(self._writes.reader.statements(file, name) for file in files))

    def _target(self, name: URIRef | None) -> Target:
        """A graph is found at its name (section 4.1), or by it at /graphs; the default one only there."""
        return Target(name, str(name) if name is not None else f"{self._addresses.public('/graphs')}?default")


def _named(request: Request) -> Named | None:
    """The graph that a request names; None where it names none. Raises Problem (400)."""
    named = named_graph(request)
    if named is not None and named.name is not None and not is_iri(named.name):
        raise Problem(
            problems.BAD_REQUEST,
            Text(f"Attendu : un IRI absolu ; trouvé : « {named.name} ».", f"Expected: an absolute IRI; found: “{named.name}”."),
        )
    return named
