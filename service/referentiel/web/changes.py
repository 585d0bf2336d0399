"""All revisions in their order, to be followed without loss: `/changes`.

Pages are told by the number after which they start, `?since=N`, and hold the next revisions: a full page never changes again, so
that it may be kept for ever, and leads to the next one. A follower reads from `since=0` on; where a page is not full, it comes back
to it later. As RDF the feed is an event stream (LDES), its pages nodes of a tree (TREE hypermedia), its members the revisions
with the versions of certifications that they generated: harvesters know it, and a revision never changes once it is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlencode

from rdflib import Graph, Literal, URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import Names
from referentiel.history import History, Revision, is_certification, version_iri
from referentiel.vocabulary import LDES, PROV, RDF, RDFS, REF, TREE, empty_graph
from referentiel.web import atom
from referentiel.web.documents import OFFERS as GRAPHS
from referentiel.web.graphs import answer_graph, answer_page, negotiated
from referentiel.web.history_texts import KINDS, WORDS, words
from referentiel.web.memento import Timeline
from referentiel.web.negotiation import HTML, Offer
from referentiel.web.pages import Pages, View
from referentiel.web.representations import link, represent
from referentiel.web.revisions import told
from referentiel.web.versions import FOR_EVER

PAGE_SIZE: Final = 100
"""How many revisions stand on a full page; fewer where they changed very many graphs."""
GRAPHS_TOLD: Final = 1000
"""How many changed graphs a page for programs tells, unless its first revision alone changed more."""
JSON: Final = Offer("json", "application/json")
ATOM: Final = Offer("atom", atom.MEDIA_TYPE, aliases=("application/xml",))
OFFERS: Final = (JSON, ATOM, *GRAPHS)
PATH: Final = "/changes"
_SHOWN: Final = 20
"""How many certifications of one revision are named in a feed entry or on the page."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Some revisions in a row: those after `since`. `full`: no other will join them, so that the page never changes."""

    since: int
    revisions: tuple[Revision, ...]
    full: bool

    @classmethod
    def of(cls, since: int, found: tuple[Revision, ...], graphs: int | None = None) -> _Page:
        """As many of some revisions as fit, but one at least: `graphs` bounds how many graphs they changed in all."""
        sums = accumulate(len(revision.graphs) for revision in found)
        fitting = sum(graphs is None or total <= graphs for total in sums) or len(found[:1])
        return cls(since, found[:fitting], full=fitting == PAGE_SIZE or fitting < len(found))

    @property
    def until(self) -> int:
        """The number of the last one."""
        return self.since + len(self.revisions)


class ChangeFeed:
    """Answers for `/changes`."""

    def __init__(self, history: History, pages: Pages) -> None:
        self._history = history
        self._pages = pages
        self._addresses = pages.addresses
        self._base = pages.addresses.settings.base
        self._names = Names.of(pages.addresses.settings)

    def answer(self, request: Request, since: int | None, named: str | None) -> Response:
        """The revisions after `since`. Without it programs get those from the first on, people and feed readers the last ones.

        `named`: a format that wins over Accept. Raises Problem (406).
        """
        chosen = next((offer for offer in OFFERS if offer.suffix == named), None) or negotiated(request, OFFERS)
        start = since if since is not None else 0
        if since is None and chosen in (ATOM, HTML):
            start = max(self._history.head - PAGE_SIZE, 0)
        # Feed readers go from archive to archive by hundreds; what they and people are shown of a revision is little anyway.
        graphs = None if chosen in (ATOM, HTML) else GRAPHS_TOLD
        page = _Page.of(start, self._history.revisions(since=start, limit=PAGE_SIZE), graphs)
        headers = {"Vary": "Accept", "Link": ", ".join(self._links(page, named))}
        if since is not None and page.full:
            headers["Cache-Control"] = FOR_EVER
        if chosen is JSON:
            return represent(request, _json(self._told(page, named)), JSON.media_type, headers)
        if chosen is ATOM:
            return represent(request, self._atom(page, subscription=since is None), ATOM.media_type, headers)
        if chosen.form is None:
            return answer_page(request, self._pages, self._html(request, page), {"Link": headers["Link"]})
        return answer_graph(request, self._pages, self._graph(page, named), self._iri(None), chosen, headers)

    def _at(self, since: int | None, named: str | None = None) -> str:
        """The address of a page, or of the feed, in a format where that was asked for."""
        return self._addresses.public(PATH) + _query(since, named)

    def _iri(self, since: int | None, named: str | None = None) -> URIRef:
        """The same as an IRI, for a graph."""
        return URIRef(self._names.address(PATH) + _query(since, named))

    def _links(self, page: _Page, named: str | None) -> Iterator[str]:
        yield link(self._at(0, named), "first")
        if page.since:
            yield link(self._at(max(page.since - PAGE_SIZE, 0), named), "prev")
        if page.full:
            yield link(self._at(page.until, named), "next")

    def _versions(self, revision: Revision) -> Iterator[tuple[str, str]]:
        """The certifications that a revision changed, with their identifiers."""
        for name in revision.graphs:
            if name is not None and is_certification(self._base, name):
                yield str(name), name.rpartition("/")[2]

    def _told(self, page: _Page, named: str | None) -> dict[str, Any]:
        """A page for JSON. `next` is there once the page is full."""
        return {
            "since": page.since,
            "until": page.until,
            "next": self._at(page.until, named) if page.full else None,
            "revisions": [
                told(revision)
                | {
                    "versions": [
                        {
                            "certification": name,
                            "version": version_iri(name, revision.number),
                            "address": Timeline.of(self._addresses, code, ()).memento(revision.number),
                        }
                        for name, code in self._versions(revision)
                    ]
                }
                for revision in page.revisions
            ],
        }

    def _graph(self, page: _Page, named: str | None) -> Graph:
        """A page as a node of the stream's tree."""
        graph = empty_graph().parse(data=self._history.described(page.revisions), format="nt")
        stream, node = self._iri(None), self._iri(page.since, named)
        graph.add((stream, RDF.type, LDES.EventStream))
        graph.add((stream, LDES.timestampPath, PROV.endedAtTime))
        graph.add((stream, TREE.view, self._iri(0, named)))
        graph.add((node, RDF.type, TREE.Node))
        for revision in page.revisions:
            graph.add((stream, TREE.member, revision.iri))
            for name, code in self._versions(revision):
                version = version_iri(name, revision.number)
                graph.add((revision.iri, PROV.generated, version))
                graph.add((version, RDFS.seeAlso, self._names.address(f"/certifications/{code}?version={revision.number}")))
        if page.full:
            relation = URIRef(f"{node}#next")
            graph.add((node, TREE.relation, relation))
            graph.add((relation, RDF.type, TREE.GreaterThanRelation))
            graph.add((relation, TREE.node, self._iri(page.until, named)))
            graph.add((relation, TREE.path, REF.revisionNumber))
            graph.add((relation, TREE.value, Literal(page.until)))
        return graph

    def _atom(self, page: _Page, *, subscription: bool) -> bytes:
        """A page as a feed document: the one to subscribe to, or, where it is full, an archive of it."""
        suffix = ATOM.suffix
        links = {"self": self._at(None if subscription else page.since, suffix), "alternate": self._at(None)}
        if not subscription:
            links["current"] = self._at(None, suffix)
            if page.full:
                links["next-archive"] = self._at(page.until, suffix)
        before = page.until - page.until % PAGE_SIZE if subscription else page.since
        if before:
            links["prev-archive"] = self._at(max(before - PAGE_SIZE, 0), suffix)
        entries = [self._entry(revision) for revision in page.revisions]
        title, author = WORDS["changes"].fr, self._addresses.settings.publisher
        return atom.feed(self._feed_iri, title, author, entries, links, archive=page.full and not subscription)

    @property
    def _feed_iri(self) -> str:
        """What the feed is, wherever it is read: RFC 4287 asks for an IRI that never changes."""
        return str(self._history.name)

    def _entry(self, revision: Revision) -> atom.Entry:
        codes = [code for _, code in self._versions(revision)]
        shown = ", ".join(codes[:_SHOWN]) + (", …" if len(codes) > _SHOWN else "")
        operation = KINDS[revision.kind].fr
        links = [("alternate", self._local_page(revision.iri))]
        links += [("related", Timeline.of(self._addresses, code, ()).memento(revision.number)) for code in codes[:_SHOWN]]
        title = f"{WORDS['revision'].fr} {revision.number} : {operation}{f' ({shown})' if shown else ''}"
        counted = f"{revision.added} {WORDS['added_statements'].fr}, {revision.removed} {WORDS['removed_statements'].fr}"
        return atom.Entry(revision, title, f"{revision.why} — {counted}" if revision.why else counted, links)

    def _local_page(self, iri: URIRef) -> str:
        return self._addresses.public("/doc/" + iri.removeprefix(self._base))

    def _html(self, request: Request, page: _Page) -> bytes:
        view = self._pages.view(request)
        return self._pages.render(
            view,
            "changes.html",
            w=words(view.language),
            operations={kind: text.in_(view.language) for kind, text in KINDS.items()},
            rows=[self._row(revision, view) for revision in reversed(page.revisions)],
            feeds={self._at(None, offer.suffix): offer for offer in OFFERS if offer is not HTML},
            start=self._at(0, JSON.suffix),
            earlier=_page_address(view, max(page.since - PAGE_SIZE, 0)) if page.since else None,
            later=_page_address(view, page.until) if self._history.head > page.until else None,
        )

    def _row(self, revision: Revision, view: View) -> tuple[Revision, list[tuple[str, str]], bool]:
        """A revision with the certifications that it changed and links to what changed there; and whether there are more."""
        codes = [code for _, code in self._versions(revision)]
        shown = [(code, _with(view.href(f"/certifications/{code}/diff"), f"to={revision.number}")) for code in codes[:_SHOWN]]
        return revision, shown, len(codes) > _SHOWN


def _query(since: int | None, named: str | None) -> str:
    parameters = {"since": since, "format": named}
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"?{query}" if query else ""


def _page_address(view: View, since: int) -> str:
    return _with(view.href(PATH), f"since={since}")


def _with(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
