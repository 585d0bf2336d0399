"""Reading the graphs of the store by name (SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2, 5.2 and 5.6).

`?default` is the graph that queries see by default: the union of all graphs. Either way a graph is asked for as the SPARQL endpoint
asks, within its limits: the union may be far larger than what a page or a tree can show. A graph whose name is an address of
this service can also be had there (section 4.1), by way of 303 where it is named after a thing: `/id/certification/…`, `/ns`,
`/scheme/…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import FastAPI, Query
from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import Names
from referentiel.store import BadQuery, Engine
from referentiel.vocabulary import VOID, empty_graph
from referentiel.web import problems
from referentiel.web.formats import GRAPHS, formats
from referentiel.web.graphs import RESPONSES, answer_graph, answer_page, negotiated, refusal
from referentiel.web.negotiation import HTML, Offer
from referentiel.web.pages import Pages
from referentiel.web.paging import Place, paging
from referentiel.web.problems import Problem
from referentiel.web.questions import FORMAT_TOKENS, Question
from referentiel.web.service_description import collection, dataset, triples
from referentiel.web.texts import Text

PAGE_SIZE: Final = 1000
"""How many graphs stand on a page of the list."""

_ABSOLUTE: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+""")

Answer = Callable[[Request, Question], Response]
"""The answer to a question as /sparql gives it; see SparqlEndpoint.answer."""


def graph_store_routes(app: FastAPI, store: Engine, pages: Pages, answer: Answer) -> None:
    """Declare `/graphs`, for reading."""
    graphs = GraphStore(store, pages, answer)

    @app.get(
        "/graphs",
        response_class=Response,
        responses=RESPONSES
        | refusal(400, "Neither one graph nor the default one is named.")
        | refusal(404, "No such graph, or no such page of the list.")
        | refusal(
            413,
            "The graph has more triples than an answer may have (header Query-Limits). Ask for smaller graphs by their names;"
            " the operator raises the limit with REFERENTIEL_ANSWER_ROWS.",
        )
        | refusal(503, "The limit of time or of memory is reached, or too many wait; see Retry-After."),
    )
    def graph_store(
        request: Request,
        graph: Annotated[str | None, Query(description="The name of a graph: an absolute IRI.")] = None,
        default: Annotated[str | None, Query(description="No value: the default graph, which is the union of all graphs.")] = None,
        format: Annotated[str | None, Query(description="ttl, jsonld, rdf or nt, where Accept names no format.")] = None,  # noqa: A002 - the parameter's name
        page: Annotated[int, Query(ge=1, description=f"The page of the list, from 1; each holds {PAGE_SIZE} graphs.")] = 1,
    ) -> Response:
        """A graph by its name, as `graph` or `default` says; without either, the list of the graphs, page by page."""
        del graph, default  # named here for the description; read with all that was sent, since a second one is a mistake
        return graphs.answer(request, format or "", page)


class GraphStore:
    """Answers for `/graphs`."""

    def __init__(self, store: Engine, pages: Pages, answer: Answer) -> None:
        self._store = store
        self._pages = pages
        self._answer = answer
        self._settings = pages.addresses.settings
        self._names = Names.of(self._settings)

    def answer(self, request: Request, token: str, page: int) -> Response:
        """The graph that the parameters name, or a page of the list. Raises Problem (400, 404, 406, 413)."""
        named = named_graph(request)
        if named is None:
            return self._list(request, page)
        held = "?s ?p ?o" if named.name is None else f"GRAPH <{named.name}> {{ ?s ?p ?o }}"
        if named.name is not None and not self._holds(held):
            raise problems.not_found(named.name)
        tokens = frozenset(FORMAT_TOKENS.get(token.strip().lower(), ()))
        _, chosen = formats(request.headers.get("accept", ""), tokens, fixed=False)
        if chosen is None:
            raise problems.not_acceptable(candidate.media_type for candidate in (*GRAPHS, HTML))
        if chosen.form is None:  # a page would be of no use for so many triples: people see where they can be downloaded
            return self._list(request, page) if named.name is None else self._one(request, named.name)
        if named.name is None:
            self._require_fitting()
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {held} }}"
        return self._answer(request, Question(text, formats=frozenset({chosen.form}), fixed=True))

    def _holds(self, pattern: str) -> bool:
        try:
            return bool(self._store.query(f"SELECT ?s {{ {pattern} }} LIMIT 1").rows())
        except BadQuery:  # the engine knows more rules of IRIs than our pattern has, and holds no graph of such a name
            return False

    def _require_fitting(self) -> None:
        """Refuse at once what would be cut after a long while, going by what the catalogue counts. Raises Problem (413)."""
        counted = f"{self._names.whole.n3()} {VOID.triples.n3()} ?n"
        rows = self._store.query(f"SELECT ?n {{ GRAPH {self._names.catalog.n3()} {{ {counted} }} }}").rows()
        held, limit = int(rows[0][0] or 0) if rows else 0, self._settings.limits.rows
        if held > limit:
            raise Problem(
                problems.ANSWER_TOO_LARGE,
                Text(
                    f"Au plus {limit} triplets ; trouvés : {held}. Les graphes peuvent être demandés un par un : "
                    "/graphs les énumère. L'exploitant relève la limite par REFERENTIEL_ANSWER_ROWS.",
                    f"At most {limit} triples; found: {held}. The graphs can be asked for one by one: /graphs lists them. "
                    "The operator raises the limit with REFERENTIEL_ANSWER_ROWS.",
                ),
            )

    def _place(self, number: int, total: int) -> Place:
        return Place(number, total, PAGE_SIZE, str(self._names.address("/graphs")))

    def _list(self, request: Request, number: int) -> Response:
        chosen = negotiated(request)
        held = self._store.graph_names()
        place = self._place(number, len(held))
        listed = held[place.offset : place.offset + place.size]
        headers = {"Link": ", ".join(place.links())}
        if chosen.form is None:
            return answer_page(request, self._pages, self._html(request, listed, place), headers)
        graph = empty_graph()
        for triple in (*dataset(self._store, self._names, listed), *paging(collection(self._names), place)):
            graph.add(triple)
        return answer_graph(request, self._pages, graph, self._names.service, chosen, headers)

    def _one(self, request: Request, name: URIRef) -> Response:
        return answer_page(request, self._pages, self._html(request, [name], self._place(1, 1)))

    def _html(self, request: Request, listed: Sequence[URIRef], place: Place) -> bytes:
        view = self._pages.view(request)
        counts = triples(self._store, self._names, listed)
        return self._pages.render(
            view,
            "graphs.html",
            union=self._downloads([("default", "")], GRAPHS),
            graphs=[
                (name, view.of(name) or _followed(name), counts.get(name), self._downloads([("graph", name)], GRAPHS[:1]))
                for name in listed
            ],
            place=place,
            others=place.hrefs(view.href("/graphs")),
        )

    def _downloads(self, named: list[tuple[str, str]], offers: Sequence[Offer]) -> Mapping[str, Offer]:
        """Links to a graph in formats."""
        path = self._pages.addresses.path("/graphs")
        return {f"{path}?{urlencode([*named, ('format', offer.suffix)])}": offer for offer in offers}


def _followed(name: str) -> str | None:
    """The name of a graph as a link, where following it can do no harm."""
    return str(name) if str(name).startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class Named:
    """The graph that a request is about: by its name, None for the default graph."""

    name: URIRef | None


def named_graph(request: Request) -> Named | None:
    """The graph that the parameters name; None where they name none. Raises Problem (400)."""
    sent = [(name, value) for name, value in request.query_params.multi_items() if name in {"graph", "default"}]
    if not sent:
        return None
    (name, value), *more = sent
    if more or (name == "default" and value) or (name == "graph" and not _ABSOLUTE.fullmatch(value)):
        raise _misnamed(sent)
    return Named(URIRef(value) if name == "graph" else None)


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
