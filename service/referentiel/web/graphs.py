"""Answers that are a graph made for one request: negotiated, written in the format chosen, with validators and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rdflib import Graph, URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.exports.rdf import WRITERS
from referentiel.store import ResultFormat
from referentiel.vocabulary import empty_graph
from referentiel.web import problems
from referentiel.web.documents import OFFERS
from referentiel.web.negotiation import HTML, Offer, choose
from referentiel.web.pages import Pages
from referentiel.web.representations import represent

_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {}}}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The graph, in the format asked for.", "content": {offer.media_type: {} for offer in OFFERS}},
    304: {"description": "The client holds it already (If-None-Match)."},
    406: {"description": "No format on offer fits Accept."} | _PROBLEM,
}
"""What every such route may answer, for the OpenAPI description."""


def refusal(status: int, description: str) -> dict[int | str, dict[str, Any]]:
    """A problem that a route may answer with, for the OpenAPI description."""
    return {status: {"description": description} | _PROBLEM}


def negotiated(request: Request, offers: Sequence[Offer] = OFFERS) -> Offer:
    """The format that a request prefers. Raises Problem (406)."""
    choice = choose(request.headers.get("accept"), offers)
    if choice is None:
        raise problems.not_acceptable(candidate.media_type for candidate in offers)
    return choice.offer


def answer_graph(
    request: Request, pages: Pages, graph: Graph, root: URIRef, chosen: Offer, headers: Mapping[str, str] | None = None
) -> Response:
    """A graph as the answer, in a machine's format; `root` is what it is about."""
    assert chosen.form is not None, "a page is rendered, not written"
    lines = sorted(graph.serialize(format="nt").splitlines(keepends=True))
    body = _written("".join(lines), chosen.form, root, pages.addresses.context)
    return represent(request, body, chosen.media_type, {"Vary": "Accept", **(headers or {})})


def answer_page(request: Request, pages: Pages, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A page as the answer."""
    spoken = {"Vary": "Accept, Accept-Language", "Content-Language": pages.view(request).language}
    return represent(request, body, HTML.media_type, spoken | dict(headers or {}))


@lru_cache(maxsize=32)
def _written(ntriples: str, form: ResultFormat, root: URIRef, context: str) -> bytes:
    """A graph written in a format; kept, since harvesters come again and the tree of JSON-LD takes a while."""
    return WRITERS[form](empty_graph().parse(data=ntriples, format="nt"), root, context)
