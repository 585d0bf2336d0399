"""The readers of a store as one thing: checkpoints, workers, cache; and what a write sets in motion."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from referentiel.readers.answers import Answers
from referentiel.readers.jobs import Job
from referentiel.readers.pool import Pool
from referentiel.settings import Limits
from referentiel.store import Engine, snapshot
from referentiel.store.generations import Generations

_log = logging.getLogger(__name__)
_RETRY = 1.0
"""Seconds after which a checkpoint that could not be made is tried again."""
CALM = 2.0
"""Seconds without a write after which a large store is tidied: what takes minutes is not begun anew with each of many writes."""
SMALL = 200_000
"""Triples of a store that is brought up to date before the first question; a larger one answers meanwhile."""


class Readers:
    """Answers questions about a store while it is written to: what a write changed is seen as a whole, soon after it."""

    def __init__(self, engine: Engine, limits: Limits, settle: Callable[[], object], library: tuple[Job, ...] = ()) -> None:
        """`settle`: brings what the store says of itself up to date. `library`: what is asked anew after each change."""
        self._engine = engine
        self._settle = settle
        self._library = library
        self.pool = Pool(limits)
        self.answers = Answers(self.pool, limits)
        self._generations: Generations | None = None
        self._changed = asyncio.Event()
        self._unsettled = asyncio.Event()
        self._following: list[asyncio.Task[None]] = []
        self._indexing: asyncio.subprocess.Process | None = None
        self._generation: Path | None = None
        self._renewed = 0.0

    async def start(self) -> None:
        """Make the first checkpoint and the workers, and follow the store from now on."""
        loop = asyncio.get_running_loop()
        self.pool.prepare()
        if not await asyncio.to_thread(self._is_large):
            await asyncio.to_thread(self._settle)
        self._generations = Generations(self._engine)
        self._engine.watch(lambda: _wake(loop, self._changed))
        generation = await asyncio.to_thread(self._generations.publish)
        await self.pool.start(generation)
        await self._renew(generation)
        self._unsettled.set()
        self._following = [loop.create_task(self._follow()), loop.create_task(self._tidy())]

    async def close(self) -> None:
        """End the workers, and remove the checkpoints."""
        for task in self._following:
            task.cancel()
        if self._indexing is not None and self._indexing.returncode is None:
            self._indexing.kill()
        await self.pool.close()
        if self._generations is not None:
            self._generations.close()

    async def _follow(self) -> None:
        """Make what is written visible."""
        assert self._generations is not None
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._renew(await asyncio.to_thread(self._generations.publish))
                self._unsettled.set()
            except Exception:  # a full disk, say: what was readable stays so
                _log.exception("what was written is not visible yet; trying again")
                self._changed.set()
                await asyncio.sleep(_RETRY)

    async def _tidy(self) -> None:
        """Do what a write makes necessary and what nobody waits for; what it writes itself is followed like any other write."""
        while True:
            await self._unsettled.wait()
            self._unsettled.clear()
            try:
                if await asyncio.to_thread(self._is_large):
                    await self._calm()
                    await self._index()
                await _in_daemon(self._settle)
                await self._prune()
            except Exception:
                _log.exception("what the store says of itself is not up to date")

    async def _renew(self, generation: Path) -> None:
        """Let all questions be asked of a checkpoint from now on."""
        opened = await asyncio.to_thread(snapshot.Snapshot, generation)
        self.pool.use(generation)
        self.answers.renew(opened, self._library)
        self._generation, self._renewed = generation, time.monotonic()

    async def _calm(self) -> None:
        """Wait until nothing has been written for a while."""
        while (left := self._renewed + CALM - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def _index(self) -> None:
        """Have the text index of a large store made, by a process that takes its time; readers of a small one make it."""
        if self._indexing is not None and self._indexing.returncode is None:
            self._indexing.kill()
        command = (
            f"from pathlib import Path; from {snapshot.__name__} import make_index; make_index(Path({str(self._generation)!r}))"
        )
        self._indexing = await asyncio.create_subprocess_exec(sys.executable, "-c", command)

    async def _prune(self) -> None:
        """Remove what no worker has open, once the idle ones have moved on. A worker that is busy is waited for next time."""
        assert self._generations is not None
        for _ in range(50):
            if len(self.pool.used) == 1 or self._changed.is_set():
                break
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self._generations.prune, self.pool.used)

    def _is_large(self) -> bool:
        """Whether the store has many triples; they are not counted further."""
        return bool(self._engine.query(f"SELECT ?s {{ ?s ?p ?o }} OFFSET {SMALL} LIMIT 1").rows())


async def _in_daemon(function: Callable[[], object]) -> None:
    """Run a function that may take minutes in a thread that does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def run() -> None:
        error: Exception | None = None
        try:
            function()
        except Exception as caught:  # handed to who waits
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, daemon=True).start()
    await done


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set an event from the thread that wrote; nothing, once the service has gone."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
