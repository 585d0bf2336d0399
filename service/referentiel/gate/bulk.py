"""A whole register through the gate: a few graphs at a time, those that break a rule left out and told.

What one batch lacks another may bring, a competency that another is narrower than for one: what was refused is tried once more
at the end, together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from referentiel.access import Identity
from referentiel.gate.gate import Gate
from referentiel.gate.outcome import Protected, RulesBroken, Unfit, Withdrawn
from referentiel.gate.proposals import Alter
from referentiel.history import Kind
from referentiel.store import Changes, Engine, GraphChange, Name, Statements
from referentiel.store.changes import subject_of
from referentiel.validation import Severity

BATCH: Final = 20_000
"""Statements that are judged together."""
GRAPHS: Final = 500
"""Graphs that are judged together: each leaves its mark in the record of the revision."""

Why: TypeAlias = RulesBroken | Unfit | Protected | Withdrawn
Batch: TypeAlias = dict[Name, Statements]


@dataclass(slots=True)
class Loaded:
    """What became of a load: how many graphs and statements came in, and why others did not."""

    graphs: set[Name] = field(default_factory=set)
    statements: int = 0
    refused: dict[Name, Why] = field(default_factory=dict)


def load(gate: Gate, source: Engine, identity: Identity, why: str, progress: Callable[[int], None]) -> Loaded:
    """Let in all that another store holds and that keeps the rules; `progress` is told how many statements were judged.

    What it raises stops the load between two batches. Raises what Gate.submit raises, but for refusals.
    """
    return _Load(gate, identity, why, progress).run(source)


class _Load:
    def __init__(self, gate: Gate, identity: Identity, why: str, progress: Callable[[int], None]) -> None:
        self._gate = gate
        self._identity = identity
        self._why = why
        self._progress = progress
        self._done = Loaded()

    def run(self, source: Engine) -> Loaded:
        late: Batch = {}
        for batch in _batches(source):
            judged = sum(map(len, batch.values()))
            for name, part in self._submit(batch).items():
                late[name] = late.get(name, frozenset()) | part
            self._progress(judged)
        self._done.refused.clear()
        self._submit(late)
        return self._done

    def _submit(self, batch: Batch) -> Batch:
        """Submit graphs together, less and less of them while some are refused; those that were."""
        refused: Batch = {}
        while batch:
            try:
                accepted = self._gate.submit(_adding(batch), identity=self._identity, why=self._why)
            except (RulesBroken, Unfit, Protected, Withdrawn) as error:
                blamed = self._blamed(error, batch)
                self._done.refused |= dict.fromkeys(blamed, error)
                refused |= {name: batch.pop(name) for name in blamed}
            else:
                self._done.graphs |= set(batch)
                self._done.statements += accepted.changes.added
                break
        return refused

    def _blamed(self, error: Why, batch: Batch) -> list[Name]:
        """The graphs of a batch that a refusal is about; all of them where it does not tell."""
        if isinstance(error, RulesBroken):
            broken = {str(each.focus) for each in error.report.results if each.severity is Severity.VIOLATION}
            units = {self._gate.space.unit(focus) for focus in broken}
            blamed = (name for name, held in batch.items() if any(subject_of(line) in broken for line in held))
            return [*{*blamed, *(name for name in batch if str(name) in units)}] or list(batch)
        if isinstance(error, Unfit):
            return [name for name, statements in batch.items() if statements & set(error.found)] or list(batch)
        return [error.name] if error.name in batch else list(batch)


def _adding(batch: Batch) -> Alter:
    def work_out(engine: Engine) -> Changes:
        held = {name: engine.among(name, statements) for name, statements in batch.items()}
        return Changes.of(GraphChange(name, added=statements - held[name]) for name, statements in batch.items())

    return Alter(work_out, Kind.LOAD)


def _batches(source: Engine) -> Iterator[Batch]:
    """The graphs of a store, a few at a time; a very large one in parts."""
    batch: Batch = {}
    size = 0
    for name in (None, *source.graph_names()):
        rest = iter(sorted(source.statements(name)))
        while part := frozenset(islice(rest, BATCH)):
            if batch and (size + len(part) > BATCH or len(batch) == GRAPHS):
                yield batch
                batch, size = {}, 0
            batch[name] = part
            size += len(part)
    if batch:
        yield batch
