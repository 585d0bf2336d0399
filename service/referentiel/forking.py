"""Processes that can be killed at a limit, made in milliseconds: one process has what they need loaded, one thread, and forks.

It reads a byte for each process to make, with that one's end of a socket beside it. When the service has gone it ends, and all
that it made with it: they are one process group.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Final, NoReturn

PLAIN: Final = b"1"
"""The byte for a process, where all are of one kind."""


class ForkServer:
    """Our end. `module`: its `main(descriptor, *arguments)` is run there, which loads what is needed and calls `serve`."""

    def __init__(self, module: str, *arguments: object) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            given = ", ".join(map(repr, (theirs.fileno(), *arguments)))
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", f"from {module} import main; main({given})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process that forks, which leads the group of all."""
        return self._process.pid

    def make(self, kind: bytes = PLAIN) -> socket.socket:
        """A new process: our end of its socket. It says that it is ready by itself. Raises OSError when none can be had."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [kind], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End it, and all that it made."""
        self._control.close()
        self._process.wait()


def serve(descriptor: int, work: Callable[[bytes, socket.socket], object]) -> NoReturn:
    """The process that forks: until its control socket is closed. `work`: what each one does, given its kind and its socket."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they end: the system need not remember it
    gc.freeze()  # what is loaded stays shared between them
    while True:
        kind, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not kind:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            control.close()
            work(kind, socket.socket(fileno=descriptors[0]))
            os._exit(0)
        os.close(descriptors[0])
