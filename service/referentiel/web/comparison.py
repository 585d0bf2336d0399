"""What changed from one version of a certification to another: `/certifications/{id}/diff`.

For people a page, and the same as JSON; for programs an RDF patch: it is what the history keeps of each write, it can be applied
as it stands, line by line, by whoever holds the former version, and says no more than was added and removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node
from starlette.requests import Request
from starlette.responses import Response

from referentiel.history import patch_lines
from referentiel.store import Changes
from referentiel.validation import places
from referentiel.validation.rules import Bilingual
from referentiel.vocabulary import RDF, SKOS
from referentiel.web import lookups
from referentiel.web.differences import Difference, ElementChange, PropertyChange, difference, marked
from referentiel.web.graphs import answer_page, negotiated
from referentiel.web.history_texts import words
from referentiel.web.negotiation import HTML, Offer
from referentiel.web.pages import View
from referentiel.web.properties import Names, Value
from referentiel.web.representations import represent
from referentiel.web.versions import FOR_EVER, Versions

JSON: Final = Offer("json", "application/json")
PATCH: Final = Offer("rdfp", "application/rdf-patch", aliases=("text/plain",))
OFFERS: Final = (JSON, PATCH, HTML)

_VALUES: Final = 50
"""How many values of a property are told."""
_TEXT: Final = 2000
"""Characters of a text that are told."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One property of an element on the page: values before and after, or the two texts in parts, with what differs marked."""

    name: Value
    before: list[Value]
    after: list[Value]
    marked: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] | None


class Comparison:
    """Answers for `/certifications/{id}/diff`."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._pages = versions.pages

    def answer(self, request: Request, code: str, since: int | None, to: int | None, named: str | None) -> Response:
        """What changed after version `since` up to version `to`: the last one, and the one before it, unless they are given.

        0 is what there was before the first version. `named`: a format that wins over Accept. Raises Problem (404, 406).
        """
        timeline = self._versions.timeline(code)
        last = self._versions.version(code, timeline.numbers[-1] if to is None else to).number
        former = max((number for number in timeline.numbers if number < last), default=0)
        first = former if since is None else since and self._versions.version(code, since).number
        chosen = next((offer for offer in OFFERS if offer.suffix == named), None) or negotiated(request, OFFERS)
        before, after = (self._versions.statements(code, number) for number in (first, last))
        headers = {"Vary": "Accept"} | ({"Cache-Control": FOR_EVER} if since is not None and to is not None else {})
        if chosen is PATCH:
            name = self._versions.space.certification(code)
            changes = Changes.between({name: before}, {name: after})
            body = "".join(patch_lines(URIRef(f"{name}/diff?from={first}&to={last}"), changes))
            return represent(request, body.encode(), PATCH.media_type, headers)
        found = difference(before, after)
        if chosen is JSON:
            told = {"certification": self._versions.space.certification(code), "from": first, "to": last}
            told |= {"added": len(after - before), "removed": len(before - after)} | _told(found)
            return represent(request, json.dumps(told, ensure_ascii=False, indent=1).encode(), JSON.media_type, headers)
        return answer_page(request, self._pages, self._page(request, code, first, last, found))

    def _page(self, request: Request, code: str, first: int, last: int, found: Difference) -> bytes:
        view = self._pages.view(request)
        here = f"/certifications/{code}"
        names = self._names(view, found)
        rows = [
            (element, _named(_state(found, element), element.iri, view), _rows(element, found, names, view))
            for element in found.elements
        ]
        return self._pages.render(
            view,
            "difference.html",
            w=words(view.language),
            code=code,
            first=self._versions.history.revision(first),
            last=self._versions.history.revision(last),
            current=view.href(here),
            history=view.href(f"{here}/history"),
            patch=self._pages.addresses.path(f"{here}/diff") + f"?from={first}&to={last}&format={PATCH.suffix}",
            elements=[row for row in rows if not row[0].detail],
            details=[row for row in rows if row[0].detail],
            found=found,
        )

    def _names(self, view: View, found: Difference) -> Names:
        used = {str(change.predicate) for element in found.elements for change in element.properties}
        used |= {
            str(value)
            for element in found.elements
            for change in element.properties
            for value in (*change.before, *change.after)
            if isinstance(value, URIRef)
        }
        listed = sorted(used)
        labels: dict[str, lookups.Label] = {}
        for start in range(0, len(listed), 500):  # a question has a length
            labels |= lookups.labels(self._versions.store, listed[start : start + 500], view.language)
        return Names(labels, view.language, view.of, view.described)


def _state(found: Difference, element: ElementChange) -> Graph:
    """The state that says where an element stands."""
    return found.before if element.status == "removed" else found.after


def _named(graph: Graph, iri: URIRef, view: View) -> Value:
    """An element by where it stands, and what it is called."""
    where = places.place(graph, iri)
    label = places.label(graph, iri)
    return Value(
        label or "",
        where.en if view.language == "en" else where.fr,
        "fr" if label and view.language != "fr" else None,
        view.of(str(iri)),
    )


def _rows(element: ElementChange, found: Difference, names: Names, view: View) -> list[_Row]:
    whole = element.status != "changed"  # its heading says then what it is, and its code
    told = (change for change in element.properties if not (whole and change.predicate in {RDF.type, SKOS.notation}))
    return [_row(change, found, names, view) for change in told]


def _row(change: PropertyChange, found: Difference, names: Names, view: View) -> _Row:
    before = [_value(value, found.before, names, view) for value in change.before[:_VALUES]]
    after = [_value(value, found.after, names, view) for value in change.after[:_VALUES]]
    one_text = len(change.before) == len(change.after) == 1 and isinstance(change.before[0], Literal)
    parts = marked(before[0].text, after[0].text) if one_text else None
    return _Row(names.value(str(change.predicate)), before, after, parts)


def _value(value: Node, graph: Graph, names: Names, view: View) -> Value:
    if isinstance(value, URIRef):
        return _named(graph, value, view) if (value, None, None) in graph else names.value(str(value))
    language = value.language if isinstance(value, Literal) and value.language != view.language else None
    return Value(_cut(str(value)), language=language)


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"


def _told(found: Difference) -> dict[str, Any]:
    """The difference for JSON."""
    return {
        "elements_changed": found.total,
        "elements": [
            {
                "iri": element.iri,
                "place": _both(places.place(_state(found, element), element.iri)),
                "status": element.status,
                "detail": element.detail,
                "properties": [
                    {"property": change.predicate, "before": _terms(change.before), "after": _terms(change.after)}
                    for change in element.properties
                ],
            }
            for element in found.elements
        ],
    }


def _both(text: Bilingual) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _terms(values: Iterable[Node]) -> list[dict[str, str]]:
    """Values as SPARQL's JSON results write terms."""
    return [_term(value) for value in values][:_VALUES]


def _term(value: Node) -> dict[str, str]:
    if not isinstance(value, Literal):
        return {"type": "uri", "value": str(value)}
    term = {"type": "literal", "value": _cut(str(value))}
    if value.language:
        return term | {"xml:lang": value.language}
    return term | ({"datatype": str(value.datatype)} if value.datatype else {})
