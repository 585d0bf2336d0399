"""What other graphs say of a certification's elements lasts as long as these do: it comes after them, and goes with them.

What people decided outlasts them, in the records of mapping sets: the matches that follow from it come back with the elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.gate.names import Space
from referentiel.gate.outcome import Unfit
from referentiel.gate.present import Present
from referentiel.gate.view import MAPPINGS, View, at_once
from referentiel.history import history_name
from referentiel.linking.decisions import decisions_on
from referentiel.linking.mapping_graph import matches, set_iri
from referentiel.store import Changes, GraphChange, Name, Statements
from referentiel.store.changes import predicate_of, subject_of
from referentiel.store.deposit import provenance_name
from referentiel.validation import Bilingual
from referentiel.vocabulary import OWL, RDF

_UNKNOWN: Final = Bilingual(
    "ce rapprochement part d'un élément qu'aucune certification ne décrit ; vérifiez son adresse",
    "this mapping starts from an element that no certification describes; check its address",
)
_SHOWN: Final = 5
_DECIDED: Final = f"GRAPH ?set {{ ?record <{OWL.annotatedSource}> ?about }}"


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
        units = {self._space.unit(subject_of(each)) for each in sent}
        typed = {subject for unit in units for subject in _typed(view.certification(unit))}
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

    def returning(self, sent: Changes) -> Iterator[GraphChange]:
        """The matches of what a write describes that was not described before, where people have decided on it.

        A mapping set that the write itself changes says by itself what holds.
        """
        appeared = {subject for change in sent.graphs for subject in self._appeared(change)}
        found: dict[URIRef, set[URIRef]] = {}
        for name, subject in self._decided(appeared):
            found.setdefault(name, set()).add(subject)
        for name in found.keys() - set(sent.names):
            wanted = matches(each for subject in found[name] for each in decisions_on(self._engine.query, name, subject))
            yield GraphChange(name, added=wanted - self._engine.among(name, wanted))

    def _vanished(self, change: GraphChange) -> Iterator[str]:
        """What is not named any more; and the certification of which a notice alone stays: it is no longer described."""
        if change.name is not None and self._space.code(change.name) and change.removed:
            after = self._engine.statements(change.name) - change.removed | change.added
            yield from {subject_of(line) for line in change.removed} - {subject_of(line) for line in after}
            yield from _typed(change.removed) - _typed(after)

    def _appeared(self, change: GraphChange) -> Iterator[str]:
        if change.name is not None and self._space.code(change.name) and (added := _typed(change.added)):
            yield from added - _typed(self._engine.statements(change.name))

    def _decided(self, subjects: Iterable[str]) -> Iterator[tuple[URIRef, URIRef]]:
        """Each mapping set that holds decisions on some of these subjects, with the subject."""
        some = sorted(subjects)
        if not some or not self._engine.query(f"SELECT ?set {{ {_DECIDED} }} LIMIT 1").rows():
            return
        for few in at_once(some):
            named = " ".join(f"<{each}>" for each in few)
            for name, subject in self._engine.query(
                f"SELECT DISTINCT ?set ?about {{ VALUES ?about {{ {named} }} {_DECIDED} }}"
            ).rows():
                if name and subject and name.startswith(set_iri(self._space.base, "")):
                    yield URIRef(name), URIRef(subject)

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


def _typed(statements: Statements) -> set[str]:
    """What statements describe: they say what kind of thing it is."""
    return {subject_of(line) for line in statements if predicate_of(line) == str(RDF.type)}
