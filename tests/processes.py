"""What the system says of processes that should have ended."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

_PATIENCE: Final = 30.0
"""Seconds: a process that was still starting sees only then that nobody waits for it."""


def children(parent: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()]


def all_end(group: int) -> bool:
    """Whether all processes of a group end soon. One that ended and that nobody asked how is still listed, as a zombie."""
    deadline = time.monotonic() + _PATIENCE
    while _living(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _living(group: int) -> bool:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = status.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False
