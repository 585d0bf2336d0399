"""The pages where links are reviewed: what each template is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.linking.standing import State
from referentiel.review import Desk, Item, Proposal
from referentiel.web import problems
from referentiel.web.negotiation import HTML
from referentiel.web.pages import Pages, View
from referentiel.web.paging import Place
from referentiel.web.problems import Problem
from referentiel.web.review_marks import pieces
from referentiel.web.review_rows import accepted, elsewhere, first_to_decide, rows, verdicts
from referentiel.web.review_texts import VERDICTS, words
from referentiel.web.session_routes import PRIVATE
from referentiel.web.sessions import Reviewer
from referentiel.web.texts import Text

OCCUPATIONS: Final = "occupations"
"""The last segment of the page for a certification's own links."""
LISTED: Final = 25
"""Certifications that a page of the overview lists."""
_PROPOSED: Final = 10
_FOUND: Final = 20
_SCRIPTED: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
}
"""Here alone a page runs a script, one file of ours: the keys."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page of one subject was asked for. `words`: of a search. `then_next`: each decision leads on to the next subject.

    `chosen`: IRI of the concept that was chosen, and `comment`: what was typed, when a decision was refused.
    """

    words: str = ""
    then_next: bool = False
    chosen: str = ""
    comment: str = ""

    def cleared(self) -> Wish:
        """The same without what was meant for one page."""
        return Wish(then_next=self.then_next)

    def at(self, view: View, path: str, anchor: str = "") -> str:
        """The address of a page with the same wish, and in the same language."""
        kept = [("q", self.words), ("then", "next" if self.then_next else ""), ("lang", view.chosen or "")]
        query = urlencode([(name, value) for name, value in kept if value])
        return view.addresses.path(path) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says besides: what was done, or why it was not."""

    done: Text | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be linked, in its order. `author`: who looks; what others have answered is still to do for a second reviewer."""

    items: Sequence[Item]
    author: str

    @property
    def answered(self) -> int:
        """How many are: by the reviewer, or by anybody where a stranger looks."""
        return sum(map(self._is_answered, self.items))

    def place(self, subject: URIRef) -> int | None:
        """Where a subject stands."""
        return next((place for place, item in enumerate(self.items) if item.subject.iri == subject), None)

    def to_do(self, after: int = -1) -> Item | None:
        """The next one that is not answered, from the first again after the last; None when all others are."""
        others = [*self.items[after + 1 :], *self.items[: max(after, 0)]]
        return next((item for item in others if not self._is_answered(item)), None)

    def _is_answered(self, item: Item) -> bool:
        return item.answered if self.author else item.state is not State.TODO


class ReviewPages:
    """Makes them."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self.desk = desk
        self.pages = pages
        self._base = pages.addresses.settings.base

    def author(self, reviewer: Reviewer | None) -> str:
        """How the decisions of who looks are signed; empty for a stranger."""
        return self.desk.author(reviewer.identity, reviewer.session.orcid) if reviewer else ""

    def subject(self, certification: str, path: str) -> URIRef:
        """The IRI of what a page is about. Raises Problem (404) for what can be none."""
        below = "" if path == OCCUPATIONS else f"/{path}"
        iri = self.pages.addresses.resource(f"certification/{certification}{below}")
        if iri is None:
            raise problems.not_found(f"/review/{certification}/{path}")
        return iri

    def path(self, subject: URIRef) -> str:
        """Where the page of a subject is."""
        certification, _, below = subject.removeprefix(f"{self._base}certification/").partition("/")
        return f"/review/{certification}/{below or OCCUPATIONS}"

    def queue(self, certification: str, author: str) -> Queue:
        """What is to be linked of a certification. Raises Problem (404)."""
        try:
            items = self.desk.queue(certification, certification, author)
        except ValueError:
            items = ()
        if not items:
            raise problems.not_found(f"/review/{certification}")
        return Queue(items, author)

    def next_page(self, queue: Queue, subject: URIRef) -> str:
        """The path of the next subject to do after one, or of the whole queue when there is none."""
        place = queue.place(subject)
        item = queue.to_do(-1 if place is None else place)
        return self.path(item.subject.iri) if item else f"/review/{queue.items[0].subject.certification}"

    def overview(self, request: Request, reviewer: Reviewer | None, number: int) -> Response:
        """All certifications, those under review first, with their progress. Raises Problem (404)."""
        view, author = self.pages.view(request), self.author(reviewer)
        begun = set(self.desk.sets())
        held = sorted(self.desk.certifications(), key=lambda each: each[0] not in begun)
        place = Place(number, len(held), LISTED, "/review")
        listed = held[place.offset : place.offset + place.size]
        return self._show(
            view,
            reviewer,
            "review.html",
            under_review=[(code, title, self.desk.progress(code, code, author)) for code, title in listed if code in begun],
            others=[each for each in listed if each[0] not in begun],
            place=place,
            hrefs=place.hrefs(view.href("/review")),
            mine=reviewer is not None,
        )

    def certification(self, request: Request, reviewer: Reviewer | None, certification: str) -> Response:
        """What is to be linked of a certification. Raises Problem (404)."""
        view = self.pages.view(request)
        queue = self.queue(certification, self.author(reviewer))
        to_do = queue.to_do()
        return self._show(
            view,
            reviewer,
            "review_certification.html",
            certification=certification,
            items=[(item, self.path(item.subject.iri), accepted(item.standings)) for item in queue.items],
            disputed=[(item, self.path(item.subject.iri)) for item in queue.items if item.state is State.DISPUTED],
            to_do=to_do and self.path(to_do.subject.iri),
            queue=queue,
            verdicts=VERDICTS,
            told=Told(done=reviewer.session.tell() if reviewer else None),
        )

    def item(
        self, request: Request, reviewer: Reviewer | None, certification: str, path: str, wish: Wish, problem: Problem | None = None
    ) -> Response:
        """One subject: what is proposed or found for it, and who said what. Raises Problem (404), NotReady."""
        view, author = self.pages.view(request), self.author(reviewer)
        subject = self.subject(certification, path)
        queue = self.queue(certification, author)
        here = queue.place(subject)
        if here is None:
            raise problems.not_found(f"/review/{certification}/{path}")
        item = queue.items[here]
        schemes = self.desk.schemes()
        shown = rows(self._found(item, wish) if schemes else (), view, author, item.subject.label)
        return self._show(
            view,
            reviewer,
            "review_item.html",
            status=problem.kind.status if problem else 200,
            item=item,
            here=self.path(item.subject.iri),
            rows=shown,
            first=first_to_decide(shown, wish.chosen),
            text=pieces(item.subject.label, {row.number: row.matched for row in shown}),
            elsewhere=elsewhere(item, view, author),
            wish=wish,
            schemes=schemes,
            verdicts=verdicts(item.subject.kind),
            queue=queue,
            to_do=self.next_page(queue, subject),
            previous=self.path(queue.items[here - 1].subject.iri) if here else None,
            next=self.path(queue.items[here + 1].subject.iri) if here + 1 < len(queue.items) else None,
            told=Told(reviewer.session.tell() if reviewer else None, problem),
        )

    def waiting(self, request: Request, reviewer: Reviewer | None, *, failed: bool) -> Response:
        """The index is being built; `failed`: it could not be, and will be tried again."""
        view, seconds = self.pages.view(request), "30" if failed else "3"
        response = self._show(view, reviewer, "review_waiting.html", status=503, here=request.scope["path"], failed=failed)
        response.headers.update({"Retry-After": seconds, "Refresh": seconds})
        return response

    def _found(self, item: Item, wish: Wish) -> Sequence[Proposal]:
        return self.desk.search(wish.words, item, _FOUND) if wish.words else self.desk.proposals(item, _PROPOSED)

    def _show(self, view: View, reviewer: Reviewer | None, template: str, *, status: int = 200, **values: Any) -> Response:
        body = self.pages.render(view, template, w=words(view.language), reviewer=reviewer, **values)
        headers: Mapping[str, str] = {**PRIVATE, **_SCRIPTED, "Content-Language": view.language}
        return Response(body, status, dict(headers), HTML.media_type)
