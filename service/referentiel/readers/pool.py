"""The workers, and who gets the next one.

Questions of a shape known to be quick have workers of their own. All others run on workers that give way to those: at first for a
moment, on trial; what takes longer goes on only while few such questions run, and waits its turn otherwise. A worker over its
limits is killed: the engine can't be told to stop. Everything here runs on one event loop.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from referentiel.forking import ForkServer
from referentiel.readers import forkserver
from referentiel.readers.forkserver import EXPRESS, GENERAL
from referentiel.readers.jobs import DATA, END, FAILED, HEAD, Job, OutOfMemory, Overloaded, QueryTimeout, read_head, read_refusal
from referentiel.readers.lanes import Class, Shapes
from referentiel.readers.process import Worker
from referentiel.readers.tickets import Stream, Ticket, Whole, generation_name
from referentiel.settings import Limits
from referentiel.store import StoreUnavailable

_log = logging.getLogger(__name__)

NAMES: Final = {EXPRESS: "express", GENERAL: "general"}
"""The lanes, as an operator reads them."""
TRIAL: Final = 0.05
"""Seconds of processor time after which a question is not quick."""
LONGEST_TRIAL: Final = 1.0
"""Seconds after which it is not, even if the processor was busy with others."""
PATIENCE: Final = 10.0
"""Seconds that a question waits for a worker, at most."""
_PAUSE: Final = 0.5
"""Seconds before a worker that ended before it had begun is replaced: what ails it may ail the next one."""
HELD: Final = 256 * 1024
"""Bytes of an answer that are held: an answer that is over by then is whole; a longer one is streamed, and never further ahead."""


@dataclass(frozen=True, slots=True)
class Status:
    """The pool at one moment."""

    busy: dict[str, int]
    idle: dict[str, int]
    waiting: dict[str, int]
    ended: dict[str, int]
    generation: str


class Pool:
    """Answers jobs. `start` and everything after it need a running event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._express = limits.workers // 2
        self._general = limits.workers - self._express
        self._most_long = self._general // 2
        self._server: ForkServer | None = None
        self._generation = Path()
        self._shapes = Shapes()
        self._workers: set[Worker] = set()
        self._idle: dict[bytes, list[Worker]] = {EXPRESS: [], GENERAL: []}
        self._waiting: dict[Class, deque[Ticket]] = {cls: deque() for cls in Class}
        self._long = 0
        self._ended: Counter[str] = Counter()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def prepare(self) -> None:
        """Start the process that makes workers, so that it is ready when they are needed."""
        self._server = self._server or forkserver.start(self._limits)

    async def start(self, generation: Path) -> None:
        """Make the workers, over a checkpoint."""
        self._generation = generation
        self.prepare()
        for kind, count in ((EXPRESS, self._express), (GENERAL, self._general)):
            for _ in range(count):
                await self._make(kind)

    async def close(self) -> None:
        """End all workers, and whatever they are asked."""
        self._closing = True
        for tickets in self._waiting.values():
            while tickets:
                tickets.popleft().fail(StoreUnavailable("the service is closing"))
        for worker in set(self._workers):
            worker.kill()
        if self._server is not None:
            await asyncio.to_thread(self._server.close)

    def use(self, generation: Path) -> None:
        """Have everything from now on asked of another checkpoint."""
        self._generation = generation
        for idle in self._idle.values():
            for worker in list(idle):
                idle.remove(worker)
                worker.send(Job(""), generation)

    @property
    def generation(self) -> str:
        """The name of the checkpoint that is asked now."""
        return self._generation.name

    @property
    def used(self) -> set[Path]:
        """The checkpoints that workers have open, or will open."""
        return {self._generation, *(worker.generation for worker in self._workers if worker.generation)}

    def status(self) -> Status:
        """How it stands."""
        idle = {name: len(self._idle[kind]) for kind, name in NAMES.items()}
        busy = {name: sum(bool(worker.ticket) for worker in self._workers if worker.kind == kind) for kind, name in NAMES.items()}
        waiting = {cls.value: len(tickets) for cls, tickets in self._waiting.items()}
        return Status(busy, idle, waiting, dict(self._ended), self._generation.name)

    def submit(self, job: Job) -> Ticket:
        """Put a question in; `started` of its ticket becomes its answer, whole if it is short.

        Raises Overloaded, StoreUnavailable; `started` these too, and BadQuery, ServiceRefused, NoFormat, TooManyRows, QueryTimeout,
        OutOfMemory.
        """
        ticket = Ticket(job, asyncio.get_running_loop().create_future())
        self._queue(ticket, self._shapes.expect(ticket.shape))
        self._dispatch()
        return ticket

    def abandon(self, ticket: Ticket) -> None:
        """Nobody waits for this question any more."""
        ticket.stop_waiting()
        self._unqueue(ticket)
        if ticket.worker is not None:
            self._end(ticket.worker, "disconnected")
            self._dispatch()

    def take(self, ticket: Ticket) -> bytes:
        """The next bytes of a stream."""
        data = ticket.parts.popleft()
        ticket.held -= len(data)
        if ticket.worker is not None and ticket.held < HELD:
            ticket.worker.pause(paused=False)
        return data

    # What workers tell.

    def ready(self, worker: Worker) -> None:
        """A new worker waits for its first job: to open the checkpoint."""
        worker.send(Job(""), self._generation)

    def told(self, worker: Worker, kind: bytes, payload: bytes) -> None:
        """A worker sent a frame. One that was killed meanwhile may have sent more before."""
        if worker not in self._workers:
            return
        ticket = worker.ticket
        if ticket is not None:
            if kind == HEAD:
                ticket.head = read_head(payload)
            elif kind == DATA:
                self._more(worker, ticket, payload)
            elif kind == END:
                self._done(worker, ticket, more=bool(payload))
            elif kind == FAILED:
                ticket.fail(read_refusal(payload))
                self._learn(worker, ticket)
        if kind in {END, FAILED}:
            self._free(worker)

    def so_far(self, worker: Worker) -> None:
        """That was all for now: a long answer that has begun and is not over is handed out as it comes."""
        if worker.ticket is not None and worker.ticket.long:
            self._offer(worker.ticket)

    def lost(self, worker: Worker) -> None:
        """A worker has ended."""
        if worker not in self._workers:
            return
        ticket, pause = worker.ticket, 0.0 if worker.generation else _PAUSE
        self._remove(worker)
        if ticket is not None:
            self._shapes.learn(ticket.shape, quick=False)
            self._ended["memory"] += 1
            ticket.fail(OutOfMemory(f"more than {self._limits.memory} MiB"))
        self._replace(worker.kind, pause)
        self._dispatch()

    # Who gets the next worker.

    def _queue(self, ticket: Ticket, cls: Class) -> None:
        if self._closing:
            raise StoreUnavailable("the service is closing")
        tickets = self._waiting[cls]
        if len(tickets) >= self._limits.queue:
            raise Overloaded(self._retry_after())
        tickets.append(ticket)
        ticket.wait(PATIENCE, self._impatient)

    def _dispatch(self) -> None:
        express, general = self._idle[EXPRESS], self._idle[GENERAL]
        quick, unknown, dear = self._waiting[Class.QUICK], self._waiting[Class.UNKNOWN], self._waiting[Class.DEAR]
        while quick and express:
            self._give(express.pop(), quick.popleft())
        while unknown and general:
            self._give(general.pop(), unknown.popleft())
        while dear and general and self._long < self._most_long:
            self._give(general.pop(), dear.popleft(), long=True)

    def _give(self, worker: Worker, ticket: Ticket, *, long: bool = False) -> None:
        worker.ticket, ticket.worker = ticket, worker
        ticket.lane = NAMES[worker.kind]
        worker.send(ticket.job, self._generation)
        if long:
            self._prolong(ticket)
        else:
            ticket.wait(TRIAL, self._tried)

    def _prolong(self, ticket: Ticket) -> None:
        assert ticket.worker is not None
        ticket.long, ticket.lane = True, "long"
        self._long += 1
        ticket.wait(max(0.0, self._limits.seconds - (time.monotonic() - ticket.worker.began)), self._late)

    def _tried(self, ticket: Ticket) -> None:
        """A question has had its moment. What only waited for the processor gets another."""
        assert ticket.worker is not None
        spent = ticket.worker.spent()
        elapsed = time.monotonic() - ticket.worker.began
        if spent is not None and spent < TRIAL * 0.9 and elapsed < LONGEST_TRIAL and ticket.held < HELD:
            ticket.wait(max(TRIAL - spent, 0.01), self._tried)
            return
        self._outgrow(ticket)

    def _outgrow(self, ticket: Ticket) -> None:
        """Let a question go on as a long one, or have it begin again when there is room for it."""
        assert ticket.worker is not None
        self._shapes.learn(ticket.shape, quick=False)
        if self._long < self._most_long and ticket.worker.kind == GENERAL:
            self._prolong(ticket)
            self._offer(ticket)
            return
        self._end(ticket.worker, "outgrown")
        ticket.head, ticket.held = None, 0
        ticket.parts.clear()
        try:
            self._queue(ticket, Class.DEAR)
        except (Overloaded, StoreUnavailable) as error:
            ticket.fail(error)
        self._dispatch()

    def _late(self, ticket: Ticket) -> None:
        assert ticket.worker is not None
        self._end(ticket.worker, "timeout")
        ticket.fail(QueryTimeout(f"more than {self._limits.seconds:g} s"))
        self._dispatch()

    def _impatient(self, ticket: Ticket) -> None:
        self._unqueue(ticket)
        ticket.fail(Overloaded(self._retry_after()))

    def _unqueue(self, ticket: Ticket) -> None:
        for tickets in self._waiting.values():
            if ticket in tickets:
                tickets.remove(ticket)

    def _retry_after(self) -> int:
        """Seconds in which half of the long questions will be over, if they take all the time that they may."""
        return max(1, round(self._limits.seconds / 2))

    # Answers as they come.

    def _more(self, worker: Worker, ticket: Ticket, data: bytes) -> None:
        ticket.parts.append(data)
        ticket.held += len(data)
        if ticket.stream is not None:
            ticket.stream.wake()
        if ticket.held >= HELD:
            worker.pause(paused=True)
            if not ticket.long:
                self._outgrow(ticket)

    def _offer(self, ticket: Ticket) -> None:
        """Begin to hand out an answer that is not over."""
        if ticket.head is not None and ticket.parts and ticket.stream is None:
            ticket.stream = Stream(self, ticket)
            if not ticket.started.done():
                ticket.started.set_result(ticket.stream)

    def _done(self, worker: Worker, ticket: Ticket, *, more: bool) -> None:
        ticket.stop_waiting()
        self._learn(worker, ticket)
        if ticket.stream is not None:
            ticket.stream.more = more
            ticket.stream.end()
        elif not ticket.started.done():
            assert ticket.head is not None
            body, generation = b"".join(ticket.parts), generation_name(worker.generation)
            ticket.started.set_result(Whole(ticket.head, body, ticket.lane, generation, more))

    def _learn(self, worker: Worker, ticket: Ticket) -> None:
        if ticket.stream is None:
            spent = worker.spent() if ticket.long else 0.0
            self._shapes.learn(ticket.shape, quick=spent is not None and spent < TRIAL)

    # Workers come and go.

    def _free(self, worker: Worker) -> None:
        ticket, worker.ticket = worker.ticket, None
        if ticket is not None:
            ticket.worker = None
            self._long -= ticket.long
        worker.pause(paused=False)
        if worker.generation == self._generation:
            self._idle[worker.kind].append(worker)
            self._dispatch()
        else:
            worker.send(Job(""), self._generation)

    def _end(self, worker: Worker, reason: str) -> None:
        """Kill a worker, and have another in its place."""
        self._ended[reason] += 1
        self._remove(worker)
        worker.kill()
        self._replace(worker.kind)

    def _remove(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle[worker.kind]:
            self._idle[worker.kind].remove(worker)
        if worker.ticket is not None:
            self._long -= worker.ticket.long
            worker.ticket.long = False
            worker.ticket.worker = None
            worker.ticket = None

    def _replace(self, kind: bytes, pause: float = 0.0) -> None:
        if not self._closing:
            task = asyncio.get_running_loop().create_task(self._make(kind, pause))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _make(self, kind: bytes, pause: float = 0.0) -> None:
        await asyncio.sleep(pause)
        if self._closing:
            return
        try:
            connection = self._connect(kind)
        except OSError:  # no descriptor is left, or no memory: later, perhaps
            _log.exception("no worker could be made; trying again")
            self._replace(kind, _PAUSE)
            return
        worker = Worker(self, kind)
        self._workers.add(worker)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=connection)

    def _connect(self, kind: bytes) -> socket.socket:
        assert self._server is not None
        try:
            return self._server.make(kind)
        except OSError:  # somebody ended the process that makes workers
            self._server = forkserver.start(self._limits)
            return self._server.make(kind)
