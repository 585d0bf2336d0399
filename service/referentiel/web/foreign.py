"""Documents about what bears an address of others, an ESCO skill for one, and is described here: `/doc?iri=…`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from referentiel.store import Engine
from referentiel.web import problems
from referentiel.web.documents import OFFERS, DocumentAddress, Documents
from referentiel.web.lookups import describe
from referentiel.web.pages import Pages

_SUFFIXES = {candidate.suffix: candidate for candidate in OFFERS}


def foreign_routes(
    app: FastAPI, store: Engine, documents: Documents, pages: Pages, responses: dict[int | str, dict[str, Any]]
) -> None:
    """`/doc` and `/doc.{suffix}`, which fixes the format; what is ours has its document elsewhere."""
    addresses = pages.addresses

    def answer(request: Request, iri: str, suffix: str = "") -> Response:
        fixed = _SUFFIXES.get(suffix)
        known = addresses.foreign_iri(iri)
        if known is None or (suffix and fixed is None):
            raise problems.not_found(f"/doc?iri={iri}")
        if own := addresses.of(known):
            return RedirectResponse(own + (f".{suffix}" if suffix else ""), status_code=303)
        description = describe(store, known)
        if description is None:
            raise problems.not_found(f"/doc?iri={iri}")
        address: DocumentAddress = lambda ending: addresses.foreign(known, ending)  # noqa: E731 - typed, and passed on once
        return documents.represent(request, address, description, fixed, pages.resource)

    told = responses | {303: {"description": "The resource is one of this service: leads to the document about it."}}

    @app.get("/doc", response_class=Response, responses=told)
    def foreign(request: Request, iri: str = "") -> Response:
        """The document about a resource whose address is not of this service, given as `iri`: a concept of ESCO for one."""
        return answer(request, iri)

    @app.get("/doc.{suffix}", response_class=Response, responses=told)
    def foreign_in(request: Request, suffix: str, iri: str = "") -> Response:
        """The same in one format."""
        return answer(request, iri, suffix)
