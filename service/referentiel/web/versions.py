"""Certifications as they were: each version at an address of its own, found by its number or by a moment (RFC 7089).

`/certifications/{id}` is its own TimeGate: with Accept-Datetime it leads to the version of that moment (section 4.1, pattern 1.1).
A version is what the graph of the certification held after a revision; the revision's number is the version's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rdflib import Graph
from starlette.requests import Request
from starlette.responses import Response

from referentiel.gate.names import Space
from referentiel.history import History, Revision
from referentiel.store import Engine, Statements
from referentiel.vocabulary import DCT, RDF, REF, SKOS, empty_graph
from referentiel.web import problems
from referentiel.web.documents import OFFERS
from referentiel.web.graphs import answer_graph, answer_page, negotiated
from referentiel.web.history_texts import KINDS, words
from referentiel.web.lookups import Description
from referentiel.web.memento import LINK_FORMAT, Timeline, accepted_moment, http_date
from referentiel.web.negotiation import Offer
from referentiel.web.pages import Pages
from referentiel.web.paging import Place
from referentiel.web.problems import Problem
from referentiel.web.representations import link, represent
from referentiel.web.texts import Text
from referentiel.web.withdrawals import gone

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""Cache-Control of what never changes (RFC 8246)."""
MEMENTOS_LISTED: Final = 1000
"""How many versions stand on a page of a TimeMap."""

_BY_SUFFIX: Final = {f".{candidate.suffix}": candidate for candidate in OFFERS}


class Versions:
    """Answers for the versions of certifications. What it raises is a Problem."""

    def __init__(self, store: Engine, history: History, pages: Pages) -> None:
        self.history = history
        self.pages = pages
        self.space = Space(pages.addresses.settings.base)
        self.store = store

    def answer(self, request: Request, code: str, number: int) -> Response:
        """A version in the format that the request prefers (404, 406)."""
        return self._represent(request, code, number, None)

    def document(self, request: Request, code: str, rest: str) -> Response:
        """A version at `/doc/certification/{code}/version/{rest}`: its number, with a suffix that fixes the format (404, 406)."""
        stem, dot, suffix = rest.partition(".")
        fixed = _BY_SUFFIX.get(dot + suffix)
        if not (stem.isdecimal() and stem.isascii() and len(stem) < 19) or (dot and fixed is None):
            raise problems.not_found(f"/doc/certification/{code}/version/{rest}")
        return self._represent(request, code, int(stem), fixed)

    def gate(self, request: Request, code: str) -> Response:
        """The way to the version of the moment that Accept-Datetime names (400, 404)."""
        moment = accepted_moment(request.headers.get("accept-datetime", ""))
        timeline = self.timeline(code)
        number = timeline.nearest(self.history.number_at(moment))
        headers = {
            "Location": timeline.memento(number),
            "Vary": "Accept-Datetime",
            "Link": ", ".join(self._links(timeline, number)),
        }
        return Response(status_code=302, headers=headers)

    def links(self, code: str) -> list[str]:
        """The values of the header Link that lead from a certification to its versions; none where it has none."""
        numbers = self.history.numbers(self.space.certification(code))
        return list(self._links(self._timeline(code, numbers))) if numbers else []

    def timemap(self, request: Request, code: str, page: int) -> Response:
        """The versions of a certification as a list of links (RFC 7089, section 5), page by page (404)."""
        timeline = self.timeline(code)
        place = Place(page, len(timeline.numbers), MEMENTOS_LISTED, timeline.timemap)
        listed = self.history.listed(timeline.numbers[place.offset : place.offset + place.size])
        span = f'; from="{http_date(listed[0].at)}"; until="{http_date(listed[-1].at)}"'
        entries = [
            f'<{timeline.address}>; rel="original timegate"',
            f'<{place.at(page) if page > 1 else timeline.timemap}>; rel="self"; type="{LINK_FORMAT}"{span}',
            *(f'<{place.at(n)}>; rel="timemap"; type="{LINK_FORMAT}"' for n in range(1, place.last + 1) if n != page),
            *(timeline.entry(revision, *(name for name, n in _ends(timeline) if n == revision.number)) for revision in listed),
        ]
        return represent(request, ",\n".join(entries).encode() + b"\n", LINK_FORMAT, {"Link": ", ".join(place.links())})

    def gone(self, iri: str) -> Problem | None:
        """410 for a certification that was withdrawn, or an element that only a former version describes; None otherwise."""
        return gone(self.store, self.history, self.pages.addresses, iri)

    def timeline(self, code: str) -> Timeline:
        """The versions of a certification. Raises Problem (404) where it has none."""
        name = self.space.certification(code)
        numbers = self.history.numbers(name) if self.space.code(name) else ()
        if not numbers:
            raise problems.not_found(f"/certifications/{code}")
        return self._timeline(code, numbers)

    def version(self, code: str, number: int) -> Revision:
        """The revision that made a version (404)."""
        self.timeline(code)
        revision = self.history.revision(number)
        if revision is None or self.space.certification(code) not in revision.graphs:
            listed = self.pages.addresses.public(f"/certifications/{code}/history")
            raise Problem(
                problems.NO_SUCH_VERSION,
                Text(
                    f"« {code} » n'a pas de version {number} ; {listed} énumère celles qu'il y a.",
                    f"“{code}” has no version {number}; {listed} lists those that there are.",
                ),
                {"Link": link(listed, "version-history")},
            )
        return revision

    def statements(self, code: str, number: int) -> Statements:
        """What a certification's graph held after a revision."""
        return self.history.statements(self.space.certification(code), number)

    def _timeline(self, code: str, numbers: Sequence[int]) -> Timeline:
        return Timeline.of(self.pages.addresses, code, numbers)

    def _links(self, timeline: Timeline, number: int | None = None) -> Iterator[str]:
        return timeline.links(self.history.listed(sorted(timeline.relations(number))), number)

    def _represent(self, request: Request, code: str, number: int, fixed: Offer | None) -> Response:
        timeline = self.timeline(code)
        revision = self.version(code, number)
        chosen = fixed or negotiated(request)
        name = self.space.certification(code)
        statements = self.statements(code, number)
        graph = empty_graph().parse(data="".join(f"{line}\n" for line in statements), format="nt")
        headers = {
            "Memento-Datetime": http_date(revision.at),
            "Link": ", ".join(self._links(timeline, number)),
            "Content-Location": self._document(code, number, f".{chosen.suffix}"),
        }
        if chosen.form is None:
            return answer_page(request, self.pages, self._page(request, code, revision, timeline, graph), headers)
        return answer_graph(request, self.pages, graph, name, chosen, headers | {"Cache-Control": FOR_EVER})

    def _document(self, code: str, number: int, suffix: str) -> str:
        return self.pages.addresses.path(f"/doc/certification/{code}/version/{number}{suffix}")

    def _page(self, request: Request, code: str, revision: Revision, timeline: Timeline, graph: Graph) -> bytes:
        view = self.pages.view(request)
        name = self.space.certification(code)
        relations = {relation: number for number, names in timeline.relations(revision.number).items() for relation in names}
        here = f"/certifications/{code}"
        shown = {
            "w": words(view.language),
            "code": code,
            "revision": revision,
            "operation": KINDS[revision.kind].in_(view.language),
            "current": view.href(here),
            "history": view.href(f"{here}/history"),
            "previous": relations.get("prev"),
            "next": relations.get("next"),
            "address": lambda number: view.href(here) + ("&" if view.chosen else "?") + f"version={number}",
        }
        formats = {
            view.addresses.path(self._document(code, revision.number, suffix)): offer for suffix, offer in _BY_SUFFIX.items()
        }
        if (name, RDF.type, REF.Certification) in graph:
            description = Description(name, name, b"")
            return self.pages.certification(view, description, graph, formats, "version.html", **shown)
        titles = sorted(graph.objects(name, SKOS.prefLabel), key=str)
        successor = graph.value(name, DCT.isReplacedBy)
        return self.pages.render(
            view,
            "notice.html",
            **shown,
            formats=formats,
            iri=name,
            title=titles[0] if titles else None,
            successor=successor and str(successor),
            successor_page=successor and (view.of(str(successor)) or _address(str(successor))),
        )


def _address(iri: str) -> str | None:
    """An IRI where it is one that a browser may be sent to."""
    return iri if iri.startswith(("http://", "https://")) else None


def _ends(timeline: Timeline) -> tuple[tuple[str, int], tuple[str, int]]:
    return ("first", timeline.numbers[0]), ("last", timeline.numbers[-1])
