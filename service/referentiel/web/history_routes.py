"""The routes of the history: versions of certifications, what changed between them, and the feed of all changes."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from referentiel.web import changes, comparison
from referentiel.web.changes import ChangeFeed
from referentiel.web.comparison import Comparison
from referentiel.web.documents import OFFERS
from referentiel.web.graphs import RESPONSES, refusal
from referentiel.web.memento import LINK_FORMAT
from referentiel.web.version_list import VersionList
from referentiel.web.versions import Versions

_MOST: Final = 2**53
"""The largest number of a revision that every client of JSON can tell."""

Code: TypeAlias = Annotated[str, Path(alias="id", description="The identifier of a certification.")]
Page: TypeAlias = Annotated[int, Query(ge=1, le=_MOST, description="The page, from 1.")]
Language: TypeAlias = Annotated[
    Literal["fr", "en"] | None, Query(alias="lang", description="The language of the page; without it, Accept-Language decides.")
]

_UNKNOWN: Final = refusal(404, "There is no such certification, version or page.") | refusal(422, "That is no such number.")


def _answers(description: str, *media_types: str) -> dict[int | str, dict[str, Any]]:
    return RESPONSES | {200: {"description": description, "content": {media_type: {} for media_type in media_types}}}


def history_routes(app: FastAPI, versions: Versions) -> None:
    """Declare them. They come before `/doc/{rest}`, which would take the addresses of versions."""
    _version_routes(app, versions)
    listed, comparison_ = VersionList(versions), Comparison(versions)
    feed = ChangeFeed(versions.history, versions.pages)

    @app.get(
        "/certifications/{id}/history",
        response_class=Response,
        responses=_answers("The versions.", "application/json", *(offer.media_type for offer in OFFERS)) | _UNKNOWN,
    )
    def history(request: Request, code: Code, page: Page = 1, _language: Language = None) -> Response:
        """The versions of a certification, the newest first: who wrote each, when and why."""
        return listed.answer(request, code, page)

    @app.get(
        "/certifications/{id}/diff",
        response_class=Response,
        responses=_answers("What changed.", *(offer.media_type for offer in comparison.OFFERS)) | _UNKNOWN,
    )
    def diff(
        request: Request,
        code: Code,
        since: Annotated[
            int | None, Query(alias="from", ge=0, le=_MOST, description="A version; 0: nothing; without it, the one before `to`.")
        ] = None,
        to: Annotated[int | None, Query(ge=1, le=_MOST, description="A version; without it, the present one.")] = None,
        named: Annotated[
            Literal["json", "rdfp", "html"] | None, Query(alias="format", description="The format; without it, Accept decides.")
        ] = None,
        _language: Language = None,
    ) -> Response:
        """What changed from one version of a certification to another: element by element, or as an RDF patch."""
        return comparison_.answer(request, code, since, to, named)

    @app.get(
        "/changes",
        response_class=Response,
        responses=_answers("The revisions.", *(offer.media_type for offer in changes.OFFERS))
        | refusal(422, "That is no such number."),
    )
    def feed_page(
        request: Request,
        since: Annotated[
            int | None,
            Query(ge=0, le=_MOST, description=f"The number of a revision; the answer holds the next {changes.PAGE_SIZE}."),
        ] = None,
        named: Annotated[
            Literal["json", "atom", "ttl", "jsonld", "rdf", "nt", "html"] | None,
            Query(alias="format", description="The format; without it, Accept decides."),
        ] = None,
        _language: Language = None,
    ) -> Response:
        """All changes of the store in their order: JSON, Atom, or an event stream in RDF (LDES). A full page never changes."""
        return feed.answer(request, since, named)


def _version_routes(app: FastAPI, versions: Versions) -> None:
    @app.get(
        "/certifications/{id}/timemap",
        response_class=Response,
        responses=_UNKNOWN | {200: {"description": "The versions, as links.", "content": {LINK_FORMAT: {}}}},
    )
    def timemap(request: Request, code: Code, page: Page = 1) -> Response:
        """The TimeMap of a certification (RFC 7089): links to its versions, with their dates."""
        return versions.timemap(request, code, page)

    @app.get("/doc/certification/{id}/version/{rest}", response_class=Response, responses=RESPONSES | _UNKNOWN)
    def version(request: Request, code: Code, rest: str, _language: Language = None) -> Response:
        """A version of a certification; a suffix (.html, .ttl, .jsonld, .rdf, .nt) fixes the format."""
        return versions.document(request, code, rest)
