"""Questions to the graph of the history. Each is a look-up by an index of the store, however many revisions there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rdflib import Literal, URIRef

from referentiel.history.record import graph_name, history_name, restored, revision_iri, revision_number
from referentiel.history.revision import Revision
from referentiel.store import Bindings, Engine, Name, ResultFormat
from referentiel.vocabulary import PROV, REF

TOGETHER: Final = 200
"""How many revisions are asked for at once."""

_UNREAD: Final = f"{PROV.invalidated.n3()}, {REF.latestRevisionOf.n3()}"
"""What a Revision does not hold: it may be much."""


class Records:
    """The records of the revisions, as a store holds them."""

    def __init__(self, engine: Engine, base: str) -> None:
        self._engine = engine
        self._base = base
        self._name = history_name(base)

    def latest(self, graph: Name) -> int | None:
        """The number of the last revision of a graph; None where there is none."""
        return max(self._numbers(f"?r {REF.latestRevisionOf.n3()} ?g", {"g": graph_name(graph)}), default=None)

    def numbers(self, graph: Name, since: int, until: int) -> list[int]:
        """The numbers of a graph's revisions above `since` and up to `until`, the lowest first."""
        found = self._numbers(f"?r {REF.changedGraph.n3()} ?g", {"g": graph_name(graph)})
        return sorted(number for number in found if since < number <= until)

    def invalidated(self, subject: str) -> int | None:
        """The number of the last revision after which nothing more was said of a subject; None where there is none."""
        return max(self._numbers(f"?r {PROV.invalidated.n3()} ?s", {"s": URIRef(subject)}), default=None)

    def under(self, key: str) -> list[int]:
        """The numbers of the revisions that were made under an idempotency key, by whoever."""
        return sorted(self._numbers(f"?r {REF.idempotencyKey.n3()} ?key", {"key": Literal(key)}))

    def read(self, numbers: Sequence[int]) -> Iterator[Revision]:
        """Revisions by their numbers, in the same order; those that there are not are left out."""
        for first in range(0, len(numbers), TOGETHER):
            wanted = [revision_iri(self._base, number) for number in numbers[first : first + TOGETHER]]
            rows = self._engine.query(
                f"SELECT ?r ?p ?o {{ VALUES ?r {{ {' '.join(iri.n3() for iri in wanted)} }}"
                f" GRAPH {self._name.n3()} {{ ?r ?p ?o }} FILTER(?p NOT IN ({_UNREAD})) }}"
            ).rows()
            told = sorted((str(r), str(p), str(o)) for r, p, o in rows)
            found = {iri: [(p, o) for _, p, o in group] for iri, group in groupby(told, key=lambda row: row[0])}
            yield from (restored(self._base, iri, found[str(iri)]) for iri in wanted if str(iri) in found)

    def described(self, numbers: Sequence[int], certification: URIRef | None = None) -> bytes:
        """What is recorded of revisions, their agents and the versions that they made, those of one certification where one is
        given, as N-Triples. Left out is what moves with later revisions, and the elements that have gone."""
        revisions = f"VALUES ?r {{ {' '.join(revision_iri(self._base, number).n3() for number in numbers)} }}"
        only = f"?s {PROV.specializationOf.n3()} {certification.n3()} ." if certification else ""
        return self._engine.query(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {self._name.n3()} {{"
            f" {{ {revisions} BIND(?r AS ?s) ?s ?p ?o FILTER(?p NOT IN ({_UNREAD})) }}"
            f" UNION {{ {revisions} ?s {PROV.wasGeneratedBy.n3()} ?r . {only} ?s ?p ?o }}"
            f" UNION {{ {revisions} ?r {PROV.wasAssociatedWith.n3()} ?s . ?s ?p ?o }} }} }}"
        ).serialize(ResultFormat.N_TRIPLES)

    def _numbers(self, pattern: str, bindings: Bindings) -> Iterator[int]:
        """The numbers of the revisions ?r that a pattern finds in the graph of the history, with some of its variables bound."""
        selected = " ".join(f"?{name}" for name in ("r", *bindings))  # the engine binds only what is selected
        rows = self._engine.query(f"SELECT {selected} {{ GRAPH {self._name.n3()} {{ {pattern} }} }}", bindings=bindings).rows()
        return (revision_number(str(row[0])) for row in rows)
