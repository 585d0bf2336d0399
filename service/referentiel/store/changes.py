"""What a write adds to graphs and takes from them, as statements: one line of N-Triples each, as the engine writes it.

The engine has one way to write a triple, so that equal lines are equal triples; it is not always the sender's: the engine holds
"007"^^xsd:integer as 7. What comes in is therefore compared only after the engine has read it (`referentiel.store.reading`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import URIRef

Statements: TypeAlias = frozenset[str]
"""Lines of N-Triples without their line ends: `<s> <p> <o> .`"""

Name: TypeAlias = URIRef | None
"""The name of a graph; None for the unnamed one."""


def subject_of(statement: str) -> str:
    """The subject of a statement: an IRI without its brackets, or `_:label`."""
    term = statement.partition(" ")[0]
    return term[1:-1] if term.startswith("<") else term


def predicate_of(statement: str) -> str:
    """The predicate of a statement, an IRI without its brackets."""
    return statement.split(" ", 2)[1][1:-1]


def object_of(statement: str) -> str | None:
    """The object of a statement if it is an IRI, without its brackets."""
    term = statement.split(" ", 2)[2].removesuffix(" .")
    return term[1:-1] if term.startswith("<") and not term.startswith("<<") else None


@dataclass(frozen=True, slots=True)
class GraphChange:
    """What is added to one graph and what is removed from it. No statement is in both."""

    name: Name
    added: Statements = frozenset()
    removed: Statements = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write does: at most one change for each graph, sorted by name, none empty."""

    graphs: tuple[GraphChange, ...] = ()

    @classmethod
    def of(cls, graphs: Iterable[GraphChange]) -> Changes:
        """The changes that say something, in their order."""
        said = (graph for graph in graphs if graph.added or graph.removed)
        return cls(tuple(sorted(said, key=lambda graph: graph.name or "")))

    @classmethod
    def between(cls, before: Mapping[Name, Statements], after: Mapping[Name, Statements]) -> Changes:
        """What leads from one state of some graphs to another; a graph that one of them lacks is empty there."""
        return cls.of(
            GraphChange(
                name,
                after.get(name, frozenset()) - before.get(name, frozenset()),
                before.get(name, frozenset()) - after.get(name, frozenset()),
            )
            for name in {*before, *after}
        )

    def with_added(self, more: Changes) -> Changes:
        """These changes and what others add."""
        known = {change.name: change for change in self.graphs}
        for change in more.graphs:
            own = known.get(change.name, GraphChange(change.name))
            known[change.name] = GraphChange(change.name, own.added | change.added, own.removed - change.added)
        return Changes.of(known.values())

    @property
    def names(self) -> tuple[Name, ...]:
        """The graphs that change."""
        return tuple(graph.name for graph in self.graphs)

    @property
    def added(self) -> int:
        """How many statements are added in all."""
        return sum(len(graph.added) for graph in self.graphs)

    @property
    def removed(self) -> int:
        """How many statements are removed in all."""
        return sum(len(graph.removed) for graph in self.graphs)

    def __bool__(self) -> bool:
        return bool(self.graphs)

    def statements(self) -> Iterator[str]:
        """Every statement that is added or removed."""
        for graph in self.graphs:
            yield from graph.added
            yield from graph.removed

    def reversed(self) -> Changes:
        """What takes these changes back."""
        return Changes(tuple(GraphChange(graph.name, graph.removed, graph.added) for graph in self.graphs))
