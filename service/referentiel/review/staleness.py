"""Decisions to look at again: what they were made about is no longer there, is called otherwise, or stands elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rdflib import URIRef

from referentiel.gate import Gate
from referentiel.linking.mapping import NO_MATCH, Mapping
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import OWL, SKOS

_LABELS: Final = f"SELECT ?graph ?concept ?label {{ GRAPH ?graph {{ ?concept <{SKOS.prefLabel}> ?label }} }}"
_WITHDRAWN: Final = f"SELECT ?graph ?concept ?gone {{ GRAPH ?graph {{ ?concept <{OWL.deprecated}> ?gone }} }}"


class Cause(StrEnum):
    """Why a decision is to be looked at again."""

    SUBJECT_GONE = "subject gone"
    SUBJECT_REWORDED = "subject reworded"
    TARGET_GONE = "target gone"
    TARGET_WITHDRAWN = "target withdrawn"
    TARGET_RELABELLED = "target relabelled"
    TARGET_MOVED = "target moved"


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision to look at again. `before`, `now`: labels, or IRIs of broader concepts; empty where there is none."""

    mapping: Mapping
    cause: Cause
    before: str = ""
    now: str = ""


def stale(gate: Gate, mappings: Iterable[Mapping]) -> Iterator[Stale]:
    """The decisions whose subject or target is not what it was when they were made.

    A target is compared within the vocabulary that the decision names, if the store holds that. It has moved when a revision
    since the version that the decision names gave it other broader concepts. Raises DamagedHistory.
    """
    moves: dict[URIRef, _Moves] = {}
    for mapping in mappings:
        yield from _subject(gate, mapping)
        source = mapping.object_source
        if source is None or mapping.object == NO_MATCH or not gate.version(source):
            continue
        labels = _labels(gate, source, mapping.object)
        if not labels:
            yield Stale(mapping, Cause.TARGET_GONE, mapping.object_label)
            continue
        if mapping.object_label and mapping.object_label not in labels:
            yield Stale(mapping, Cause.TARGET_RELABELLED, mapping.object_label, min(labels))
        if _is_withdrawn(gate, source, mapping.object):
            yield Stale(mapping, Cause.TARGET_WITHDRAWN, mapping.object_label)
        if source not in moves:
            moves[source] = _Moves(gate, source)
        yield from moves[source].of(mapping)


def _subject(gate: Gate, mapping: Mapping) -> Iterator[Stale]:
    graph = URIRef(gate.space.unit(mapping.subject))
    labels = _labels(gate, graph, mapping.subject)
    if not gate.engine.query(f"SELECT ?s {{ GRAPH {graph.n3()} {{ {mapping.subject.n3()} ?p ?s }} }} LIMIT 1").rows():
        yield Stale(mapping, Cause.SUBJECT_GONE, mapping.subject_label)
    elif mapping.subject_label and labels and mapping.subject_label not in labels:
        yield Stale(mapping, Cause.SUBJECT_REWORDED, mapping.subject_label, min(labels))


def _is_withdrawn(gate: Gate, graph: URIRef, concept: URIRef) -> bool:
    rows = gate.engine.query(_WITHDRAWN, bindings={"graph": graph, "concept": concept}).rows()
    return any(gone == "true" for _, _, gone in rows)


def _labels(gate: Gate, graph: URIRef, concept: URIRef) -> set[str]:
    rows = gate.engine.query(_LABELS, bindings={"graph": graph, "concept": concept}).rows()
    return {label for _, _, label in rows if label is not None}


class _Moves:
    """What the revisions of a vocabulary since each of its versions did to its hierarchy."""

    def __init__(self, gate: Gate, source: URIRef) -> None:
        self._since: dict[str, dict[str, tuple[frozenset[str], frozenset[str]]]] = {}
        gained, lost = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for number in gate.history.numbers(source)[::-1]:
            change = next(each for each in gate.history.changes(number).graphs if each.name == source)
            _turn(change.added, gained, lost)
            _turn(change.removed, lost, gained)
            for version in _versions(source, change.removed):
                moved = (concept for concept in {*gained, *lost} if gained[concept] or lost[concept])
                self._since[version] = {each: (frozenset(lost[each]), frozenset(gained[each])) for each in list(moved)}

    def of(self, mapping: Mapping) -> Iterator[Stale]:
        """Whether the target of a decision has moved since."""
        found = self._since.get(mapping.object_source_version, {}).get(str(mapping.object))
        if found:
            yield Stale(mapping, Cause.TARGET_MOVED, *(", ".join(sorted(each)) for each in found))


def _turn(lines: Iterable[str], gained: defaultdict[str, set[str]], lost: defaultdict[str, set[str]]) -> None:
    """Count links to broader concepts as gained, going back in time: what a later revision took away again is neither."""
    for line in lines:
        if predicate_of(line) == str(SKOS.broader) and (broader := object_of(line)):
            concept = subject_of(line)
            if broader in lost[concept]:
                lost[concept].discard(broader)
            else:
                gained[concept].add(broader)


def _versions(source: URIRef, lines: Iterable[str]) -> Iterator[str]:
    """The versions of a vocabulary that some removed lines name."""
    start = f"{source.n3()} {OWL.versionInfo.n3()} "
    for line in lines:
        if line.startswith(start):
            yield line.removeprefix(start).partition('"')[2].rpartition('"')[0]
