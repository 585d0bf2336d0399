"""The process that makes workers: it has what they need loaded, one thread, and forks in a few milliseconds.

It reads one byte for each worker to make, with the worker's end of a socket beside it. When the service has gone it ends, and all
workers with it: they are one process group.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from typing import Final

from referentiel.settings import Limits

EXPRESS: Final = b"E"
GENERAL: Final = b"G"
NICENESS: Final = {EXPRESS: 0, GENERAL: 15}
"""Workers for questions whose cost is not known give way to those for quick ones, and to the service itself."""


class ForkServer:
    """Our end."""

    def __init__(self, limits: Limits) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            options = json.dumps([theirs.fileno(), asdict(limits)])
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", f"from {__name__} import main; main({options!r})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def make(self, kind: bytes) -> socket.socket:
        """A new worker: our end of its socket. It says that it is ready by itself. Raises OSError when the server has gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [kind], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """End it, and all its workers."""
        self._control.close()
        self._process.wait()


def main(options: str) -> None:
    """The process: forks until its control socket is closed."""
    descriptor, written = json.loads(options)
    from referentiel.readers import worker  # loaded before the first fork, so that no worker waits for it

    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how workers end: the system need not remember it
    gc.freeze()  # what is loaded stays shared between the workers
    limits = Limits(**{**written, "services": tuple(written["services"])})
    while True:
        kind, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not kind:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            control.close()
            os.nice(NICENESS[kind])
            worker.work(socket.socket(fileno=descriptors[0]), limits)
            os._exit(0)
        os.close(descriptors[0])
