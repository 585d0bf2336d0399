"""What one validation looks at: a graph in memory, where pySHACL is fastest, which answers some questions before they are asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Identifier, Node

_PROLOGUE: Final = re.compile(r"(?:PREFIX [^\s<]*: <[^>]*>\n)*+\n")
"""What pySHACL puts before the query of a constraint."""


class Footprint(Graph):
    """A graph that parses each query once: pySHACL passes the same text again for every focus node.

    `screened`: text of a constraint's query -> all focus nodes that it has rows for; for others nothing is worked out.
    """

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        super().__init__(bind_namespaces="none")
        self.screened: Mapping[str, set[Node]] = {}
        self.addN((subject, predicate, value, self) for subject, predicate, value in triples)

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Mapping[str, Any] | None = None,  # noqa: N803 - rdflib's name
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> Result:
        if isinstance(query_object, str):
            this = (initBindings or {}).get("this")
            prologue = _PROLOGUE.match(query_object)
            text = query_object[prologue.end() if prologue else 0 :]
            if this is not None and text in self.screened and this not in self.screened[text]:
                nothing = Result("SELECT")
                nothing.vars, nothing.bindings = [], []
                return nothing
            query_object = _prepared(query_object)
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    return prepareQuery(text)
