"""A shapes graph made ready: its rules, the screens of its constraints, and what remains of it when some need not be asked."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from typing import Final

from rdflib import Graph
from rdflib.term import Node

from referentiel.store.reading import BadData
from referentiel.store.scratch import Scratch
from referentiel.validation.rules import InvalidShapes, read_rules
from referentiel.validation.screening import Screen, screens
from referentiel.vocabulary import SH

_KEPT: Final = 32
"""How many shapes graphs without some constraints are kept: data of one kind mostly lack the same."""


class Shapes:
    """Our rules, ready to run. Raises InvalidShapes when they can't be read."""

    def __init__(self, graph: Graph) -> None:
        self.rules = read_rules(graph)
        self._graph = graph
        self.without = lru_cache(_KEPT)(self._without)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The constraints that can be screened. To find them takes a second, which a single validation would not spare."""
        return screens(self._graph)

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

    def _without(self, constraints: frozenset[Screen]) -> Graph:
        """A copy without some constraints: pySHACL adds triples to the shapes that it is given, always the same."""
        left = Graph(bind_namespaces="none")
        left += self._graph
        for screen in constraints:
            left.remove((screen.shape, SH.sparql, screen.constraint))
        return left

    def screen(self, data: Scratch, judged: AbstractSet[Node]) -> tuple[frozenset[Screen], dict[str, set[Node]]]:
        """The constraints that have no row for any node that is judged; and for the others, by the text of their query, for which.

        A constraint that can't be screened is in neither.
        """
        found = {each: nodes & judged for each in self.screens if (nodes := each.find(data)) is not None}
        quiet = frozenset(each for each, nodes in found.items() if not nodes)
        return quiet, {each.select: nodes for each, nodes in found.items() if nodes}
