"""What tests ask of a running service besides its answers."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx


def metric(address: str, name: str) -> float:
    """The sum of a metric over the labels that the name leaves open."""
    lines = httpx.get(f"{address}/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def until(condition: Callable[[], bool], seconds: float = 20, pause: float = 0.05) -> None:
    """Wait for something to become true, looking every so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(pause)
