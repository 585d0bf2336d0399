"""The index of the vocabularies, built in the background: a page says that it is being built, and no request waits for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from threading import Lock, Thread
from typing import Final

from referentiel.review.desk import Finder

_log = logging.getLogger(__name__)

_AGAIN: Final = 30.0
"""Seconds before what could not be built is tried again."""


class NotReady(Exception):
    """There is no index yet. `failed`: building it went wrong, which the log tells; it is tried again before long."""

    def __init__(self, *, failed: bool) -> None:
        super().__init__("the index of the vocabularies is not ready")
        self.failed = failed


class Index:
    """A finder that is built once for each state of the vocabularies; while a new one is being built, the former serves.

    `build` makes one, in a thread. `state` tells one state of the vocabularies from another, quickly.
    """

    def __init__(
        self, build: Callable[[], Finder], state: Callable[[], Hashable], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._build = build
        self._state = state
        self._clock = clock
        self._lock = Lock()
        self._finder: Finder | None = None
        self._of: Hashable = None
        self._building = False
        self._failed: float | None = None

    def __call__(self) -> Finder:
        """The finder. Raises NotReady, and has it built."""
        state = self._state()
        with self._lock:
            finder = self._finder
            if (finder is None or state != self._of) and self._may_begin():
                self._building = True
                Thread(target=self._work, args=(state,), name="index of the vocabularies", daemon=True).start()
            if finder is None:
                raise NotReady(failed=self._failed is not None)
            return finder

    def _may_begin(self) -> bool:
        return not self._building and (self._failed is None or self._clock() - self._failed > _AGAIN)

    def _work(self, state: Hashable) -> None:
        finder = None
        try:
            finder = self._build()
        except Exception:
            _log.exception("the index of the vocabularies can't be built")
        with self._lock:
            self._building = False
            self._failed = self._clock() if finder is None else None
            if finder is not None:
                self._finder, self._of = finder, state
