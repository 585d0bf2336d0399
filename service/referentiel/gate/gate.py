"""The one way into the store: one writer at a time, judged before anything is written, kept with its record or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from threading import Lock
from typing import Final, Literal, Protocol, TypeAlias

from rdflib import URIRef

from referentiel.access import Identity, Operation
from referentiel.gate import structure
from referentiel.gate.footprint import Footprint, footprint
from referentiel.gate.names import Space
from referentiel.gate.outcome import Accepted, KeyReused, NotAllowed, RulesBroken, Stale, Withdrawn
from referentiel.gate.parts import parts, together
from referentiel.gate.present import Present
from referentiel.gate.proposals import Alter, Merge, Proposal, Replace, Restore, Withdraw
from referentiel.gate.rulebook import Rulebook, version_of
from referentiel.gate.upkeep import Upkeep
from referentiel.gate.working_out import Workshop, is_notice, notice
from referentiel.history import History, Kind
from referentiel.settings import Settings
from referentiel.store import Changes, Engine, GraphChange, Name, Statements
from referentiel.store.deposit import provenance_name
from referentiel.validation import Report, Severity
from referentiel.vocabulary import SHAPES_GRAPH

Expected: TypeAlias = frozenset[int] | Literal["anything", "nothing"] | None
"""The versions that a write may follow (If-Match, If-None-Match: RFC 9110, section 13.1); None: whatever there is."""
ANYTHING: Final[Expected] = "anything"
NOTHING: Final[Expected] = "nothing"


class Validate(Protocol):
    """Applies rules to the subjects of some statements; see validation.Validators.validate."""

    def __call__(self, data: Iterable[str], *, background: Iterable[str] = (), shapes: bytes | None = None) -> Report:
        """The report of what the rules find."""


class Gate:
    """Judges writes and lets them in. Safe to call from several threads: they take turns."""

    def __init__(self, engine: Engine, settings: Settings, history: History, validate: Validate) -> None:
        self.space = Space(settings.base)
        self.engine = engine
        self.history = history
        self.rules = Rulebook(engine)
        self._validate = validate
        self._present = Present(engine)
        self._workshop = Workshop(engine, self._present, self.space, history)
        self._upkeep = Upkeep(self._present, self.space)
        self._turn = Lock()

    def submit(
        self,
        proposal: Proposal,
        *,
        identity: Identity,
        why: str | None = None,
        expected: Expected = None,
        key: str | None = None,
        request: str | None = None,
    ) -> Accepted:
        """Let a write in, or refuse it whole.

        `expected`: the versions of the graph that it may follow. `key`: names the request among those of the identity, so that
        it is done once however often it is sent; `request` is a digest of what is sent under it.
        Raises Refusal, StorageFull, StoreUnavailable, and what `validate` and an Alter raise.
        """
        with self._turn:
            self._present.forget()
            if key and (done := self.history.replayed(identity.name, key)):
                if done.request != request:
                    raise KeyReused(done)
                return Accepted(done, self.history.changes(done.number), replayed=True)
            self._require(expected, proposal)
            before = None if proposal.name is None else self.version(proposal.name)
            changes = self._notices(self._workshop.changes(proposal))
            for operation, name in self._asked(proposal, changes):
                if not identity.may(operation, self.space.code(name)):
                    raise NotAllowed(operation, name)
            structure.check(self._sent(proposal, changes), self.space)
            for change in changes.graphs:
                self._require_described(proposal, change)
            self._upkeep.require_known(changes)
            changes, returning = self._upkeep.with_leftovers(changes), Changes.of(self._upkeep.returning(changes))
            if not changes:
                return Accepted(None, changes, before=before)
            changes, report = self._judged(changes, returning)
            revision, record = self.history.write(
                changes, who=identity.name, kind=_kind(proposal), shapes=self.rules.version, why=why, key=key, request=request
            )
            self.engine.apply(Changes.of((*changes.graphs, *record.graphs)))
            return Accepted(revision, changes, report, before=before)

    def turn_on(self, shapes: Statements, *, identity: Identity, why: str | None = None) -> Accepted:
        """Put other rules in force, as a revision. What they would break is for an audit to say, before.

        Raises StorageFull, StoreUnavailable.
        """
        with self._turn:
            held: dict[Name, Statements] = {SHAPES_GRAPH: self.engine.statements(SHAPES_GRAPH)}
            changes = Changes.between(held, {SHAPES_GRAPH: shapes})
            if not changes:
                return Accepted(None, changes)
            revision, record = self.history.write(changes, who=identity.name, kind=Kind.SHAPES, shapes=version_of(shapes), why=why)
            self.engine.apply(Changes.of((*changes.graphs, *record.graphs)))
            self.rules.read()
            return Accepted(revision, changes)

    def version(self, name: URIRef) -> int | None:
        """The number of the revision that made the present state of a graph; 0 for one without, None when there is nothing."""
        if not self.engine.query(f"SELECT ?s {{ GRAPH {name.n3()} {{ ?s ?p ?o }} }} LIMIT 1").rows():
            return None
        if self.space.code(name) and is_notice(name, self.engine.statements(name)):
            return None
        return self.history.latest(name) or 0

    def _require(self, expected: Expected, proposal: Proposal) -> None:
        """Raise Stale when the state is not one that the sender expects."""
        if expected is None:
            return
        name = proposal.name
        present = self.version(name) if name is not None else 0
        met = present in expected if isinstance(expected, frozenset) else (present is None) == (expected == NOTHING)
        if not met:
            raise Stale(present)

    def _notices(self, changes: Changes) -> Changes:
        """The changes, with a notice where they would leave nothing of a certification."""
        return Changes.of(map(self._with_notice, changes.graphs))

    def _with_notice(self, change: GraphChange) -> GraphChange:
        if change.name is None or change.added or self.space.code(change.name) is None:
            return change
        held = self._present.statements(change.name)
        left = notice(change.name, held, None)
        return GraphChange(change.name, left - held, held - left) if change.removed == held else change

    def _after(self, change: GraphChange) -> Statements:
        return self._present.statements(change.name) - change.removed | change.added

    def _require_described(self, proposal: Proposal, change: GraphChange) -> None:
        """A certification's graph describes it, or says that it was withdrawn: then nothing short of a replacement changes it."""
        name = change.name
        if name is None or self.space.code(name) is None:
            return
        before, after = self._present.statements(name), self._after(change)
        if is_notice(name, before) and isinstance(proposal, Alter | Merge):
            raise Withdrawn(name)
        if not before or not is_notice(name, after):
            structure.require_described(name, after)

    def _sent(self, proposal: Proposal, changes: Changes) -> Changes:
        """The changes without the record of a document, which the gate makes itself."""
        own = provenance_name(self.space.base)
        if not isinstance(proposal, Replace | Restore) or proposal.name == own:
            return changes
        return Changes(tuple(change for change in changes.graphs if change.name != own))

    def _asked(self, proposal: Proposal, changes: Changes) -> Iterator[tuple[Operation, Name]]:
        """What a write does to each graph, its own first: it may turn out to change nothing."""
        if not isinstance(proposal, Alter):
            yield self._operation(proposal.name, withdraws=isinstance(proposal, Withdraw)), proposal.name
        for change in self._sent(proposal, changes).graphs:
            withdraws = change.name is not None and is_notice(change.name, self._after(change))
            yield self._operation(change.name, withdraws=withdraws), change.name

    def _operation(self, name: Name, *, withdraws: bool) -> Operation:
        if self.space.code(name) is None:
            return "graphs"
        return "withdraw" if withdraws else "write"

    def _judged(self, changes: Changes, returning: Changes) -> tuple[Changes, Report | None]:
        """The changes with what comes back by them, and what the rules say. Raises RulesBroken.

        What others decided of a certification keeps nobody from writing it: where it breaks a rule, none of it comes back.
        """
        if returning:
            whole = changes.with_added(returning)
            with suppress(RulesBroken):
                return whole, self._judge(whole)
        return changes, self._judge(changes)

    def _judge(self, changes: Changes) -> Report | None:
        """What the rules say of the state after the changes. Raises RulesBroken."""
        seen = footprint(self._present, changes, self.space)
        if not seen.judged:
            return None
        report = self._report(seen)
        if report.conforms or not self._new(report, changes, seen):
            return report
        raise RulesBroken(report)

    def _report(self, seen: Footprint) -> Report:
        found = [self._validate(each.judged, background=each.background, shapes=self.rules.shapes) for each in parts(seen)]
        return together(found)

    def _new(self, report: Report, changes: Changes, seen: Footprint) -> bool:
        """Whether a violation is in what is written, or was not there before: faults of others are not held against a sender."""
        written = {str(name) for name in changes.names}
        broken = {(each.code, each.focus, each.value) for each in report.results if each.severity is Severity.VIOLATION}
        if any(self.space.unit(str(focus)) in written or str(focus) in seen.nodes for _, focus, _ in broken):
            return True
        before = self._report(footprint(self._present, Changes(), self.space, seen.certifications))
        return not broken <= {(each.code, each.focus, each.value) for each in before.results}


def _kind(proposal: Proposal) -> Kind:
    if isinstance(proposal, Replace | Alter):
        return proposal.kind
    return {Merge: Kind.MERGE, Withdraw: Kind.WITHDRAW, Restore: Kind.RESTORE}[type(proposal)]
