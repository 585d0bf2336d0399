"""Whether the client is still there while its answer is worked out."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Receive

from referentiel.web.questions import ClientGone

PATIENCE: Final = 0.1
"""Seconds after which it is watched whether the client is still there."""


class Attended:
    """Stops what is done inside, and raises ClientGone, when the client closes the connection; watched where it takes a while."""

    __slots__ = ("_gone", "_receive", "_task", "_timer", "_watcher")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone = False
        self._watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._begin)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if kind is asyncio.CancelledError and self._gone:
            assert self._task is not None
            self._task.uncancel()
            raise ClientGone

    def _begin(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        assert self._task is not None
        self._task.cancel()
