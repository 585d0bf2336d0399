"""`/review`: where people decide on links, in a browser. Reading is open to all; deciding needs a session (`/session`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from referentiel.validation import Language
from referentiel.web import problems
from referentiel.web.problems import Problem
from referentiel.web.refusals import REFUSED, problem_of
from referentiel.web.review_decisions import UNDO, Done, Sent, make
from referentiel.web.review_index import NotReady
from referentiel.web.review_pages import ReviewPages, Wish
from referentiel.web.session_forms import FORM, own_form
from referentiel.web.session_routes import PRIVATE, page_answers
from referentiel.web.sessions import Reviewer, Sessions
from referentiel.web.texts import Text

T = TypeVar("T")

AT_ONCE: Final = 4
"""Pages and decisions that are worked out at the same time."""
_WAITING: Final = 60
_WORDS: Final = 200

_Words = Annotated[str, Query(max_length=_WORDS, description="Words to look for in the vocabularies.")]
_Then = Annotated[Literal["", "next"], Query(description="Whether each decision leads on to the next subject.")]
_Page = Annotated[int, Query(ge=1, le=1_000_000, description="The page of the list.")]
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("verdict", "concept", "comment", "q", "then")},
                "required": ["verdict"],
            }
        }
    },
}


def review_routes(app: FastAPI, sessions: Sessions, pages: ReviewPages) -> None:
    """Declare `/review` and what lies below."""
    review = Review(sessions, pages)

    @app.get("/review", response_class=Response, responses=page_answers(200, 404, 422, 503))
    async def overview(request: Request, page: _Page = 1) -> Response:
        """The certifications, and how far the review of their links is."""
        return await review.page(request, partial(pages.overview, number=page))

    @app.get("/review/{certification}", response_class=Response, responses=page_answers(200, 404, 503))
    async def certification(request: Request, certification: str) -> Response:
        """What is to be linked of a certification, and what people have decided."""
        return await review.page(request, partial(pages.certification, certification=certification))

    @app.get("/review/{certification}/{path:path}", response_class=Response, responses=page_answers(200, 404, 422, 503))
    async def subject(request: Request, certification: str, path: str, q: _Words = "", then: _Then = "") -> Response:
        """One competency, or the occupations of a certification: what is proposed, and who said what of it."""
        wish = Wish(q.strip(), then == "next")
        return await review.page(request, partial(pages.item, certification=certification, path=path, wish=wish))

    @app.post(
        "/review/{certification}/{path:path}",
        response_class=Response,
        status_code=303,
        responses=page_answers(303, 400, 401, 403, 404, 409, 412, 413, 415, 422, 503, 507),
        openapi_extra={"requestBody": _BODY},
    )
    async def decide(request: Request, certification: str, path: str) -> Response:
        """Record a decision, with a form of this service only. Programs write mapping sets as graphs, with a token."""
        return await review.decide(request, certification, path)


class Review:
    """Answers for `/review`."""

    def __init__(self, sessions: Sessions, pages: ReviewPages) -> None:
        self._sessions = sessions
        self._pages = pages
        self._threads = ThreadPoolExecutor(AT_ONCE, "review")
        self._inside = 0

    async def page(self, request: Request, make_page: Callable[[Request, Reviewer | None], Response]) -> Response:
        """A page for who looks."""
        reviewer = await self._sessions.reviewer(request)
        try:
            return await self._work(partial(make_page, request, reviewer))
        except NotReady as error:
            return self._pages.waiting(request, reviewer, failed=error.failed)

    async def decide(self, request: Request, certification: str, path: str) -> Response:
        """Make a decision and lead on; where it is refused, the same page says why and keeps what was typed."""
        fields = await own_form(request, self._pages.pages.addresses.settings.public_url)
        sent = Sent.of(fields)
        wish = Wish(fields.get("q", "").strip()[:_WORDS], fields.get("then") == "next", sent.concept, sent.comment)
        try:
            reviewer = await self._sessions.required(request)
            done, target = await self._work(partial(self._decided, request, reviewer, certification, path, sent, wish))
        except Problem as problem:
            if not self._pages.pages.wanted(request) or problem.kind in {problems.NOT_FOUND, problems.OVERLOADED}:
                raise
            shown = partial(self._pages.item, certification=certification, path=path, wish=wish, problem=problem)
            return await self.page(request, shown)
        reviewer.session.told = done.told
        return RedirectResponse(target, 303, PRIVATE)

    def _decided(
        self, request: Request, reviewer: Reviewer, certification: str, path: str, sent: Sent, wish: Wish
    ) -> tuple[Done, str]:
        """What was done, and where it leads. Raises Problem."""
        view = self._pages.pages.view(request)
        language: Language = "en" if view.language == "en" else "fr"
        author = self._pages.author(reviewer)
        subject = self._pages.subject(certification, path)
        place = (queue := self._pages.queue(certification, author)).place(subject)
        if place is None:
            raise problems.not_found(f"/review/{certification}/{path}")
        try:
            done = make(self._pages.desk, reviewer, queue.items[place], sent, self._pages.desk.schemes())
        except REFUSED as error:
            raise problem_of(error, language) from error
        if sent.verdict == UNDO:
            stayed = done.subject == subject
            return done, (wish if stayed else wish.cleared()).at(view, self._pages.path(done.subject), "said")
        if done.answers or wish.then_next:
            target = self._pages.next_page(self._pages.queue(certification, author), subject)
            return done, wish.cleared().at(view, target, "said")
        return done, wish.at(view, self._pages.path(subject), "said")

    async def _work(self, function: Callable[[], T]) -> T:
        """What a function returns, called in a thread. Raises Problem OVERLOADED where too many wait."""
        if self._inside >= AT_ONCE + _WAITING:
            busy = Text("Trop de pages de relecture sont demandées en ce moment.", "Too many review pages are asked for right now.")
            raise Problem(problems.OVERLOADED, busy, {"Retry-After": "5"})
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function)
        finally:
            self._inside -= 1
