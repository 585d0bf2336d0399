"""Documents about resources: found by their IRI, negotiated, linked to their variants (Cool URIs for the Semantic Web)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final, TypeAlias
from urllib.parse import quote

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import Names, relocated
from referentiel.exports.rdf import WRITERS
from referentiel.store import Engine, ResultFormat
from referentiel.vocabulary import ONTOLOGY
from referentiel.web import problems
from referentiel.web.lookups import Description, describe, describe_graph, is_version
from referentiel.web.negotiation import HTML, Offer, choose, offer
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.representations import link, represent

OFFERS: Final = (*map(offer, WRITERS), HTML)
"""What a document can be had in; the first goes to those who accept anything."""

_BY_SUFFIX: Final = {f".{candidate.suffix}": candidate for candidate in OFFERS}

Lookup: TypeAlias = Callable[[str], Description | None]
Gone: TypeAlias = Callable[[str], Problem | None]
DocumentAddress: TypeAlias = Callable[[str], str]
"""The address of a document in the format of a suffix (`.ttl`), or as it stands without one."""
Page: TypeAlias = Callable[[Request, Description, Mapping[str, Offer]], bytes]


class Documents:
    """Answers for `/id/…`, `/doc/…`, `/ns`, `/shapes`, `/scheme/…` and `/alignment/…`."""

    def __init__(self, store: Engine, pages: Pages, gone: Gone) -> None:
        """`gone`: why there is nothing at an IRI any more, where there was something."""
        self._gone = gone
        self._store = store
        self._pages = pages
        self._addresses = pages.addresses
        self._catalog = Names.of(pages.addresses.settings).catalog

    def redirect(self, rest: str) -> Response:
        """303 from a thing to the document about it. Raises Problem (404)."""
        if self._resource(rest) is None:
            raise problems.not_found(f"/id/{rest}")
        target = self._addresses.path(f"/doc/{rest}")
        return Response(status_code=303, headers={"Location": target, "Vary": "Accept", "Link": link(target, "describedby")})

    def resource(self, request: Request, rest: str) -> Response:
        """The document about a resource. Raises Problem (404, 406)."""
        return self._serve(request, "/doc/", rest, self._resource, self._pages.resource)

    def vocabulary(self, request: Request, path: str) -> Response:
        """A document of terms: the ontology, the shapes, a scheme, an alignment. Raises Problem (404, 406)."""
        return self._serve(request, "/", path, self._document, self._pages.vocabulary)

    def _resource(self, rest: str) -> Description | None:
        iri = self._addresses.resource(rest) if rest else None
        found = (describe(self._store, iri) or describe_graph(self._store, iri)) if iri else None
        if iri and (found is None or found.graph_name == iri) and (problem := self._gone(iri)):
            raise problem
        if found and found.graph_name == self._catalog:  # which gives addresses, as `/catalog` does
            return replace(found, ntriples=relocated(found.ntriples, self._addresses.settings))
        return found

    def _document(self, path: str) -> Description | None:
        iri = self._addresses.document(path)
        if iri and iri.startswith(f"{ONTOLOGY}/"):
            iri = ONTOLOGY if is_version(self._store, ONTOLOGY, iri) else None
        return describe_graph(self._store, iri) if iri else None

    def _serve(self, request: Request, root: str, rest: str, lookup: Lookup, page: Page) -> Response:
        for stem, fixed in _readings(rest):
            if description := lookup(stem):
                return self.represent(request, partial(self._address, root + stem), description, fixed, page)
        raise problems.not_found(root + rest)

    def _address(self, path: str, suffix: str) -> str:
        return self._addresses.path(path + suffix)

    def represent(
        self, request: Request, address: DocumentAddress, description: Description, fixed: Offer | None, page: Page
    ) -> Response:
        """A document in the format that is fixed, or that the client prefers. Raises Problem (406)."""
        chosen = fixed or _negotiated(request)
        formats = {self._pages.view(request).keep(address(suffix)): candidate for suffix, candidate in _BY_SUFFIX.items()}
        if chosen.form is None:
            body = page(request, description, formats)
            headers = {"Content-Language": self._pages.view(request).language}
        else:
            body = _written(description.ntriples, chosen.form, description.iri, self._addresses.context)
            headers = {}
        headers["Link"] = ", ".join(_links(address, description, chosen))
        headers["Content-Location"] = address(f".{chosen.suffix}")
        if vary := ", ".join(_varies(chosen, fixed)):
            headers["Vary"] = vary
        return represent(request, body, chosen.media_type, headers)


def _links(address: DocumentAddress, description: Description, chosen: Offer) -> Iterator[str]:
    for suffix, candidate in _BY_SUFFIX.items():
        if candidate is not chosen:
            yield link(address(suffix), "alternate", candidate.media_type)
    yield link(address(""), "canonical")
    yield link(_ascii(description.iri), "describes")


def _readings(rest: str) -> Iterator[tuple[str, Offer | None]]:
    """How a path can be read: as it stands, or as a document in the format that its suffix names. CE5.2 has no suffix."""
    yield rest, None
    for suffix, candidate in _BY_SUFFIX.items():
        if rest.endswith(suffix):
            yield rest.removesuffix(suffix), candidate


def _negotiated(request: Request) -> Offer:
    choice = choose(request.headers.get("accept"), OFFERS)
    if choice is None:
        raise problems.not_acceptable(candidate.media_type for candidate in OFFERS)
    return choice.offer


def _varies(chosen: Offer, fixed: Offer | None) -> Iterator[str]:
    """What the answer depends on besides its address."""
    if fixed is None:
        yield "Accept"
    if fixed is None or chosen.form is None:
        yield "Accept-Language"


def _ascii(iri: str) -> str:
    """An IRI as a URI (RFC 3987, section 3.1), as a header needs it."""
    return quote(iri, safe="!#$%&'()*+,/:;=?@[]~")


@lru_cache(maxsize=32)
def _written(ntriples: bytes, form: ResultFormat, root: URIRef, context: str) -> bytes:
    """A description written in a format; kept, since the same description is asked for again and the tree takes a while."""
    return WRITERS[form](Description(root, root, ntriples).graph(), root, context)
