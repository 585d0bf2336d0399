"""A store as it will be once changes are made, for as much of it as is asked: what it holds, less what goes, with what comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.store import Changes, Engine, ResultFormat, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import SKOS

_AT_ONCE: Final = 400
"""Nodes that one question names: its text must stay within what the engine is given."""


class View:
    """Looks things up in both states. IRIs come from statements, which the engine has read: they can be written into a question."""

    def __init__(self, engine: Engine, changes: Changes) -> None:
        self._engine = engine
        self._by_name = {change.name: change for change in changes.graphs}
        self._added = frozenset(statement for change in changes.graphs for statement in change.added)
        self._gone = frozenset(statement for change in changes.graphs for statement in change.removed) - self._added
        self._held: dict[str, Statements] = {}

    def former(self, certification: str) -> Statements:
        """What a certification's graph holds before the changes."""
        if certification not in self._held:
            self._held[certification] = self._engine.statements(URIRef(certification))
        return self._held[certification]

    def certification(self, certification: str) -> Statements:
        """What a certification's graph holds after the changes."""
        change = self._by_name.get(URIRef(certification))
        held = self.former(certification)
        return held if change is None else held - change.removed | change.added

    def about(self, nodes: Collection[str]) -> Statements:
        """All that is said of nodes, in whatever graph, after the changes."""
        found = self._asked("?s ?p ?o", "?s", nodes)
        return found - self._gone | {statement for statement in self._added if subject_of(statement) in nodes}

    def using(self, predicates: Iterable[URIRef]) -> Statements:
        """The statements with one of these predicates, which no write changes (gate.structure)."""
        wanted = " ".join(predicate.n3() for predicate in predicates)
        return _lines(self._engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {wanted} }} ?s ?p ?o }}")

    def pointing_at(self, nodes: Iterable[str], predicates: Collection[str], outside: str = "") -> set[str]:
        """The subjects of links to nodes, before or after; not those whose IRI begins with `outside`."""
        wanted = set(nodes)
        elsewhere = f'FILTER(!STRSTARTS(STR(?s), "{outside}"))' if outside else ""
        found = self._asked("?s ?p ?o", "?o", wanted, elsewhere) | self._added
        return {
            subject_of(statement)
            for statement in found
            if predicate_of(statement) in predicates
            and object_of(statement) in wanted
            and not (outside and subject_of(statement).startswith(outside))
        }

    def bearing(self, predicates: Iterable[str], values: Collection[str]) -> set[str]:
        """The nodes that have one of these values, written as in N-Triples, for one of these predicates."""
        if not values:
            return set()
        listed = " ".join(f"<{predicate}>" for predicate in predicates)
        text = f"SELECT DISTINCT ?s {{ VALUES ?p {{ {listed} }} VALUES ?o {{ {' '.join(sorted(values))} }} ?s ?p ?o }}"
        return {str(row[0]) for row in self._engine.query(text).rows()}

    def above(self, nodes: Collection[str]) -> set[str]:
        """These nodes and all that are broader, step by step, before or after."""
        broader, narrower = str(SKOS.broader), str(SKOS.narrower)
        found, waiting = set[str](), set(nodes)
        while waiting:
            found |= waiting
            links = self._asked("?s ?p ?o", "?s", waiting, _only(SKOS.broader)) | self._added
            up = {object_of(each) or "" for each in links if predicate_of(each) == broader and subject_of(each) in waiting}
            waiting = {node for node in up | self.pointing_at(waiting, {narrower}) if node} - found
        return found

    def related(self, nodes: Collection[str]) -> set[str]:
        """What is related to nodes, from either end, before or after."""
        links = self._asked("?s ?p ?o", "?s", nodes, _only(SKOS.related)) | self._added
        out = {object_of(each) or "" for each in links if predicate_of(each) == str(SKOS.related) and subject_of(each) in nodes}
        return {node for node in out | self.pointing_at(nodes, {str(SKOS.related)}) if node}

    def _asked(self, pattern: str, variable: str, nodes: Collection[str], more: str = "") -> Statements:
        """The statements of the store with one of the nodes in a place."""
        found: set[str] = set()
        for some in _few(sorted(nodes)):
            named = " ".join(f"<{node}>" for node in some if not node.startswith("_:"))
            found |= _lines(self._engine, f"CONSTRUCT {{ {pattern} }} WHERE {{ VALUES {variable} {{ {named} }} {pattern} {more} }}")
        return frozenset(found)


def _only(predicate: URIRef) -> str:
    return f"FILTER(?p = {predicate.n3()})"


def _few(nodes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(nodes), _AT_ONCE):
        yield nodes[start : start + _AT_ONCE]


def _lines(engine: Engine, text: str) -> Statements:
    written = engine.query(text).serialize(ResultFormat.N_TRIPLES).decode()
    return frozenset(line for line in written.split("\n") if line)
