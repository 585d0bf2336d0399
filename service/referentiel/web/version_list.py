"""The versions of a certification, the newest first: `/certifications/{id}/history`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from referentiel.history import Revision, version_iri
from referentiel.vocabulary import empty_graph
from referentiel.web.documents import OFFERS
from referentiel.web.graphs import answer_graph, answer_page, negotiated
from referentiel.web.history_texts import KINDS, words
from referentiel.web.memento import Timeline
from referentiel.web.negotiation import Offer
from referentiel.web.paging import Place
from referentiel.web.representations import link, represent
from referentiel.web.revisions import told
from referentiel.web.versions import Versions

PAGE_SIZE: Final = 100
"""How many versions stand on a page."""
JSON: Final = Offer("json", "application/json")


class VersionList:
    """Answers for `/certifications/{id}/history`."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._pages = versions.pages

    def answer(self, request: Request, code: str, page: int) -> Response:
        """A page of the versions. Raises Problem (404, 406)."""
        timeline = self._versions.timeline(code)
        place = Place(page, len(timeline.numbers), PAGE_SIZE, timeline.listed)
        chosen = negotiated(request, (JSON, *OFFERS))
        newest_first = timeline.numbers[::-1][place.offset : place.offset + place.size]
        history, name = self._versions.history, self._versions.space.certification(code)
        revisions = history.listed(newest_first)
        headers = {"Link": ", ".join((*place.links(), link(timeline.timemap, "timemap")))}
        if chosen is JSON:
            body = json.dumps(self._told(name, timeline, revisions, place), ensure_ascii=False, indent=1).encode()
            return represent(request, body, JSON.media_type, headers | {"Vary": "Accept"})
        if chosen.form is None:
            return answer_page(request, self._pages, self._page(request, code, timeline, revisions, place), headers)
        graph = empty_graph().parse(data=history.described(revisions, name), format="nt")
        return answer_graph(request, self._pages, graph, name, chosen, headers)

    def _told(self, name: str, timeline: Timeline, revisions: Sequence[Revision], place: Place) -> dict[str, Any]:
        return {
            "certification": name,
            "total": place.total,
            "next": place.at(place.number + 1) if place.number < place.last else None,
            "versions": [
                told(revision)
                | {
                    "version": version_iri(name, revision.number),
                    "address": timeline.memento(revision.number),
                    "diff": f"{timeline.address}/diff?to={revision.number}",
                }
                for revision in revisions
            ],
        }

    def _page(self, request: Request, code: str, timeline: Timeline, revisions: Sequence[Revision], place: Place) -> bytes:
        view = self._pages.view(request)
        here = f"/certifications/{code}"
        return self._pages.render(
            view,
            "history.html",
            w=words(view.language),
            operations={kind: text.in_(view.language) for kind, text in KINDS.items()},
            code=code,
            iri=self._versions.space.certification(code),
            revisions=revisions,
            newest=timeline.numbers[-1],
            current=view.href(here),
            version=lambda number: _with(view.href(here), f"version={number}"),
            diff=lambda number: _with(view.href(f"{here}/diff"), f"to={number}"),
            place=place,
            others=place.hrefs(view.href(f"{here}/history")),
        )


def _with(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"
