"""What was held once and is no more: the answer says since when, what replaces it, and where its last state is kept."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from rdflib import URIRef

from referentiel.gate.names import Space
from referentiel.gate.working_out import is_notice
from referentiel.history import History
from referentiel.store import Engine
from referentiel.vocabulary import DCT, OWL, REF
from referentiel.web import problems
from referentiel.web.addresses import Addresses
from referentiel.web.memento import LINK_FORMAT, Timeline
from referentiel.web.problems import Problem
from referentiel.web.representations import link
from referentiel.web.texts import Text

_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"
"""What an IRI keeps as a URI (RFC 3987, section 3.1), as a header needs it."""


def gone(store: Engine, history: History, addresses: Addresses, iri: str) -> Problem | None:
    """410 for a certification that was withdrawn, or an element that only a former version describes; None otherwise."""
    space = Space(addresses.settings.base)
    name = URIRef(space.unit(iri))
    code = space.code(name)
    if code is None:
        return None
    withdrawn = _is_withdrawn(store, name)
    if str(iri) != str(name):
        last = history.last_described(iri, name)
    elif withdrawn:
        last = _last_living(history, name)
    else:
        last = None
    if last is None:
        return None
    return _problem(iri, Timeline.of(addresses, code, ()), last, _successor(store, name) if withdrawn else None)


def _is_withdrawn(store: Engine, name: URIRef) -> bool:
    """Whether a certification's graph is a notice (see gate.working_out)."""
    told = f"?s {OWL.deprecated.n3()} true FILTER NOT EXISTS {{ ?s a {REF.Certification.n3()} }}"
    question = f"SELECT ?s {{ VALUES ?s {{ {name.n3()} }} GRAPH {name.n3()} {{ {told} }} }}"
    return bool(store.query(question).rows())


def _last_living(history: History, name: URIRef) -> int:
    """The last version of a certification that is no notice; several may be, as a notice can be completed. 0 where none is."""
    versions = reversed(history.numbers(name))
    return next((number for number in versions if not is_notice(name, history.statements(name, number))), 0)


def _successor(store: Engine, name: URIRef) -> str | None:
    question = f"SELECT ?by {{ GRAPH {name.n3()} {{ {name.n3()} {DCT.isReplacedBy.n3()} ?by }} }} ORDER BY ?by LIMIT 1"
    return next((by for (by,) in store.query(question).rows()), None)


def _problem(iri: str, timeline: Timeline, last: int, successor: str | None) -> Problem:
    version = timeline.memento(last) if last else None
    links = [link(timeline.timemap, "timemap", LINK_FORMAT), link(timeline.listed, "version-history")]
    links += [link(version, "predecessor-version")] if version else []
    links += [link(quote(successor, safe=_KEPT), "successor-version")] if successor else []
    french, english = f"« {iri} » a été retiré", f"“{iri}” was withdrawn"
    replaced = Text(f"{french} ; {successor} le remplace.", f"{english}; {successor} replaces it.")
    return Problem(
        problems.GONE,
        replaced if successor else Text(f"{french}.", f"{english}."),
        {"Link": ", ".join(links)},
        {"replaced_by": successor, "last_version": version},
    )
