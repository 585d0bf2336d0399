"""What differs between two states of a certification, element by element, for people: added, removed, or saying something else.

Of a link that is stored in both directions the forward one is told, and what only lists elements is not told at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

from rdflib import Graph, URIRef
from rdflib.term import Node

from referentiel.model import natural_key
from referentiel.store import Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import INVERSES, RDF, REF, SKOS, empty_graph

SHOWN: Final = 300
"""How many elements are told."""

Status: TypeAlias = Literal["added", "removed", "changed"]

_UNTOLD: Final = frozenset(
    map(
        str,
        (*INVERSES.values(), REF.hasElement, REF.hasEvidence, REF.hasExcerpt, SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept),
    )
)
_PARENTS: Final = frozenset(map(str, INVERSES.values()))
_NAMING: Final = _PARENTS | frozenset(map(str, (RDF.type, SKOS.notation, SKOS.prefLabel)))
_MARKED: Final = 200
"""Words of the longest text whose changes are marked word by word."""


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """The values of one property that went, and those that came."""

    predicate: URIRef
    before: tuple[Node, ...]
    after: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ElementChange:
    """What happened to one element. `detail`: it says where another one comes from, no more."""

    iri: URIRef
    status: Status
    properties: tuple[PropertyChange, ...]
    detail: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs. `before` and `after`: what names the elements told. `total`: how many differ; `untold`: statements left out."""

    elements: tuple[ElementChange, ...]
    total: int
    untold: int
    before: Graph
    after: Graph


def difference(before: Statements, after: Statements) -> Difference:
    """What leads from one state to another."""
    gone, come = before - after, after - before
    told_gone, told_come = _by_subject(gone), _by_subject(come)
    subjects = sorted({*told_gone, *told_come}, key=natural_key)
    was, is_ = _by_subject(before, told=_NAMING), _by_subject(after, told=_NAMING)
    shown = subjects[:SHOWN]
    old = _graph(line for subject in shown for line in told_gone.get(subject, ()))
    new = _graph(line for subject in shown for line in told_come.get(subject, ()))
    named_before, named_after = _named(was, [*shown, *_objects(old)]), _named(is_, [*shown, *_objects(new)])
    once, now = set(map(subject_of, before)), set(map(subject_of, after))
    elements = (
        _element(URIRef(subject), subject in once, subject in now, old, new, named_before, named_after) for subject in shown
    )
    untold = len(gone) + len(come) - sum(map(len, told_gone.values())) - sum(map(len, told_come.values()))
    return Difference(tuple(elements), len(subjects), untold, named_before, named_after)


def marked(before: str, after: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Two texts in parts, with those that differ marked; as wholes where they are long."""
    old, new = before.split(" "), after.split(" ")
    if max(len(old), len(new)) > _MARKED:
        return [(True, before)], [(True, after)]
    was: list[tuple[bool, str]] = []
    is_: list[tuple[bool, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was += [(kind != "equal", " ".join(old[i:j]))] if j > i else []
        is_ += [(kind != "equal", " ".join(new[k:m]))] if m > k else []
    return was, is_


def _by_subject(statements: Iterable[str], told: frozenset[str] | None = None) -> Mapping[str, list[str]]:
    """Statements by what they are about: those with one of some properties, or all that are told."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in statements:
        predicate = predicate_of(line)
        if predicate in told if told is not None else predicate not in _UNTOLD:
            found[subject_of(line)].append(line)
    return found


def _objects(graph: Graph) -> list[str]:
    return [str(value) for value in graph.objects() if isinstance(value, URIRef)]


def _named(naming: Mapping[str, list[str]], iris: Iterable[str]) -> Graph:
    """What names some elements and those that they are part of."""
    waiting, seen = list(iris), set[str]()
    while waiting:
        iri = waiting.pop()
        if iri not in seen:
            seen.add(iri)
            above = (object_of(line) for line in naming.get(iri, ()) if predicate_of(line) in _PARENTS)
            waiting += [parent for parent in above if parent]
    return _graph(line for iri in seen for line in naming.get(iri, ()))


def _graph(lines: Iterable[str]) -> Graph:
    return empty_graph().parse(data="".join(f"{line}\n" for line in lines), format="nt")


def _element(iri: URIRef, was: bool, is_: bool, old: Graph, new: Graph, before: Graph, after: Graph) -> ElementChange:
    predicates = {URIRef(str(predicate)) for graph in (old, new) for predicate in graph.predicates(iri)}
    changes = (
        PropertyChange(
            predicate,
            tuple(sorted(old.objects(iri, predicate), key=str)),
            tuple(sorted(new.objects(iri, predicate), key=str)),
        )
        for predicate in sorted(predicates, key=lambda one: (one != SKOS.prefLabel, str(one)))
    )
    kinds = {*before.objects(iri, RDF.type), *after.objects(iri, RDF.type)}
    status: Status = "changed" if was and is_ else "added" if is_ else "removed"
    return ElementChange(iri, status, tuple(changes), not kinds.isdisjoint({REF.SourceExcerpt, REF.LinkEvidence}))
