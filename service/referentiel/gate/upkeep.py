"""What other graphs say of a certification's elements lasts as long as these do: it comes after them, and goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.gate.names import Space
from referentiel.gate.outcome import Unfit
from referentiel.gate.present import Present
from referentiel.gate.view import MAPPINGS, View
from referentiel.history import history_name
from referentiel.store import Changes, GraphChange, Name, Statements
from referentiel.store.changes import predicate_of, subject_of
from referentiel.store.deposit import provenance_name
from referentiel.validation import Bilingual
from referentiel.vocabulary import RDF

_UNKNOWN: Final = Bilingual(
    "ce rapprochement part d'un élément qu'aucune certification ne décrit ; vérifiez son adresse",
    "this mapping starts from an element that no certification describes; check its address",
)
_SHOWN: Final = 5


class Upkeep:
    """Keeps what stands in other graphs in step with the certifications of one store."""

    def __init__(self, engine: Present, space: Space) -> None:
        self._engine = engine
        self._space = space
        self._history = history_name(space.base)
        self._provenance = provenance_name(space.base)

    def require_known(self, changes: Changes) -> None:
        """Raise Unfit for a mapping of what is not described once the changes are made."""
        view = View(self._engine, changes)
        added = {statement for change in changes.graphs if self._space.code(change.name) is None for statement in change.added}
        sent = {each for each in added if self._space.is_certification(self._space.unit(subject_of(each)))}
        typed = {
            subject_of(line)
            for unit in {self._space.unit(subject_of(each)) for each in sent}
            for line in view.certification(unit)
            if predicate_of(line) == str(RDF.type)
        }
        if missing := sorted(each for each in sent if subject_of(each) not in typed)[:_SHOWN]:
            raise Unfit(_UNKNOWN, tuple(missing))

    def with_leftovers(self, changes: Changes) -> Changes:
        """The changes, with the removal of what is said elsewhere of elements that they remove."""
        gone = {subject for change in changes.graphs for subject in self._vanished(change)}
        if not gone:
            return changes
        removed: dict[Name, Statements] = dict(self._said_elsewhere(gone))
        known = {change.name: change for change in changes.graphs}
        for name, statements in removed.items():
            change = known.get(name, GraphChange(name))
            known[name] = GraphChange(name, change.added - statements, change.removed | (statements - change.added))
        return Changes.of(known.values())

    def _vanished(self, change: GraphChange) -> Iterator[str]:
        if change.name is not None and self._space.code(change.name) and change.removed:
            held = self._engine.statements(change.name)
            after = {subject_of(line) for line in held - change.removed | change.added}
            yield from {subject_of(line) for line in change.removed} - after

    def _said_elsewhere(self, subjects: Iterable[str]) -> Iterator[tuple[Name, Statements]]:
        """Mappings, and the records of documents, by graph."""
        about = View(self._engine, Changes()).about(set(subjects))
        said = frozenset(line for line in about if predicate_of(line) in MAPPINGS)
        for name in {*self._graphs_of(said), None}:
            yield name, self._engine.among(name, said)
        yield self._provenance, self._engine.among(self._provenance, about)

    def _graphs_of(self, statements: Statements) -> Iterator[URIRef]:
        for statement in statements:
            pattern = statement.removesuffix(".")
            for (name,) in self._engine.query(f"SELECT ?g {{ GRAPH ?g {{ {pattern} }} }}").rows():
                if name and name != str(self._history) and self._space.code(URIRef(name)) is None:
                    yield URIRef(name)
