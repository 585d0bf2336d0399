"""A write from its request to its answer: who asks, on what conditions, what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from referentiel.access import Identity, Operation
from referentiel.gate.gate import NOTHING, Gate
from referentiel.gate.outcome import Accepted, Stale
from referentiel.gate.proposals import Proposal
from referentiel.history import Revision
from referentiel.intake import Intake
from referentiel.validation import Language
from referentiel.web import problems
from referentiel.web.authentication import Doorkeeper, permit
from referentiel.web.bodies import Body, read_body
from referentiel.web.conditions import as_uri, digest, expected_versions, idempotency_key, reason, wants_no_account
from referentiel.web.formats import GRAPHS
from referentiel.web.negotiation import choose
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.reading import Reader
from referentiel.web.refusals import REFUSED, problem_of
from referentiel.web.refused import Failed, answer_refusal
from referentiel.web.reports import JSON, report_response, told_report
from referentiel.web.representations import link
from referentiel.web.texts import Text

T = TypeVar("T")

AT_ONCE: Final = 4
"""Writes that are read and worked out at the same time; the gate lets them in one by one."""
BODY_SECONDS: Final = 300
"""Seconds in which a body must have arrived."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a write is about: a graph by its name, None for the unnamed one, and where it is found on this service."""

    name: URIRef | None
    address: str


@dataclass(frozen=True, slots=True)
class _Done:
    """An accepted write. `version`: the present one of its graph. `created`: there was nothing before."""

    target: Target
    accepted: Accepted
    version: int | None
    created: bool


class Writes:
    """What every way of writing shares. `failed` makes the answer to a problem."""

    def __init__(self, gate: Gate, doorkeeper: Doorkeeper, pages: Pages, failed: Failed, intake: Intake) -> None:
        self.gate = gate
        self.reader = Reader(intake, pages.addresses.settings.base, pages.addresses.context)
        self.pages = pages
        self._doorkeeper = doorkeeper
        self._failed = failed
        self._settings = pages.addresses.settings
        self._threads = ThreadPoolExecutor(AT_ONCE, "write")

    async def permit(self, request: Request, operation: Operation, certification: str | None = None) -> Identity:
        """Who asks, once they may do that: before anything of the body is read. Raises Problem (401, 403, 429)."""
        identity = await self._doorkeeper.identify(request)
        permit(identity, operation, certification)
        return identity

    async def body(self, request: Request, admitted: Collection[str], told: str) -> Body:
        """The body of the request, of one of the media types admitted; see bodies.read_body. Raises Problem (400, 413, 415)."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await read_body(request, self._settings.writing.body, admitted, told)
        except TimeoutError as error:
            late = Text(f"Le corps n'est pas arrivé en {BODY_SECONDS} s.", f"The body did not come within {BODY_SECONDS} s.")
            raise Problem(problems.BAD_REQUEST, late, {"Connection": "close"}) from error

    async def make(
        self,
        request: Request,
        identity: Identity,
        target: Target,
        propose: Callable[[], Proposal],
        *,
        body: Body | None = None,
        creates: bool = False,
    ) -> Response:
        """Make a write and answer it. `propose` is called in a thread; `creates`: refused where there is something already."""
        expected = NOTHING if creates else expected_versions(request)
        why, key = reason(request), idempotency_key(request)
        sent = digest(request, body) if key else None

        def work() -> _Done:
            accepted = self.gate.submit(propose(), identity=identity, why=why, expected=expected, key=key, request=sent)
            created = creates or (target.name is not None and accepted.before is None and not accepted.replayed)
            return _Done(target, accepted, accepted.revision.number if accepted.revision else accepted.before, created)

        try:
            done = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except Stale as error:
            if creates and error.version is not None:
                raise _taken(target, error.version) from error
            raise problem_of(error) from error
        except REFUSED as error:
            return answer_refusal(request, error, self.pages, self._failed)
        return self._answer(request, done)

    async def work(self, request: Request, function: Callable[[], T]) -> T:
        """What a function returns, called in a thread. Raises Problem for what it refuses."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function)
        except REFUSED as error:
            raise problem_of(error, self._language(request)) from error

    def _language(self, request: Request) -> Language:
        return "en" if self.pages.view(request).language == "en" else "fr"

    def _answer(self, request: Request, done: _Done) -> Response:
        accepted, created = done.accepted, done.created and done.accepted.revision is not None
        headers = {"Vary": "Accept, Accept-Language, Prefer"}
        if created:
            headers["Location"] = as_uri(done.target.address)
        if accepted.revision is not None:
            headers["Link"] = link(as_uri(accepted.revision.iri), "describedby")
        status = 201 if created else 200
        if wants_no_account(request):
            return Response(status_code=201 if created else 204, headers=headers | {"Preference-Applied": "return=minimal"})
        choice = choose(request.headers.get("accept"), (JSON, *GRAPHS))
        if accepted.report is not None and choice is not None and choice.offer.form is not None:
            answer = report_response(accepted.report, choice.offer, status)
            answer.headers.update(headers)
            return answer
        return JSONResponse(_told(done, self._language(request)), status, headers)


def _told(done: _Done, language: Language) -> dict[str, Any]:
    """What came of a write, for JSON: its revision, what changed, and what the rules say of it."""
    accepted = done.accepted
    report = told_report(accepted.report, language) if accepted.report else {"results": [], "report": None}
    return {
        "name": done.target.name,
        "address": done.target.address,
        "revision": accepted.revision and _told_revision(accepted.revision),
        "version": done.version,
        "etag": None if done.version is None else f'"{done.version}"',
        "added": accepted.changes.added,
        "removed": accepted.changes.removed,
        "graphs": [
            {"name": change.name, "added": len(change.added), "removed": len(change.removed)} for change in accepted.changes.graphs
        ],
        "replayed": accepted.replayed,
        **report,
    }


def _told_revision(revision: Revision) -> dict[str, Any]:
    """A revision, for JSON."""
    return {
        "number": revision.number,
        "iri": revision.iri,
        "at": revision.at.isoformat(),
        "who": revision.who,
        "kind": revision.kind.value,
        "why": revision.why,
        "shapes": revision.shapes,
        "digest": revision.digest,
    }


def _taken(target: Target, version: int) -> Problem:
    return Problem(
        problems.CONFLICT,
        Text(
            f"{target.name} est déjà tenue (version {version}). Pour la remplacer : PUT à son adresse, {target.address}.",
            f"{target.name} is held already (version {version}). To replace it: PUT at its address, {target.address}.",
        ),
        more={"address": target.address, "version": version},
    )
