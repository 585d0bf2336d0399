"""What updates would change, worked out in a process that can be killed: the engine can't be told to stop.

One process is enough, since writes take turns. It is made when it is first needed, kept for the next update, and made anew after
one that it did not survive. It ends when the service does, even over an update that would never end.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rdflib import URIRef

from referentiel.settings import Settings
from referentiel.store import Changes, Engine, GraphChange, ServiceRefused, StoreError, StoreUnavailable, deepen_stacks
from referentiel.store.embedded import CHECKPOINTS, GENERATIONS
from referentiel.store.update import BadUpdate, BlankNodes, TooManyChanges, Update, UpdateFailed, work_out

_MIB: Final = 2**20
_START: Final = 60.0
"""Seconds in which the process must be ready, on a machine that is busy too."""
_ENGINE: Final = 1024
"""MiB of address space that the engine may take to open a store: its threads reserve more than they use."""
_LENGTH: Final = 8
"""Bytes of the length that stands before each message, big-endian."""
_ERRORS: Final[dict[str, type[StoreError]]] = {
    kind.__name__: kind for kind in (BadUpdate, BlankNodes, ServiceRefused, StoreUnavailable, TooManyChanges, UpdateFailed)
}


class UpdateTimeout(StoreError):
    """Working the update out took longer than allowed."""


class UpdateTooHeavy(StoreError):
    """Working the update out took more memory than allowed, or broke the engine."""


class Updater:
    """Works updates out, one at a time. Safe to call from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.base
        self._limits = settings.writing
        self._turn = threading.Lock()
        self._process: _Process | None = None

    def prepare(self) -> None:
        """Start the process, so that it is ready when it is needed."""
        with self._turn:
            self._process = self._process or _Process()

    def work_out(self, engine: Engine, update: Update, kept: Iterable[str] = ()) -> Changes:
        """The changes that an update would make. It blocks until they are known.

        `kept`: graphs that ALL and NAMED pass over.
        Raises what referentiel.store.update.work_out does, UpdateTimeout and UpdateTooHeavy.
        """
        above = engine.folder and engine.folder / GENERATIONS
        if above:
            above.mkdir(exist_ok=True)
        with self._turn, tempfile.TemporaryDirectory(prefix=CHECKPOINTS, dir=above) as folder:
            copy = Path(folder) / "copy"
            engine.checkpoint(copy)
            return self._asked([str(copy), asdict(update), self._base, self._limits.changes, [*kept], self._limits.memory])

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _asked(self, request: list[Any]) -> Changes:
        process = self._process = self._process or _Process()
        try:
            answer = process.ask(json.dumps(request).encode(), self._limits.seconds)
        except TimeoutError as error:
            self._end()
            seconds = f"{self._limits.seconds:g}"
            raise UpdateTimeout(f"more than {seconds} seconds", f"plus de {seconds} secondes") from error
        except (OSError, EOFError) as error:
            self._end()
            raise UpdateTooHeavy(
                f"more than {self._limits.memory} MiB of memory, or nested too deeply",
                f"plus de {self._limits.memory} Mio de mémoire, ou des imbrications trop profondes",
            ) from error
        return _read(answer)

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


class _Process:
    """Our end of the process. Its standard input is a lifeline: it ends when nobody holds the other end any more."""

    def __init__(self) -> None:
        self._connection, theirs = socket.socketpair()
        self._ready = False
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", f"from {__name__} import main; main({theirs.fileno()})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def ask(self, message: bytes, seconds: float) -> bytes:
        """What it answers, once it is ready. Raises TimeoutError, and OSError or EOFError when it has ended."""
        if not self._ready:
            self._ready = bool(self._receive(1, time.monotonic() + _START))
        deadline = time.monotonic() + seconds
        self._connection.settimeout(seconds)
        self._connection.sendall(len(message).to_bytes(_LENGTH) + message)
        return self._receive(int.from_bytes(self._receive(_LENGTH, deadline)), deadline)

    def _receive(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            some = self._connection.recv(min(size - len(received), _MIB))
            if not some:
                raise EOFError
            received += some
        return bytes(received)

    def close(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._connection.close()
        self._process.wait()


def _read(answer: bytes) -> Changes:
    """The changes of an answer. Raises the error that it tells instead."""
    said = json.loads(answer)
    if "error" in said:
        raise _ERRORS[said["error"]](said["message"], said["french"])
    return Changes.of(
        GraphChange(name and URIRef(name), frozenset(added), frozenset(removed)) for name, added, removed in said["graphs"]
    )


def main(descriptor: int) -> None:
    """The process: works out what it is asked until its standard input is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    deepen_stacks()
    threading.Thread(target=_serve, args=[socket.socket(fileno=descriptor)], daemon=True).start()
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


def _serve(connection: socket.socket) -> None:
    """Answer what is asked over the socket; whatever goes wrong otherwise than it may ends the process."""
    try:
        connection.sendall(b"R")
        with connection.makefile("rb") as requests:
            while length := requests.read(_LENGTH):
                copy, update, base, changes, kept, memory = json.loads(requests.read(int.from_bytes(length)))
                _allow(memory + _ENGINE)
                answer = json.dumps(_answer(Path(copy), update, base, changes, kept, memory)).encode()
                connection.sendall(len(answer).to_bytes(_LENGTH) + answer)
    finally:
        os._exit(1)


def _allow(memory: int) -> None:
    """Allow this process so many MiB of address space beyond what it has taken."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory * _MIB, most))


def _answer(copy: Path, update: dict[str, Any], base: str, most: int, kept: list[str], memory: int) -> dict[str, Any]:
    try:
        changes = work_out(copy, Update(**update), base, most, kept, lambda: _allow(memory))
    except StoreError as error:
        kind = next(name for name, known in _ERRORS.items() if isinstance(error, known))
        return {"error": kind, "message": str(error), "french": error.french}
    return {"graphs": [(change.name, list(change.added), list(change.removed)) for change in changes.graphs]}
