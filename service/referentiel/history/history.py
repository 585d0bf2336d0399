"""The history of a store: each accepted write is a revision, kept as a record in the store and as a patch in a file beside it.

A patch is written before the store is changed: one that no record speaks of belongs to a write that came to nothing, and the next
write takes its place. What a graph held at any time is what it holds now, with the patches since taken back.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from rdflib import URIRef

from referentiel.history.patches import Patches
from referentiel.history.record import described, history_name, is_certification, latest, revision_iri
from referentiel.history.records import TOGETHER, Records
from referentiel.history.revision import Kind, Revision
from referentiel.store import Changes, Engine, GraphChange, Name, Statements
from referentiel.store.changes import subject_of


class History:
    """The revisions of one store. Reading is safe from any thread, also while another one writes."""

    def __init__(self, engine: Engine, base: str) -> None:
        self.name = history_name(base)
        self._engine = engine
        self._base = base
        self._records = Records(engine, base)
        # Kept, since whoever reads a certification is told its first and last version: what led to a revision never changes.
        self._numbers = lru_cache(maxsize=256)(lambda graph, latest: tuple(self._records.numbers(graph, 0, latest)))
        folder = engine.folder and engine.folder / "history"
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="referentiel-history-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._patches = Patches(folder)

    @property
    def head(self) -> int:
        """The number of the last revision; 0 where there is none."""
        return self.latest(self.name) or 0

    def write(
        self,
        changes: Changes,
        *,
        who: str,
        kind: Kind,
        shapes: str,
        why: str | None = None,
        key: str | None = None,
        request: str | None = None,
        at: datetime | None = None,
    ) -> tuple[Revision, Changes]:
        """Keep the patch of the next revision; the revision, and what to change in the graph of the history.

        There is a new revision once that is applied together with `changes`, in one step; until then, no other may be written.
        Its time is never before that of the former one, whatever the clock says. Raises StorageFull.
        """
        head = self.head
        before = self.revision(head)
        number, moment = head + 1, (at or datetime.now(UTC)).astimezone(UTC)
        iri = revision_iri(self._base, number)
        revision = Revision(
            number=number,
            iri=iri,
            at=max(moment, before.at) if before else moment,
            who=who,
            kind=kind,
            graphs=changes.names,
            added=changes.added,
            removed=changes.removed,
            shapes=shapes,
            digest=self._patches.write(number, iri, changes),
            why=why,
            key=key,
            request=request,
        )
        return revision, Changes.of([self._recorded(revision, changes)])

    def revision(self, number: int) -> Revision | None:
        """A revision by its number; None where there is none."""
        return next(self._records.read([number]), None)

    def revisions(
        self,
        graph: Name = None,
        *,
        since: int = 0,
        until: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> tuple[Revision, ...]:
        """The revisions, of one named graph or of the whole store, with numbers above `since` and up to `until`."""
        last = self.head if until is None else min(until, self.head)
        numbers: Sequence[int] = range(since + 1, last + 1) if graph is None else self._records.numbers(graph, since, last)
        ordered = numbers[::-1] if newest_first else numbers
        return tuple(self._records.read(ordered if limit is None else ordered[:limit]))

    def numbers(self, graph: Name) -> tuple[int, ...]:
        """The numbers of all revisions of a graph, the oldest first."""
        latest = self.latest(graph)
        return () if latest is None else self._numbers(graph, latest)

    def listed(self, numbers: Sequence[int]) -> tuple[Revision, ...]:
        """Revisions by their numbers, in the same order; those that there are not are left out."""
        return tuple(self._records.read(numbers))

    def latest(self, graph: Name) -> int | None:
        """The number of the last revision that changed a graph; None where none has."""
        return self._records.latest(graph)

    def described(self, revisions: Iterable[Revision], certification: URIRef | None = None) -> bytes:
        """What the store says of revisions, their agents and the versions that they made (PROV-O), as N-Triples.

        With a certification, the versions of that one only. What is said of a revision here never changes.
        """
        numbers = [revision.number for revision in revisions]
        parts = (
            self._records.described(numbers[first : first + TOGETHER], certification) for first in range(0, len(numbers), TOGETHER)
        )
        return b"".join(parts)

    def number_at(self, moment: datetime) -> int:
        """The number of the last revision that is not later than a moment; 0 before all."""
        low, high = 0, self.head
        while low < high:
            middle = (low + high + 1) // 2
            revision = self.revision(middle)
            assert revision is not None, "numbers are consecutive"
            low, high = (middle, high) if revision.at <= moment else (low, middle - 1)
        return low

    def changes(self, number: int) -> Changes:
        """What a revision changed. Raises KeyError for a number that there is not, DamagedHistory."""
        revision = self.revision(number)
        if revision is None:
            raise KeyError(number)
        return self._patches.read(number, revision.digest)

    def statements(self, graph: Name, number: int) -> Statements:
        """What a graph held after a revision; 0: before the first one. Raises DamagedHistory."""
        last, held = self._held(graph)
        for revision in self._records.read(self._records.numbers(graph, number, last)[::-1]):
            change = self._patches.read_graph(revision.number, revision.digest, graph)
            held = (held - change.added) | change.removed
        return held

    def last_described(self, subject: str, graph: URIRef) -> int | None:
        """The last version of a certification in which it described a subject, itself or below it, that it no longer describes.

        0 where that was before the first revision, None where it never did or still does.
        """
        gone = self._records.invalidated(subject)
        if gone is None or self._describes(graph, subject):
            return None
        return max(self._records.numbers(graph, 0, gone - 1), default=0)

    def replayed(self, who: str, key: str) -> Revision | None:
        """The revision that an identity made under an idempotency key."""
        return next((revision for revision in self._records.read(self._records.under(key)) if revision.who == who), None)

    def check(self, since: int = 0) -> None:
        """Raise DamagedHistory unless the patches of all revisions above `since` are there and whole."""
        for first in range(since, self.head, TOGETHER):
            for revision in self.revisions(since=first, limit=TOGETHER):
                self._patches.check(revision.number, revision.digest)

    def check_end(self) -> None:
        """Raise DamagedHistory unless the last patch is whole, and the last that there is but for one of a write that came to
        nothing. A store that has lost writes would else give their numbers again."""
        head = self.head
        self.check(since=max(head - 1, 0))
        self._patches.check_absent(head + 2)

    def _held(self, graph: Name) -> tuple[int, Statements]:
        """What a graph holds, and the number of the revision that made it so; 0 for none."""
        last = self.latest(graph)
        while True:
            held = self._engine.statements(graph)
            now = self.latest(graph)
            if now == last:
                return last or 0, held
            last = now  # a write has come between

    def _describes(self, graph: URIRef, subject: str) -> bool:
        question = f"SELECT ?s {{ GRAPH {graph.n3()} {{ ?s ?p ?o }} }} LIMIT 1"
        return bool(self._engine.query(question, bindings={"s": URIRef(subject)}).rows())

    def _recorded(self, revision: Revision, changes: Changes) -> GraphChange:
        """What becomes of the graph of the history."""
        former = {name: self.latest(name) for name in (*changes.names, self.name)}
        vanished = {
            iri for change in changes.graphs if is_certification(self._base, change.name) for iri in self._vanishing(change)
        }
        now = {latest(self._base, revision.number, name) for name in former}
        no_longer = {latest(self._base, number, name) for name, number in former.items() if number is not None}
        return GraphChange(self.name, described(self._base, revision, former, vanished) | now, frozenset(no_longer))

    def _vanishing(self, change: GraphChange) -> set[str]:
        """What a certification has described, itself and what lies below it, and will not describe any more."""
        removed = {subject_of(statement) for statement in change.removed} - {subject_of(statement) for statement in change.added}
        own = {subject for subject in removed if f"{subject}/".startswith(f"{change.name}/")}
        if not own:
            return set()
        return own - {subject_of(statement) for statement in self._engine.statements(change.name) - change.removed}
