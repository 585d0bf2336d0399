"""A vocabulary is judged a part at a time: to validate half a million statements at once would take gigabytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from referentiel.gate.footprint import HIERARCHY, TIES, Footprint
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.validation import Report
from referentiel.vocabulary import SKOS, empty_graph

PART: Final = 50_000
"""Statements that are judged together, where nothing ties them to a certification."""

_FOLLOWED: Final = TIES | HIERARCHY
_EITHER_WAY: Final = frozenset(map(str, (SKOS.narrower, SKOS.related)))
"""The links that place their object in the hierarchy too."""


def parts(seen: Footprint) -> Iterator[Footprint]:
    """A footprint cut by subjects, each part beside all that links lead to from it, and from there. With certifications: whole."""
    if seen.certifications or len(seen.judged) <= PART:
        yield seen
        return
    said: dict[str, list[str]] = defaultdict(list)
    for line in seen.judged:
        said[subject_of(line)].append(line)
    linked = _links(seen.judged)
    for subjects in _cut(said):
        reached = _reached(subjects, linked) - subjects
        background = frozenset(line for node in reached for line in said.get(node, ()))
        judged = frozenset(line for subject in subjects for line in said[subject])
        yield Footprint(judged, seen.background | background, frozenset(), seen.nodes & subjects)


def together(reports: Sequence[Report]) -> Report:
    """What is said of all parts. What they hold need not be counted: there are no certifications in several."""
    if len(reports) == 1:
        return reports[0]
    graph = empty_graph()
    for report in reports:
        graph += report.graph
    results = sorted({result for report in reports for result in report.results}, key=lambda result: result.sort_key)
    return Report(tuple(results), reports[0].contents, graph)


def _links(statements: Iterable[str]) -> dict[str, set[str]]:
    """What a node leads to; also what is broader than it, or related to it, by what that says."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in statements:
        predicate = predicate_of(line)
        if predicate in _FOLLOWED and (target := object_of(line)):
            found[subject_of(line)].add(target)
            if predicate in _EITHER_WAY:
                found[target].add(subject_of(line))
    return found


def _cut(said: Mapping[str, list[str]]) -> Iterator[frozenset[str]]:
    """The subjects, a few at a time."""
    some, size = set[str](), 0
    for subject in sorted(said):
        some.add(subject)
        size += len(said[subject])
        if size >= PART:
            yield frozenset(some)
            some, size = set(), 0
    if some:
        yield frozenset(some)


def _reached(subjects: Iterable[str], linked: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set[str](), list(subjects)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(linked.get(node, ()))
    return found
