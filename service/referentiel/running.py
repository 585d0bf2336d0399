"""The server that has a store open, reached from the same machine: over a socket in the folder of the store.

Whoever may open that socket may write the files of the store: no token is asked for.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SOCKET: Final = "serving.sock"
"""The name of the socket in the folder of a store."""
PATIENCE: Final = 600.0
"""Seconds that an answer may take."""

_LONGEST: Final = 100
"""Bytes of the longest path of a socket that every system takes."""


class NotRunning(OSError):
    """No server listens there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered. `headers`: by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON; nothing where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def ask(folder: Path, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """Ask the server that has the store of a folder open. Raises NotRunning, and OSError when it goes away meanwhile."""
    connection = _Connection(folder)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    finally:
        connection.close()


def listen(folder: Path) -> socket.socket:
    """Listen for the owner of a store, whose folder this process has open: a socket that is there was left by another.

    Raises OSError.
    """
    (folder / SOCKET).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    former = os.umask(0o177)  # nobody else may connect, not even for the moment before a chmod
    try:
        with _short(folder) as path:
            listener.bind(path)
        listener.listen()  # who comes before the server takes requests waits, and does not take it for gone
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(former)
    return listener


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A path of the socket that the system takes: of a folder that lies deep, by way of its descriptor."""
    path = str(folder / SOCKET)
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


class _Connection(http.client.HTTPConnection):
    """HTTP over the socket of a store."""

    def __init__(self, folder: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._folder = folder

    def connect(self) -> None:
        """Connect. Raises NotRunning."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            with _short(self._folder) as path:
                self.sock.connect(path)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
            raise NotRunning(str(self._folder)) from error
