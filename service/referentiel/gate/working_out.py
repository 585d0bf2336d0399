"""From a proposal to the changes that it makes, given what the store holds when its turn comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import Literal, URIRef

from referentiel.gate.names import Space
from referentiel.gate.outcome import Unfit, Unknown, Withdrawn
from referentiel.gate.present import Present
from referentiel.gate.proposals import Alter, Merge, Proposal, Replace, Restore, Withdraw
from referentiel.history import History
from referentiel.store import Changes, Engine, GraphChange, Name, ResultFormat, Statements
from referentiel.store.changes import predicate_of
from referentiel.store.deposit import provenance_name, record_of
from referentiel.validation import Bilingual
from referentiel.vocabulary import DCT, OWL, RDF, REF, SKOS, XSD

DEPRECATED: Final = f"<{OWL.deprecated}> {Literal('true', datatype=XSD.boolean).n3()} ."
_KEPT: Final = frozenset(map(str, (SKOS.prefLabel, SKOS.notation, DCT.identifier)))
"""What the notice of a withdrawn certification still says of it. Its register number is free again."""

_EMPTY: Final = Bilingual(
    "rien n'est dit de la certification ; pour la retirer : DELETE",
    "nothing is said of the certification; to withdraw it: DELETE",
)
_NOTICE: Final = frozenset(map(str, (OWL.deprecated, DCT.isReplacedBy)))


class Workshop:
    """Works proposals out over one store."""

    def __init__(self, engine: Engine, present: Present, space: Space, history: History) -> None:
        self._whole = engine
        self._engine = present
        self._space = space
        self._history = history

    def changes(self, proposal: Proposal) -> Changes:
        """What a proposal would change. Raises Unknown, Withdrawn, and what an Alter raises."""
        if isinstance(proposal, Alter):
            return proposal.work_out(self._whole)
        if isinstance(proposal, Replace):
            return self._replace(proposal)
        if isinstance(proposal, Merge):
            return self._merge(proposal)
        if isinstance(proposal, Withdraw):
            return self._withdraw(proposal)
        return self._restore(proposal)

    def _replace(self, proposal: Replace) -> Changes:
        if not proposal.statements and self._space.code(proposal.name):
            raise Unfit(_EMPTY)
        changes = [*self._leading_to(proposal.name, proposal.statements)]
        if proposal.document and proposal.name:
            changes += self._recording(proposal.name, record_of(source_of(proposal.name), proposal.document))
        return Changes.of(changes)

    def _merge(self, proposal: Merge) -> Changes:
        if proposal.name and self._space.code(proposal.name) and is_notice(proposal.name, self._engine.statements(proposal.name)):
            raise Withdrawn(proposal.name)
        new = proposal.statements - self._engine.among(proposal.name, proposal.statements)
        return Changes.of([GraphChange(proposal.name, added=new)])

    def _withdraw(self, proposal: Withdraw) -> Changes:
        held = self._engine.statements(proposal.name)
        if not held:
            raise Unknown(proposal.name)
        if proposal.name is None or self._space.code(proposal.name) is None:
            return Changes.of(self._leading_to(proposal.name, frozenset()))
        if is_notice(proposal.name, held):
            raise Withdrawn(proposal.name)
        return Changes.of(self._leading_to(proposal.name, notice(proposal.name, held, proposal.replaced_by)))

    def _restore(self, proposal: Restore) -> Changes:
        """A certification comes back with the record of its document."""
        versions = self._history.revisions(proposal.name, until=proposal.version)
        wanted = self._history.statements(proposal.name, proposal.version)
        if not wanted or proposal.version not in {revision.number for revision in versions}:
            raise Unknown(proposal.name)
        if is_notice(proposal.name, wanted):
            raise Withdrawn(proposal.name)
        record = self._record_then(proposal.name, sorted((revision.number for revision in versions), reverse=True))
        return Changes.of([*self._leading_to(proposal.name, wanted), *self._recording(proposal.name, record)])

    def _record_then(self, certification: URIRef, newest_first: Iterable[int]) -> Statements:
        """What was said of the source of a certification after the first of these revisions."""
        provenance, source = provenance_name(self._space.base), source_of(certification)
        for number in newest_first:
            for change in self._history.changes(number).graphs:
                if change.name == provenance and _about(source, change.added | change.removed):
                    return _about(source, change.added)
        return frozenset()

    def _recording(self, certification: URIRef, record: Statements) -> Iterator[GraphChange]:
        """Another record of one certification's source, in the graph of provenance."""
        name, source = provenance_name(self._space.base), source_of(certification)
        text = f"CONSTRUCT {{ {source.n3()} ?p ?o }} WHERE {{ GRAPH {name.n3()} {{ {source.n3()} ?p ?o }} }}"
        held = frozenset(filter(None, self._engine.query(text).serialize(ResultFormat.N_TRIPLES).decode().split("\n")))
        yield GraphChange(name, record - held, held - record)

    def _leading_to(self, name: Name, after: Statements) -> Iterator[GraphChange]:
        held = self._engine.statements(name)
        yield GraphChange(name, after - held, held - after)


def source_of(certification: URIRef) -> URIRef:
    """The document that a certification was read from (iris.Minter.source)."""
    return URIRef(f"{certification}/source")


def is_notice(name: URIRef, statements: Statements) -> bool:
    """Whether a certification's graph says only that it was withdrawn."""
    said = (line.startswith(f"<{name}> ") and predicate_of(line) in _KEPT | _NOTICE for line in statements)
    return f"<{name}> {DEPRECATED}" in statements and all(said)


def described_as(name: URIRef) -> str:
    """The statement that a living certification's graph makes of it."""
    return f"<{name}> <{RDF.type}> <{REF.Certification}> ."


def notice(name: URIRef, held: Statements, replaced_by: URIRef | None) -> Statements:
    """What stays of a certification that is withdrawn: its names and numbers, and what takes its place."""
    about = f"<{name}> "
    kept = {line for line in held if line.startswith(about) and predicate_of(line) in _KEPT}
    successor = {f"<{name}> <{DCT.isReplacedBy}> {replaced_by.n3()} ."} if replaced_by else set[str]()
    return frozenset(kept | successor | {f"<{name}> {DEPRECATED}"})


def _about(subject: URIRef, statements: Statements) -> Statements:
    return frozenset(line for line in statements if line.startswith(f"<{subject}> "))
