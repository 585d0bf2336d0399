"""Answers given again: the same question, on the same checkpoint, is worked out once.

Simultaneous identical questions share one answer. A new checkpoint empties everything.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import OrderedDict
from collections.abc import AsyncGenerator, Hashable
from heapq import nlargest
from typing import Any, Final

from referentiel.readers.atonce import answer as at_once
from referentiel.readers.atonce import is_bounded
from referentiel.readers.jobs import AnswerCut, Head, Job
from referentiel.readers.pool import Pool
from referentiel.readers.tickets import Stream, Ticket, Whole
from referentiel.settings import Limits
from referentiel.store import TooManyRows
from referentiel.store.snapshot import Snapshot

_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SERVICE)", re.IGNORECASE)
_MIB: Final = 2**20
_SHARE: Final = 8
"""The largest answer that is kept takes this part of the cache."""
_OVERHEAD: Final = 4096
_RAW: Final = 8
_WARMED: Final = 32
_REMEMBERED: Final = 1024


def volatile(query: str) -> bool:
    """Whether a query may have another answer each time it is asked of the same graphs."""
    return _VOLATILE.search(query) is not None


class Entry:
    """An answer that is kept. `prepared` and `written` are for whoever sends it: what need not be worked out twice."""

    def __init__(self, job: Job, answer: Whole) -> None:
        self.job = job
        self.answer = answer
        self.size = len(answer.body) + sys.getsizeof(job.text) + _OVERHEAD
        self.hits = 0
        self.requests: list[Hashable] = []
        self.prepared: Any = None
        self.written: bytes | None = None


class Answers:
    """A cache in front of a pool, bounded in bytes; the least lately used answers go first."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._room = limits.cache * _MIB
        self._entries: OrderedDict[Job, Entry] = OrderedDict()
        self._by_request: dict[Hashable, Entry] = {}
        self._asking: dict[Job, Ticket] = {}
        self._too_long: OrderedDict[bytes, None] = OrderedDict()
        self._background: set[asyncio.Task[None]] = set()
        self.size = 0
        self.hits = 0
        self._snapshot: Snapshot | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def at_hand(self, request: Hashable) -> Entry | None:
        """The answer that was given to just this request before."""
        entry = self._by_request.get(request)
        if entry is not None:
            self._touch(entry)
        return entry

    def kept(self, job: Job, request: Hashable | None = None) -> Entry | None:
        """The answer that is kept for a job; it is remembered for the request too."""
        entry = self._entries.get(job)
        if entry is not None:
            self._touch(entry)
            if request is not None:
                self.remember(request, entry)
        return entry

    def remember(self, request: Hashable, entry: Entry) -> None:
        """Let a request be known by which an answer was given; a few for each answer."""
        if len(entry.requests) < _RAW and request not in self._by_request:
            entry.requests.append(request)
            self._by_request[request] = entry
            entry.size += _OVERHEAD
            self.size += _OVERHEAD

    async def ask(self, job: Job) -> tuple[Whole | Stream, bool]:
        """The answer to a job, and whether another asker had it worked out. Raises what Pool.submit raises.

        Cancelling frees the worker, when nobody else waits for it.
        """
        if job.key in self._too_long:
            raise TooManyRows
        if self._snapshot is not None and is_bounded(job) and (given := at_once(self._snapshot, job)) is not None:
            return self._given(job, *given), False
        ticket = self._asking.get(job)
        shared = ticket is not None
        if ticket is None:
            ticket = self._pool.submit(job)
            if not volatile(job.text):
                self._share(job, ticket)
        answer = await self._wait(ticket)
        if isinstance(answer, Stream) and not answer.claim():
            return await self._wait(self._pool.submit(job)), False
        return answer, shared

    async def parts(self, job: Job, stream: Stream) -> AsyncGenerator[bytes]:
        """The bytes of a stream; kept, if they turn out to be few enough. Raises AnswerCut."""
        room, kept = self._room // _SHARE, list[bytes]()
        try:
            async for part in stream:
                room -= len(part)
                if room > 0:
                    kept.append(part)
                else:
                    kept.clear()
                yield part
        except AnswerCut as error:
            if isinstance(error.__cause__, TooManyRows):
                self._note_too_long(job)
            raise
        finally:
            stream.close()
        if room > 0 and job.excerpt is None and stream.generation == self._pool.generation and not volatile(job.text):
            self._keep(job, Whole(stream.head, b"".join(kept), stream.lane, stream.generation))

    def renew(self, snapshot: Snapshot, library: tuple[Job, ...] = ()) -> None:
        """The graphs have changed: forget everything, and ask in the background what is asked most."""
        self._snapshot = snapshot
        asked = nlargest(_WARMED, (entry for entry in self._entries.values() if entry.hits), key=lambda entry: entry.hits)
        jobs = [*library, *(entry.job for entry in asked)]
        for held in (self._entries, self._by_request, self._asking, self._too_long):
            held.clear()
        self.size = 0
        for task in self._background:
            task.cancel()
        task = asyncio.get_running_loop().create_task(self._warm(jobs))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _warm(self, jobs: list[Job]) -> None:
        """One after the other: askers come first."""
        for job in jobs:
            try:
                answer, _ = await self.ask(job)
            except Exception:  # noqa: S112 - it has no answer now, and whoever asks it will be told why
                continue
            if isinstance(answer, Stream):
                answer.close()

    def _share(self, job: Job, ticket: Ticket) -> None:
        self._asking[job] = ticket

        def ended(started: asyncio.Future[Whole | Stream]) -> None:
            if self._asking.get(job) is ticket:
                del self._asking[job]
            if started.cancelled():
                return
            error = started.exception()
            if isinstance(error, TooManyRows):
                self._note_too_long(job)
            elif error is None and isinstance(answer := started.result(), Whole) and answer.generation == self._pool.generation:
                self._keep(job, answer)

        ticket.started.add_done_callback(ended)

    def _given(self, job: Job, head: Head, body: bytes) -> Whole:
        answer = Whole(head, body, "at once", self._pool.generation)
        self._keep(job, answer)
        return answer

    async def _wait(self, ticket: Ticket) -> Whole | Stream:
        ticket.askers += 1
        try:
            return await asyncio.shield(ticket.started)
        except asyncio.CancelledError:
            ticket.askers -= 1
            if not ticket.askers:
                self._drop(ticket)
            raise

    def _drop(self, ticket: Ticket) -> None:
        if self._asking.get(ticket.job) is ticket:
            del self._asking[ticket.job]
        self._pool.abandon(ticket)

    def _keep(self, job: Job, answer: Whole) -> None:
        entry = Entry(job, answer)
        if entry.size * _SHARE > self._room:
            return
        self._remove(self._entries.get(job))
        self._entries[job] = entry
        self.size += entry.size
        while self.size > self._room:
            self._remove(next(iter(self._entries.values())))

    def _remove(self, entry: Entry | None) -> None:
        if entry is not None:
            del self._entries[entry.job]
            self.size -= entry.size
            for request in entry.requests:
                del self._by_request[request]

    def _touch(self, entry: Entry) -> None:
        entry.hits += 1
        self._entries.move_to_end(entry.job)
        self.hits += 1

    def _note_too_long(self, job: Job) -> None:
        self._too_long[job.key] = None
        if len(self._too_long) > _REMEMBERED:
            self._too_long.popitem(last=False)
