"""The routes of the register: certifications are listed, read, made, changed, withdrawn and restored."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from referentiel.web.bodies import RDF
from referentiel.web.certification_list import PAGE_SIZE, CertificationList
from referentiel.web.conditions import WHY_LIMIT
from referentiel.web.documentation import ACCEPT_DATETIME, ACCEPTED, REFUSALS, writing
from referentiel.web.graphs import RESPONSES, refusal
from referentiel.web.register import LONGEST_ID, PATCHES, WHOLE, Register

Id = Annotated[
    str, Path(alias="id", description=f"The identifier: letters, digits, and “.”, “_” or “-” between them, {LONGEST_ID} at most.")
]
Why = Annotated[str | None, Query(description=f"Why, for the history: {WHY_LIMIT} characters at most.", max_length=WHY_LIMIT)]
Title = Annotated[str | None, Query(description="The title, where a table does not give it.", max_length=1000)]
Number = Annotated[str | None, Query(description="The RNCP or RS number, where a table does not give it.", max_length=100)]
File = Annotated[
    str | None,
    Query(alias="name", description="The name of the file that is sent, as Content-Disposition may give it too.", max_length=200),
]

_SAVED: Final[dict[int | str, dict[str, Any]]] = ACCEPTED | REFUSALS
_GONE: Final = refusal(410, "It was withdrawn; `replaced_by` and `last_version` tell where to go on.")
_LED: Final[dict[int | str, dict[str, Any]]] = {
    302: {"description": "The version of the moment that Accept-Datetime names is at Location."},
    **refusal(400, "Accept-Datetime is no date of HTTP."),
}
_KNOWN: Final = refusal(404, "There is no such certification.")


def certification_routes(app: FastAPI, register: Register, listed: CertificationList) -> None:
    """Declare `/certifications` and what lies below it."""
    _reading(app, register, listed)
    _writing(app, register)


def _reading(app: FastAPI, register: Register, listed: CertificationList) -> None:
    @app.get("/certifications", response_class=Response, responses=RESPONSES | refusal(404, "There is no such page of the list."))
    def certifications(
        request: Request, page: Annotated[int, Query(ge=1, description=f"From 1; each holds {PAGE_SIZE} certifications.")] = 1
    ) -> Response:
        """The certifications that are held, page by page."""
        return listed.answer(request, page)

    @app.get(
        "/certifications/{id}",
        response_class=Response,
        responses=RESPONSES | _LED | _KNOWN | _GONE | refusal(400, "Accept-Datetime is no date of HTTP."),
        openapi_extra={"parameters": [ACCEPT_DATETIME]},
    )
    def certification(
        request: Request,
        code: Id,
        version: Annotated[int | None, Query(ge=1, description="A revision: the certification as that left it.")] = None,
    ) -> Response:
        """A certification, as it is or as it was. Its ETag begins with the number of its version, for If-Match."""
        return register.read(request, code, version)


def _writing(app: FastAPI, register: Register) -> None:
    @app.put("/certifications/{id}", response_class=Response, responses=_SAVED, openapi_extra=writing(WHOLE))
    async def put(
        request: Request, code: Id, why: Why = None, title: Title = None, number: Number = None, file: File = None
    ) -> Response:
        """Make a certification what is sent, RDF or a table, or put that in its place."""
        del why, file  # named for the description; read with the request
        return await register.put(request, code, title, number)

    @app.post("/certifications/{id}", response_class=Response, responses=_SAVED | _GONE, openapi_extra=writing(RDF))
    async def post(request: Request, code: Id, why: Why = None) -> Response:
        """Add what is sent to a certification."""
        del why
        return await register.post(request, code)

    @app.patch(
        "/certifications/{id}",
        response_class=Response,
        responses=_SAVED | _KNOWN | _GONE,
        openapi_extra=writing(PATCHES),
    )
    async def patch(request: Request, code: Id, why: Why = None) -> Response:
        """Change a part of a certification: a merge patch of its JSON-LD tree, or a SPARQL update of its graph."""
        del why
        return await register.patch(request, code)

    @app.delete("/certifications/{id}", response_class=Response, responses=_SAVED | _KNOWN | _GONE, openapi_extra=writing())
    async def delete(
        request: Request,
        code: Id,
        why: Why = None,
        replaced_by: Annotated[str | None, Query(alias="replaced-by", description="The IRI of what takes its place.")] = None,
    ) -> Response:
        """Withdraw a certification: from then on its address answers 410, and says what replaces it."""
        del why
        return await register.delete(request, code, replaced_by)

    @app.post("/certifications/{id}/restore", response_class=Response, responses=_SAVED | _KNOWN, openapi_extra=writing())
    async def restore(
        request: Request,
        code: Id,
        version: Annotated[int, Query(ge=1, description="The number of the revision that made what is wanted back.")],
        why: Why = None,
    ) -> Response:
        """Make a former version of a certification its present one, as a new revision."""
        del why
        return await register.restore(request, code, version)

    @app.post(
        "/certifications",
        response_class=Response,
        responses=_SAVED | refusal(409, "It is held already, or the Idempotency-Key was used for another request."),
        openapi_extra=writing(WHOLE),
    )
    async def create(
        request: Request,
        code: Annotated[str | None, Query(alias="id", description="Its identifier, where what is sent does not say it.")] = None,
        why: Why = None,
        title: Title = None,
        number: Number = None,
        file: File = None,
    ) -> Response:
        """Make a certification that is not held yet."""
        del why, file
        return await register.create(request, code, title, number)
