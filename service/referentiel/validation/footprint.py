"""What one validation looks at: a graph in memory, where pySHACL is fastest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node


class Footprint(Graph):
    """A graph that parses each query once: pySHACL passes the same text again for every focus node."""

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        super().__init__(bind_namespaces="none")
        self.addN((subject, predicate, value, self) for subject, predicate, value in triples)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        return super().query(_prepared(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    return prepareQuery(text)
