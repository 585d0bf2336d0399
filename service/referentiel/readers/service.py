"""The readers of a store as one thing: checkpoints, workers, cache; and what a write sets in motion."""

from __future__ import annotations

import asyncio
import logging
import sys
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
        self._following: asyncio.Task[None] | None = None
        self._indexing: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Make the first checkpoint and the workers, and follow the store from now on."""
        loop = asyncio.get_running_loop()
        self.pool.prepare()
        if len(self._engine) < SMALL:
            await asyncio.to_thread(self._settle)
        self._generations = Generations(self._engine)
        self._engine.watch(lambda: _wake(loop, self._changed))
        generation = await asyncio.to_thread(self._generations.publish)
        await self.pool.start(generation)
        await self._renew(generation)
        self._following = loop.create_task(self._follow())

    async def close(self) -> None:
        """End the workers, and remove the checkpoints."""
        if self._following is not None:
            self._following.cancel()
        if self._indexing is not None and self._indexing.returncode is None:
            self._indexing.kill()
        await self.pool.close()
        if self._generations is not None:
            self._generations.close()

    async def _follow(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._settle)
                await self._prune()
                await self._changed.wait()
                self._changed.clear()
                await self._publish()
            except Exception:  # a full disk, say: what was readable stays so
                _log.exception("what was written is not visible yet; trying again")
                self._changed.set()
                await asyncio.sleep(_RETRY)

    async def _publish(self) -> None:
        assert self._generations is not None
        generation = await asyncio.to_thread(self._generations.publish)
        self.pool.use(generation)
        await self._renew(generation)

    async def _renew(self, generation: Path) -> None:
        """Let the answers be of a checkpoint from now on."""
        self.answers.renew(await asyncio.to_thread(snapshot.Snapshot, generation), self._library)
        await self._index(generation)

    async def _index(self, generation: Path) -> None:
        """Have the text index of a large store made, by a process that takes its time; readers of a small one make it."""
        if self._indexing is not None and self._indexing.returncode is None:
            self._indexing.kill()
        if len(self._engine) >= SMALL:
            command = f"from pathlib import Path; from {snapshot.__name__} import make_index; make_index(Path({str(generation)!r}))"
            self._indexing = await asyncio.create_subprocess_exec(sys.executable, "-c", command)

    async def _prune(self) -> None:
        """Remove what no worker has open, once the idle ones have moved on. A worker that is busy is waited for next time."""
        assert self._generations is not None
        for _ in range(50):
            if len(self.pool.used) == 1 or self._changed.is_set():
                break
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self._generations.prune, self.pool.used)


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set an event from the thread that wrote; nothing, once the service has gone."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
