"""What a validator is asked and what it answers: records that cross between two processes of ours.

They are pickled. Both ends run this code, and a validator runs none that a sender wrote: shapes hold no program that it would run.
"""

from __future__ import annotations

import pickle
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any, Final, Literal

from referentiel.validation.places import Contents
from referentiel.validation.report import Result

_LENGTH: Final = struct.Struct("!Q")
_CHUNK: Final = 2**20


@dataclass(frozen=True, slots=True)
class Ready:
    """A validator has started."""

    pid: int


@dataclass(frozen=True, slots=True)
class Begun:
    """A validator has read its request: from now on its end is the fault of the request."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Validate by our rules. `data` and `background` as N-Triples; `shapes` too, None for the bundled ones."""

    data: bytes
    background: bytes
    shapes: bytes | None
    focus: tuple[str, ...] | None
    screen: bool


@dataclass(frozen=True, slots=True)
class JudgeForeign:
    """Validate by a sender's rules. Both as N-Triples."""

    data: bytes
    shapes: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """What our rules found; the W3C report as N-Triples."""

    results: tuple[Result, ...]
    contents: Contents
    graph: bytes


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """What a sender's shapes found: the verdict of the W3C (SHACL, 3.6.1.1), and the W3C report as N-Triples."""

    conforms: bool
    graph: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """No report: the shapes can't be used, the data are no RDF 1.1, or the engine broke. A validator out of memory says nothing."""

    reason: Literal["shapes", "data", "fault"]
    detail: str


def send(connection: socket.socket, message: Any) -> None:
    """Send a record. Raises OSError."""
    payload = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    connection.sendall(_LENGTH.pack(len(payload)))
    connection.sendall(payload)


def receive(connection: socket.socket, deadline: float | None = None) -> Any:
    """The next record; None when the other end has gone. Raises TimeoutError at the deadline (time.monotonic)."""
    header = _read(connection, _LENGTH.size, deadline)
    if header is None:
        return None
    (length,) = _LENGTH.unpack(header)
    payload = _read(connection, length, deadline)
    return None if payload is None else pickle.loads(payload)  # noqa: S301 - see above


def _read(connection: socket.socket, length: int, deadline: float | None) -> bytearray | None:
    data = bytearray()
    while len(data) < length:
        if deadline is not None:
            connection.settimeout(max(1e-3, deadline - time.monotonic()))
        part = connection.recv(min(_CHUNK, length - len(data)))
        if not part:
            return None
        data += part
    return data
