"""Reading the graphs of the store by name (SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2, 5.2 and 5.6).

`?default` is the graph that queries see by default: the union of all graphs. A graph whose name is an address of this service can
also be had there (section 4.1), by way of 303 where it is named after a thing: `/id/certification/…`, `/ns`, `/scheme/…`.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import Names
from referentiel.store import BadQuery, Engine
from referentiel.vocabulary import empty_graph
from referentiel.web import problems
from referentiel.web.documents import OFFERS
from referentiel.web.graphs import RESPONSES, answer_graph, answer_page, negotiated, refusal
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.representations import represent
from referentiel.web.service_description import dataset, named, triples
from referentiel.web.texts import Text

_MACHINES: Final = tuple(candidate for candidate in OFFERS if candidate.form)
_ABSOLUTE: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+""")


def graph_store_routes(app: FastAPI, store: Engine, pages: Pages) -> None:
    """Declare `/graphs`, for reading."""
    graphs = GraphStore(store, pages)

    @app.get(
        "/graphs",
        response_class=Response,
        responses=RESPONSES | refusal(400, "Neither one graph nor the default one is named.") | refusal(404, "No such graph."),
    )
    def graph_store(
        request: Request,
        graph: Annotated[str | None, Query(description="The name of a graph: an absolute IRI.")] = None,
        default: Annotated[str | None, Query(description="No value: the default graph, which is the union of all graphs.")] = None,
    ) -> Response:
        """A graph by its name, as `graph` or `default` says; without either, the list of the graphs."""
        del graph, default  # named here for the description; read with all that was sent, since a second one is a mistake
        return graphs.answer(request)


class GraphStore:
    """Answers for `/graphs`."""

    def __init__(self, store: Engine, pages: Pages) -> None:
        self._store = store
        self._pages = pages
        self._names = Names.of(pages.addresses.settings)

    def answer(self, request: Request) -> Response:
        """The graph that the parameters name, or the list. Raises Problem (400, 404, 406)."""
        sent = [(name, value) for name, value in request.query_params.multi_items() if name in {"graph", "default"}]
        if not sent:
            return self._list(request)
        (name, value), *more = sent
        if more or (name == "default" and value) or (name == "graph" and not _ABSOLUTE.fullmatch(value)):
            raise _misnamed(sent)
        held = "?s ?p ?o" if name == "default" else f"GRAPH <{value}> {{ ?s ?p ?o }}"
        if name == "graph" and not self._holds(held):
            raise problems.not_found(value)
        return self._whole(request, held)

    def _holds(self, pattern: str) -> bool:
        try:
            return bool(self._store.query(f"SELECT ?s {{ {pattern} }} LIMIT 1").rows())
        except BadQuery:  # the engine knows more rules of IRIs than our pattern has, and holds no graph of such a name
            return False

    def _whole(self, request: Request, pattern: str) -> Response:
        """All triples that match, written by the engine: the union may be far larger than what a page or a tree can show."""
        chosen = negotiated(request, _MACHINES)
        assert chosen.form is not None, "only machines' formats are on offer"
        body = self._store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}").serialize(chosen.form)
        return represent(request, body, chosen.media_type, {"Vary": "Accept"})

    def _list(self, request: Request) -> Response:
        chosen = negotiated(request)
        if chosen.form is None:
            return answer_page(request, self._pages, self._html(request))
        graph = empty_graph()
        for triple in dataset(self._store, self._names):
            graph.add(triple)
        return answer_graph(request, self._pages, graph, self._names.service, chosen)

    def _html(self, request: Request) -> bytes:
        view = self._pages.view(request)
        listed = named(self._store, self._names)
        counts = triples(self._store, self._names, listed)
        return self._pages.render(
            view,
            "graphs.html",
            graphs=[(name, view.of(name) or name, counts.get(name)) for name in listed],
            bounded=len(listed) < len(self._store.graph_names()),
        )


def _misnamed(sent: list[tuple[str, str]]) -> Problem:
    """400: exactly one graph must be named (section 4.2)."""
    found = " ; ".join(f"{name}={value}" if value else name for name, value in sent)
    return Problem(
        problems.BAD_REQUEST,
        Text(
            f"Attendu : « default » sans valeur, ou « graph » une fois avec un IRI absolu ; trouvé : « {found} ».",
            f"Expected: “default” without a value, or “graph” once with an absolute IRI; found: “{found}”.",
        ),
    )
