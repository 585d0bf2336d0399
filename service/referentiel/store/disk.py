"""The disk below the embedded engine: what stands there for good, and whether more can."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

RESERVE: Final = 16 * 2**20
"""Bytes that no write takes: with them the engine can still tidy its files, and be opened again."""


def confirm(live: Path) -> None:
    """Have what the engine was given on the disk, whatever happens to the machine. Raises OSError.

    The engine hands each write to the system at once, in a journal: a killed process loses nothing, a power cut could. Confirming
    the journal takes half a millisecond here; having the engine write its tables instead takes thirty.
    """
    for journal in live.glob("*.log"):
        with suppress(FileNotFoundError):  # the engine has just put it into tables, which it confirms by itself
            _confirm(journal)
    _confirm(live)


def require_room(live: Path) -> None:
    """Raises OSError unless the reserve is free, and as much again as the journals hold: opening a store writes them anew."""
    needed = RESERVE + sum(_size(journal) for journal in live.glob("*.log"))
    free = shutil.disk_usage(live).free
    if free < needed:
        raise OSError(errno.ENOSPC, f"{free // 2**20} MiB are free, {needed // 2**20 + 1} are needed", str(live))


def try_writing(live: Path) -> None:
    """Write as much as opening the store could, and remove it: there are limits that only writing shows. Raises OSError."""
    trial = live.with_name(f"{live.name}.trial")
    try:
        with trial.open("wb") as file:
            file.write(bytes(2**20 + sum(_size(journal) for journal in live.glob("*.log"))))
            file.flush()
            os.fsync(file.fileno())
    finally:
        trial.unlink(missing_ok=True)


def is_broken(live: Path) -> bool:
    """Whether tables stand there without the file that names them: the engine would take that for a new store, and remove them."""
    return not (live / "CURRENT").is_file() and any(next(live.glob(kind), None) for kind in ("*.sst", "MANIFEST-*"))


def _confirm(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size(journal: Path) -> int:
    with suppress(FileNotFoundError):
        return journal.stat().st_size
    return 0
