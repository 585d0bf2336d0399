"""The decisions of one mapping set as a store holds them, and what a new state of those on a subject changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from typing import Final

from rdflib import URIRef

from referentiel.linking.decisions import decisions_on
from referentiel.linking.mapping import Mapping, MappingSet
from referentiel.linking.mapping_graph import description, from_statements, malformed, matches, records, to_statements
from referentiel.store import Changes, Engine, GraphChange, Statements
from referentiel.vocabulary import CC_BY, SSSOM

_SAID: Final = "SELECT ?set ?about ?predicate ?value { GRAPH ?set { ?about ?predicate ?value } }"
_IS_SET: Final = f"SELECT ?set ?about ?kind {{ GRAPH ?set {{ ?about a ?kind . FILTER (?kind = <{SSSOM.MappingSet}>) }} }}"
_IS_DESCRIBED: Final = "SELECT ?set ?about ?kind { GRAPH ?set { ?about a ?kind } } LIMIT 1"


class Ledger:
    """One mapping set of a store. Nothing of the store is kept: it is read when it is asked for."""

    def __init__(self, engine: Engine, name: URIRef) -> None:
        self._engine = engine
        self.name = name

    def mapping_set(self) -> MappingSet:
        """All of it. Raises LookupError when the store has none of that name."""
        held = self._engine.statements(self.name)
        if not held:
            raise LookupError(str(self.name))
        return from_statements(self.name, held)

    def about(self, subject: URIRef) -> tuple[Mapping, ...]:
        """The decisions on a subject."""
        return decisions_on(self._engine.query, self.name, subject)

    def malformed(self) -> tuple[str, ...]:
        """The records that are none that a desk would write: they count for nothing."""
        return malformed(self.name, self._engine.statements(self.name))

    def merge(self, found: MappingSet, unit: Callable[[str], str]) -> Changes:
        """What puts the decisions of another set beside those that are there, in the place of those of the same person on the same
        pair; and its title, licence and version in the place of the former ones. `unit`: the certification of an address."""
        held = self._engine.statements(self.name)
        former = from_statements(self.name, held)
        merged = {each.code: each for each in (*former.mappings, *found.mappings)}
        known = cache(lambda subject: self._is_described(subject, URIRef(unit(subject))))
        wanted = to_statements(replace(found, iri=self.name, mappings=tuple(merged.values())), known)
        linked = {line for line in held if not line.startswith((f"<{self.name}/", f"<{self.name}> "))}
        return Changes.of([GraphChange(self.name, wanted - held, (to_statements(former) | linked) & held - wanted)])

    def change(self, subject: URIRef, after: Collection[Mapping], unit: URIRef) -> Changes:
        """What makes some decisions all those on a subject. `unit`: the certification that the subject is of.

        A set that is not there yet is described too. A subject that is not described any more gets no match: no graph may
        speak of it.
        """
        wanted = records(self.name, after)
        if self._is_described(subject, unit):
            wanted |= matches(after)
        if not self._engine.query(_IS_SET, bindings={"set": self.name, "about": self.name}).rows():
            wanted |= description(MappingSet(iri=self.name, title=f"Liens de {self.name.rpartition('/')[2]}", licence=CC_BY))
        former = records(self.name, self.about(subject)) | self._matches(subject)
        held = self._engine.among(self.name, former | wanted)
        return Changes.of([GraphChange(self.name, wanted - held, held - wanted)])

    def _is_described(self, subject: URIRef, unit: URIRef) -> bool:
        return bool(self._engine.query(_IS_DESCRIBED, bindings={"set": unit, "about": subject}).rows())

    def _matches(self, subject: URIRef) -> Statements:
        """All that the set says of a subject itself."""
        rows = self._engine.query(_SAID, bindings={"set": self.name, "about": subject}).rows()
        return frozenset(f"{subject.n3()} <{predicate}> <{value}> ." for _, _, predicate, value in rows)
