"""A question on its way through the pool, and what becomes of it: a whole answer, or one that goes on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from referentiel.readers.jobs import AnswerCut, Head, Job
from referentiel.readers.lanes import shape

if TYPE_CHECKING:
    from referentiel.readers.pool import Pool
    from referentiel.readers.process import Worker


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole answer. `lane`: of the worker that gave it. `generation`: of the checkpoint. `more`: it is an excerpt of more."""

    head: Head
    body: bytes
    lane: str
    generation: str
    more: bool = False


class Ticket:
    """A question on its way through the pool."""

    def __init__(self, job: Job, started: asyncio.Future[Whole | Stream]) -> None:
        self.job = job
        self.shape = shape(job.text)
        self.started = started
        self.started.add_done_callback(_noted)
        self.askers = 0
        self.worker: Worker | None = None
        self.lane = ""
        self.long = False
        self.timer: asyncio.TimerHandle | None = None
        self.head: Head | None = None
        self.parts: deque[bytes] = deque()
        self.held = 0
        self.stream: Stream | None = None

    def wait(self, seconds: float, then: Callable[[Ticket], None]) -> None:
        """Have a function called, in place of the one that was to be called before."""
        self.stop_waiting()
        self.timer = self.started.get_loop().call_later(seconds, then, self)

    def stop_waiting(self) -> None:
        """Have none called."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def fail(self, error: Exception) -> None:
        """End the question: its asker gets the error, or finds the answer cut."""
        self.stop_waiting()
        if self.stream is not None:
            self.stream.end(error)
        elif not self.started.done():
            self.started.set_exception(error)


def _noted(started: asyncio.Future[Whole | Stream]) -> None:
    """An error that nobody waits for any more is no fault of ours to log."""
    if not started.cancelled():
        started.exception()


def generation_name(generation: Path | None) -> str:
    """The name of a checkpoint; empty when there is none."""
    return generation.name if generation else ""


class Stream:
    """An answer that goes on. Iterating gives its bytes as they come, and raises AnswerCut when they stop too early.

    `more`, known at the end: it is an excerpt of more.
    """

    def __init__(self, pool: Pool, ticket: Ticket) -> None:
        assert ticket.head is not None
        self.head = ticket.head
        self.lane = ticket.lane
        self.generation = generation_name(ticket.worker.generation if ticket.worker else None)
        self._pool = pool
        self._ticket = ticket
        self.more = False
        self._over = False
        self._claimed = False
        self._error: Exception | None = None
        self._more = asyncio.Event()
        self._more.set()

    def __aiter__(self) -> Stream:
        return self

    async def __anext__(self) -> bytes:
        while True:
            await self._more.wait()
            if self._ticket.parts:
                return self._pool.take(self._ticket)
            if self._error is not None:
                raise AnswerCut(type(self._error).__name__) from self._error
            if self._over:
                raise StopAsyncIteration
            self._more.clear()

    def claim(self) -> bool:
        """Take it, unless somebody has: it can be read once."""
        claimed, self._claimed = self._claimed, True
        return not claimed

    def wake(self) -> None:
        """There is something new."""
        self._more.set()

    def end(self, error: Exception | None = None) -> None:
        """There will be nothing more."""
        self._over = True
        self._error = error
        if error is not None:
            self._ticket.parts.clear()
        self._more.set()

    def close(self) -> None:
        """Nobody reads it any more."""
        if not self._over:
            self._pool.abandon(self._ticket)
