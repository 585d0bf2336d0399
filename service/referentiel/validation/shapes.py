"""A shapes graph made ready: its rules, and what of it is put to pySHACL when its SPARQL constraints were screened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cached_property

from rdflib import Graph, URIRef
from rdflib.term import Node

from referentiel.store.reading import BadData
from referentiel.store.scratch import Scratch
from referentiel.validation.rules import InvalidShapes, read_rules
from referentiel.validation.screening import Screen, screens
from referentiel.vocabulary import RDF, SH


class Shapes:
    """Our rules, ready to run; not for two threads at once. Raises InvalidShapes when they can't be read."""

    def __init__(self, graph: Graph) -> None:
        self.rules = read_rules(graph)
        self._graph = graph

    @classmethod
    def parse(cls, data: bytes) -> Shapes:
        """Those of N-Triples. Raises InvalidShapes."""
        scratch, graph = Scratch(), Graph(bind_namespaces="none")
        try:
            scratch.add(data)
            graph.addN((*triple, graph) for triple in scratch.triples())
        except BadData as error:
            raise InvalidShapes(error.reason) from error
        return cls(graph)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The constraints that can be screened. To find them takes a second, which a single validation would not spare."""
        return screens(self._graph)

    @cached_property
    def whole(self) -> Graph:
        """A copy of it all: pySHACL adds triples to the shapes that it is given."""
        copy = Graph(bind_namespaces="none")
        copy += self._graph
        return copy

    @cached_property
    def _unscreened(self) -> Graph:
        """A copy without the constraints that can be screened."""
        copy = Graph(bind_namespaces="none")
        copy += self._graph
        for screen in self.screens:
            copy.remove((screen.shape, SH.sparql, screen.constraint))
        return copy

    @contextmanager
    def narrowed(self, found: Mapping[Screen, AbstractSet[Node]]) -> Iterator[tuple[Graph, dict[URIRef, URIRef]]]:
        """The shapes, each constraint that was screened being asked only about the nodes that were found for it.

        Such a constraint stands in a shape of its own, with those nodes as targets; also given are the shapes that they stand for.
        """
        origins: dict[URIRef, URIRef] = {}
        added = Graph(bind_namespaces="none")
        for screen, nodes in found.items():
            if nodes:
                shape = URIRef(f"{screen.constraint}-narrowed")
                origins[shape] = screen.shape
                added.add((shape, SH.sparql, screen.constraint))
                for predicate in (RDF.type, SH.path, SH.severity):
                    added.addN((shape, predicate, value, added) for value in self._graph.objects(screen.shape, predicate))
                added.addN((shape, SH.targetNode, node, added) for node in nodes)
        graph = self._unscreened
        graph += added
        try:
            yield graph, origins
        finally:
            graph -= added

    def find(self, data: Scratch, judged: AbstractSet[Node]) -> dict[Screen, AbstractSet[Node]] | None:
        """For each constraint that can be screened, the nodes that are judged and that it has rows for; None without an answer."""
        found: dict[Screen, AbstractSet[Node]] = {}
        for screen in self.screens:
            nodes = screen.find(data)
            if nodes is None:
                return None
            found[screen] = nodes & judged
        return found
