"""The catalogue at `/catalog`, page by page as harvesters read it (Hydra), and the VoID description at `/.well-known/void`.

The store holds the whole of it (`referentiel.catalog`); a page holds whole datasets with their distributions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from fastapi import FastAPI, Path, Query
from rdflib import Graph, URIRef
from rdflib import Literal as Value
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import TYPED, Names, relocated
from referentiel.store import Engine, ResultFormat
from referentiel.vocabulary import DCAT, DCT, FOAF, RDF, VOID, empty_graph
from referentiel.web import problems
from referentiel.web.documents import OFFERS
from referentiel.web.graphs import RESPONSES, answer_graph, answer_page, negotiated, refusal
from referentiel.web.negotiation import Offer
from referentiel.web.pages import Pages, View
from referentiel.web.paging import Place, paging
from referentiel.web.problems import Problem
from referentiel.web.representations import link
from referentiel.web.texts import Text

PAGE_SIZE: Final = 100
"""How many datasets stand on a page."""

_BY_SUFFIX: Final = {candidate.suffix: candidate for candidate in OFFERS}
_PARTITIONS: Final = f"{VOID.classPartition.n3()}|{VOID.propertyPartition.n3()}"
_LEFT_OUT: Final = ", ".join(predicate.n3() for predicate in (VOID.subset, VOID.classPartition, VOID.propertyPartition))
"""What a page does not say of a dataset: it would lead to what stands on other pages, or is for query planners."""

_UNWRITTEN: Final = refusal(503, "The catalogue is not written yet.")
_PAGED: Final = RESPONSES | refusal(404, "There is no such page.") | refusal(422, "That is no number of a page.") | _UNWRITTEN

PageNumber: TypeAlias = Annotated[int, Query(ge=1, description=f"The page, from 1; each holds {PAGE_SIZE} datasets.")]
Language: TypeAlias = Annotated[
    Literal["fr", "en"] | None, Query(alias="lang", description="The language of the page; without it, Accept-Language decides.")
]
Suffix: TypeAlias = Annotated[Literal["ttl", "jsonld", "rdf", "nt", "html"], Path(description="The format.")]


def catalog_routes(app: FastAPI, store: Engine, pages: Pages) -> None:
    """Declare `/catalog`, `/catalog.{suffix}` and `/.well-known/void`."""
    catalog = Catalog(store, pages)

    @app.get("/catalog", response_class=Response, responses=_PAGED)
    def catalog_page(request: Request, page: PageNumber = 1, _language: Language = None) -> Response:
        """The catalogue of what is held (DCAT-AP 3), page by page: follow `hydra:next`."""
        return catalog.page(request, page, None)

    @app.get("/catalog.{suffix}", response_class=Response, responses=_PAGED)
    def catalog_page_in(request: Request, suffix: Suffix, page: PageNumber = 1, _language: Language = None) -> Response:
        """The catalogue in one format; the links to the other pages keep it."""
        return catalog.page(request, page, _BY_SUFFIX[suffix])

    @app.get("/.well-known/void", response_class=Response, responses=RESPONSES | _UNWRITTEN)
    def well_known_void(request: Request) -> Response:
        """The VoID description of the whole graph."""
        return catalog.void(request)


class Catalog:
    """Answers for `/catalog` and `/.well-known/void`."""

    def __init__(self, store: Engine, pages: Pages) -> None:
        self._store = store
        self._pages = pages
        self._settings = pages.addresses.settings
        self._names = Names.of(self._settings)

    def page(self, request: Request, number: int, fixed: Offer | None) -> Response:
        """A page of the catalogue. Raises Problem (404, 406, 503)."""
        chosen = fixed or negotiated(request)
        path = f"/catalog.{fixed.suffix}" if fixed else "/catalog"
        place = self._place(number, path)
        graph = self._page(place)
        headers = {"Link": ", ".join(self._links(place, chosen))}
        if chosen.form is None:
            return answer_page(request, self._pages, self._html(request, graph, place, path), headers)
        for triple in paging(self._names.catalog, place):
            graph.add(triple)
        return answer_graph(request, self._pages, graph, self._names.catalog, chosen, headers)

    def void(self, request: Request) -> Response:
        """The VoID description of the whole graph; a browser is led to its page. Raises Problem (406, 503)."""
        chosen = negotiated(request)
        whole = self._names.whole
        if chosen.form is None:
            target = self._pages.addresses.of(whole) or "/"
            return Response(status_code=302, headers={"Location": target, "Vary": "Accept"})
        graph = self._constructed(
            f"{{ VALUES ?s {{ {whole.n3()} }} ?s ?p ?o }}"
            f" UNION {{ {whole.n3()} {_PARTITIONS} ?s . ?s ?p ?o }}"
            f" UNION {{ ?s a {VOID.Linkset.n3()} ; ?p ?o }}"
            f" UNION {{ ?linkset {VOID.objectsTarget.n3()} ?s . ?s ?p ?o }}"
        )
        if not graph:
            raise _unwritten()
        address = self._names.address("/.well-known/void")
        graph.add((address, RDF.type, VOID.DatasetDescription))
        graph.add((address, FOAF.primaryTopic, whole))
        return answer_graph(request, self._pages, graph, whole, chosen)

    def _place(self, number: int, path: str) -> Place:
        held = f"GRAPH {self._names.catalog.n3()} {{ {self._names.catalog.n3()} {DCAT.dataset.n3()} ?d }}"
        total = int(self._store.query(f"SELECT (COUNT(?d) AS ?n) {{ {held} }}").rows()[0][0] or 0)
        if not total:
            raise _unwritten()
        return Place(number, total, PAGE_SIZE, str(self._names.address(path)))

    def _page(self, place: Place) -> Graph:
        """The catalogue itself, the datasets of a page, and their distributions."""
        catalog, listed = self._names.catalog, f"{self._names.catalog.n3()} {DCAT.dataset.n3()} ?d"
        slice_ = f"ORDER BY ?d LIMIT {place.size} OFFSET {place.offset}"
        rows = self._store.query(f"SELECT ?d {{ GRAPH {catalog.n3()} {{ {listed} }} }} {slice_}").rows()
        datasets = [URIRef(str(dataset)) for (dataset,) in rows]
        chosen = " ".join(dataset.n3() for dataset in datasets)
        shared = " ".join(iri.n3() for iri in (*self._names.shared, *TYPED))
        graph = self._constructed(
            f"{{ VALUES ?s {{ {shared} }} ?s ?p ?o FILTER(?p != {DCAT.dataset.n3()}) }}"
            f" UNION {{ VALUES ?s {{ {chosen} }} ?s ?p ?o FILTER(?p NOT IN ({_LEFT_OUT})) }}"
            f" UNION {{ VALUES ?d {{ {chosen} }} ?d {DCAT.distribution.n3()} ?s . ?s ?p ?o }}"
        )
        for dataset in datasets:
            graph.add((catalog, DCAT.dataset, dataset))
        return graph

    def _constructed(self, pattern: str) -> Graph:
        """Triples ?s ?p ?o of the catalogue's graph, with the addresses at which this service is reached."""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {self._names.catalog.n3()} {{ {pattern} }} }}"
        triples = self._store.query(query).serialize(ResultFormat.N_TRIPLES)
        return empty_graph().parse(data=relocated(triples, self._settings), format="nt")

    def _links(self, place: Place, chosen: Offer) -> Iterator[str]:
        yield from place.links()
        for suffix, candidate in _BY_SUFFIX.items():
            if candidate is not chosen:
                yield link(
                    self._pages.addresses.path(f"/catalog.{suffix}") + f"?page={place.number}", "alternate", candidate.media_type
                )

    def _html(self, request: Request, graph: Graph, place: Place, path: str) -> bytes:
        view = self._pages.view(request)
        return self._pages.render(
            view,
            "catalog.html",
            title=_text(graph, self._names.catalog, DCT.title, view.language),
            description=_text(graph, self._names.catalog, DCT.description, view.language),
            datasets=[_row(graph, dataset, view) for dataset in sorted(_resources(graph, self._names.catalog, DCAT.dataset))],
            formats={
                f"{view.addresses.path(f'/catalog.{suffix}')}?page={place.number}": item for suffix, item in _BY_SUFFIX.items()
            },
            place=place,
            others=place.hrefs(view.href(path)),
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """A dataset on the page for people."""

    title: Value
    description: Value
    triples: str
    href: str
    downloads: Mapping[str, Offer]


def _resources(graph: Graph, subject: URIRef, predicate: URIRef) -> Iterator[URIRef]:
    return (value for value in graph.objects(subject, predicate) if isinstance(value, URIRef))


def _row(graph: Graph, dataset: URIRef, view: View) -> _Row:
    root = graph.value(dataset, VOID.rootResource)
    document = view.addresses.of(str(root)) if root else None
    return _Row(
        title=_text(graph, dataset, DCT.title, view.language),
        description=_text(graph, dataset, DCT.description, view.language),
        triples=str(graph.value(dataset, VOID.triples)),
        href=view.of(str(root or dataset)) or view.href("/"),
        downloads={f"{document}.{offer.suffix}": offer for offer in OFFERS if offer.form} if document else {},
    )


def _text(graph: Graph, subject: URIRef, predicate: URIRef, language: str) -> Value:
    """A text in the language where there is one, else in French, else in any."""
    texts = [text for text in graph.objects(subject, predicate) if isinstance(text, Value)]
    return max(texts, key=lambda text: (text.language == language, text.language == "fr", text), default=Value(subject))


def _unwritten() -> Problem:
    """The catalogue is written after the store has changed, and has not been yet."""
    detail = Text("Le catalogue n'est pas encore écrit.", "The catalogue is not written yet.")
    return Problem(problems.STORE_UNAVAILABLE, detail, {"Retry-After": "10"})
