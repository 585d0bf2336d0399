"""Immutable checkpoints of a store, each a generation: readers open them, and never the store that is written to.

A write makes a new one. Hard links make that as quick for five million triples as for five (25 ms against 4).
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from referentiel.store.embedded import CHECKPOINTS, GENERATIONS, LIVE
from referentiel.store.engine import Engine, StorageFull, StoreUnavailable


class Generations:
    """Checkpoints of one store, below its folder; in a folder of their own for a store in memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        above = engine.folder and engine.folder / GENERATIONS
        if above:
            above.mkdir(exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=CHECKPOINTS, dir=above))

    def publish(self) -> Path:
        """A new checkpoint of the store as it is now. Its name is never given again, by no later process either."""
        folder = self._folder / f"{time.time_ns():x}"
        self._engine.checkpoint(folder)
        return folder

    def prune(self, used: set[Path]) -> None:
        """Remove the checkpoints that nobody reads any more; one that is newer than those in use is about to be read."""
        names = {folder.name for folder in used}
        for path in self._folder.iterdir():
            name = path.name.partition(".")[0]
            if name not in names and name < max(names, default=""):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove them all."""
        shutil.rmtree(self._folder, ignore_errors=True)


def checkpoint_for_backup(engine: Engine) -> Path:
    """A folder in the one of checkpoints that holds a checkpoint where a store has its live part; who asked removes it.

    Raises StoreUnavailable.
    """
    if engine.folder is None:
        raise StoreUnavailable("a store in memory has no backup")
    above = engine.folder / GENERATIONS
    try:
        above.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=CHECKPOINTS, dir=above))
    except OSError as error:
        raise StorageFull(str(error)) from error
    engine.checkpoint(folder / LIVE)
    return folder
