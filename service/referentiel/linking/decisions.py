"""The decisions on a subject, looked up in the graph that a store keeps of a mapping set."""

from __future__ import annotations

from typing import Final, Protocol

from rdflib import URIRef

from referentiel.linking.mapping import Mapping
from referentiel.linking.mapping_graph import mappings_of
from referentiel.store import Answer, Bindings, ResultFormat
from referentiel.vocabulary import OWL

_ABOUT: Final = f"""
CONSTRUCT {{ ?record ?predicate ?value }} WHERE {{
  GRAPH ?set {{ ?record <{OWL.annotatedSource}> ?about ; ?predicate ?value }}
}}"""


class Query(Protocol):
    """Answers a query; see Engine.query."""

    def __call__(self, text: str, *, bindings: Bindings | None = None) -> Answer:
        """The answer."""


def decisions_on(query: Query, name: URIRef, subject: URIRef) -> tuple[Mapping, ...]:
    """The decisions of the mapping set `name` on a subject, sorted."""
    answer = query(_ABOUT, bindings={"set": name, "about": subject})
    return mappings_of(name, frozenset(answer.serialize(ResultFormat.N_TRIPLES).decode().split("\n")))
