"""A checkpoint read from one end to the other: what it holds, and the statements of any part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from referentiel.store.changes import Name
from referentiel.store.oxigraph import told


class Survey:
    """An immutable copy of a store. It may be asked by several threads. Raises StoreUnavailable when the folder holds none."""

    def __init__(self, folder: Path) -> None:
        with told():
            self._store = ox.Store.read_only(str(folder))

    def rows(self, query: str) -> list[tuple[str | None, ...]]:
        """The rows of a SELECT over the union of all graphs: lexical forms and IRIs, None where unbound."""
        with told(SyntaxError, ValueError):
            found = self._store.query(query, use_default_graph_as_union=True)
            assert isinstance(found, ox.QuerySolutions)
            return [tuple(getattr(term, "value", None) for term in row) for row in found]

    def sizes(self) -> dict[Name, int]:
        """How many statements each graph has; the unnamed one under None."""
        found = self.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        named: dict[Name, int] = {URIRef(name): int(count) for name, count in found if name and count}
        with told():
            unnamed = sum(1 for _ in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return {**named, None: unnamed} if unnamed else named

    def subjects(self, name: Name) -> set[str]:
        """The subjects of a graph: IRIs, and `_:label` for blank nodes."""
        with told():
            quads = self._store.quads_for_pattern(None, None, None, _graph(name))
            return {_written(quad.subject) for quad in quads}

    def statements(self, name: Name) -> list[str]:
        """A graph, as lines of N-Triples."""
        with told():
            written = self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_graph(name)) or b""
        return [line for line in written.decode().split("\n") if line]

    def about(self, nodes: Iterable[str]) -> Iterator[str]:
        """What any graph says of some nodes, as lines of N-Triples."""
        for node in nodes:
            yield from _lines(self._store.quads_for_pattern(_node(node), None, None, None))

    def leading_to(self, nodes: Iterable[str], predicate: str | None = None) -> Iterator[str]:
        """The statements of which some nodes are the object, in any graph; those of one predicate, where one is given."""
        by = None if predicate is None else ox.NamedNode(predicate)
        for node in nodes:
            yield from _lines(self._store.quads_for_pattern(None, by, _node(node), None))


def _lines(quads: Iterable[ox.Quad]) -> Iterator[str]:
    return (f"{quad.triple} ." for quad in quads)


def _graph(name: Name) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if name is None else ox.NamedNode(name)


def _node(name: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def _written(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
