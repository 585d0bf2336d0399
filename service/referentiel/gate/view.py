"""A store as it will be once changes are made, for as much of it as is asked: what it holds, less what goes, with what comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.gate.present import Present
from referentiel.store import Changes, Name, ResultFormat, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import SKOS

MAPPINGS: Final = frozenset(
    str(predicate) for predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
)
"""The only properties by which another graph may speak of a certification's elements."""

_AT_ONCE: Final = 400
_LENGTH: Final = 2**16
"""Nodes that one question names, and characters of them: its text must stay within what the engine is given."""
_PAIRS: Final = 2000


class View:
    """Looks things up in both states. IRIs come from statements, which the engine has read: they can be written into a question."""

    def __init__(self, engine: Present, changes: Changes) -> None:
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
        gone = found & self._gone
        kept = self._held_elsewhere({each for each in gone if predicate_of(each) in MAPPINGS or not self._is_own(each)})
        return found - gone | kept | {statement for statement in self._added if subject_of(statement) in nodes}

    def _is_own(self, statement: str) -> bool:
        """Whether it is of a certification's own graph: no other may hold it then (gate.structure)."""
        return any(name and statement.startswith((f"<{name}>", f"<{name}/")) for name in self._by_name)

    def _held_elsewhere(self, statements: set[str]) -> set[str]:
        """Those of some statements that a graph still holds which does not lose them."""
        kept: set[str] = set()
        for some in at_once(sorted(statements)):
            if not self._lost_by_one(some):
                kept |= {statement for statement in some if self._is_kept(statement)}
        return kept

    def _lost_by_one(self, statements: list[str]) -> bool:
        """Whether one graph alone holds statements, and loses them all: of a vocabulary there may be a hundred thousand."""
        if any(statement.startswith("_:") or " _:" in statement for statement in statements):
            return False
        rows = " ".join(f"({statement.removesuffix(' .')})" for statement in statements)
        found = self._engine.query(f"SELECT DISTINCT ?g {{ VALUES (?s ?p ?o) {{ {rows} }} GRAPH ?g {{ ?s ?p ?o }} }}").rows()
        names: list[Name] = [URIRef(row[0]) for row in found if row[0]]
        if len(names) != 1 or names[0] not in self._by_name or self._engine.among(None, frozenset(statements)):
            return False
        return self._by_name[names[0]].removed.issuperset(statements)

    def _is_kept(self, statement: str) -> bool:
        pattern = statement.removesuffix(".")
        names = [row[0] for row in self._engine.query(f"SELECT ?g {{ GRAPH ?g {{ {pattern} }} }}").rows()]
        holders: list[Name] = [URIRef(name) for name in names if name]
        if self._engine.among(None, frozenset({statement})):
            holders.append(None)
        return any(name not in self._by_name or statement not in self._by_name[name].removed for name in holders)

    def using(self, predicates: Iterable[URIRef]) -> Statements:
        """The statements with one of these predicates, which no write changes (gate.structure)."""
        wanted = " ".join(predicate.n3() for predicate in predicates)
        return _lines(self._engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {wanted} }} ?s ?p ?o }}")

    def pointing_at(self, nodes: Iterable[str], predicates: Collection[str], outside: str = "") -> set[str]:
        """The subjects of links to nodes, before or after; not those whose IRI begins with `outside`."""
        wanted = set(nodes)
        more = f'FILTER(!STRSTARTS(STR(?s), "{outside}"))' if outside else ""
        if len(wanted) * len(predicates) <= _PAIRS:  # each looked up by itself: a node may be what half the store points at
            more += f" VALUES ?p {{ {' '.join(f'<{predicate}>' for predicate in sorted(predicates))} }}"
        found = self._asked("?s ?p ?o", "?o", wanted, more) | self._added
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
        found: set[str] = set()
        for some in at_once(sorted(values)):
            text = f"SELECT DISTINCT ?s {{ VALUES ?p {{ {listed} }} VALUES ?o {{ {' '.join(some)} }} ?s ?p ?o }}"
            found |= {str(row[0]) for row in self._engine.query(text).rows()}
        return found

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
        for some in at_once(sorted(nodes)):
            named = " ".join(f"<{node}>" for node in some if not node.startswith("_:"))
            found |= _lines(self._engine, f"CONSTRUCT {{ {pattern} }} WHERE {{ VALUES {variable} {{ {named} }} {pattern} {more} }}")
        return frozenset(found)


def _only(predicate: URIRef) -> str:
    return f"FILTER(?p = {predicate.n3()})"


def at_once(nodes: list[str]) -> Iterator[list[str]]:
    """Nodes, as many at a time as one question may name."""
    some: list[str] = []
    length = 0
    for node in nodes:
        size = len(node.encode())
        if some and (len(some) == _AT_ONCE or length + size > _LENGTH):
            yield some
            some, length = [], 0
        some.append(node)
        length += size
    if some:
        yield some


def _lines(engine: Present, text: str) -> Statements:
    written = engine.query(text).serialize(ResultFormat.N_TRIPLES).decode()
    return frozenset(line for line in written.split("\n") if line)
