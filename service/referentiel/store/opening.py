"""Opening the engine's store on disk, and telling one that is damaged."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from referentiel.store.disk import is_broken
from referentiel.store.engine import StoreDamaged

_PATIENCE: Final = 1.0
"""Seconds that questions under way have to let go of a store that is opened anew."""


def opened(live: Path | None) -> ox.Store:
    """The engine's own store. Raises OSError, StoreDamaged."""
    if live is not None and is_broken(live):
        raise StoreDamaged(f"{live} : CURRENT is missing")
    try:
        return ox.Store(live and str(live))
    except RuntimeError as error:
        raise StoreDamaged(f"{live} : {error}") from error


def opened_again(live: Path) -> ox.Store:
    """A store that this process has let go of; its lock goes with the last question under way. Raises OSError, StoreDamaged."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return opened(live)
        except OSError as error:
            if "lock" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
