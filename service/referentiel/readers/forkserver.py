"""The process that makes workers."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict
from typing import Any, Final

from referentiel import forking
from referentiel.settings import Limits

EXPRESS: Final = b"E"
GENERAL: Final = b"G"
NICENESS: Final = {EXPRESS: 0, GENERAL: 15}
"""Workers for questions whose cost is not known give way to those for quick ones, and to the service itself."""


def start(limits: Limits) -> forking.ForkServer:
    """Start it: `make` gives a worker of one of the two kinds."""
    return forking.ForkServer(__name__, asdict(limits))


def main(descriptor: int, limits: dict[str, Any]) -> None:
    """The process."""
    from referentiel.readers import worker  # loaded before the first fork, so that no worker waits for it

    held = Limits(**limits)

    def work(kind: bytes, connection: socket.socket) -> None:
        os.nice(NICENESS[kind])
        worker.work(connection, held)

    forking.serve(descriptor, work)
