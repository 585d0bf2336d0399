"""The process that makes validators: it has what they need loaded, one thread, and forks in a few milliseconds.

It reads a byte for each validator to make, with the validator's end of a socket beside it. When the service has gone it ends, and
all validators with it: they are one process group.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from typing import Final

_ONE: Final = b"1"


class Nursery:
    """Our end. `memory`: MiB that one validation may take."""

    def __init__(self, memory: int) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", f"from {__name__} import main; main({theirs.fileno()}, {memory})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def make(self) -> socket.socket:
        """A new validator: our end of its socket. It says that it is ready by itself. Raises OSError when the process has gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [_ONE], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End it, and all its validators."""
        self._control.close()
        self._process.wait()


def main(descriptor: int, memory: int) -> None:
    """The process: forks until its control socket is closed."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how validators end: the system need not remember it
    from referentiel.validation.worker import Bench, work  # loaded before the first fork, so that no validator waits for it

    bench = Bench()
    gc.freeze()  # what is loaded stays shared between the validators
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            control.close()
            work(socket.socket(fileno=descriptors[0]), bench, memory)
            os._exit(0)
        os.close(descriptors[0])
