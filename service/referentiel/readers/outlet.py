"""Where a worker writes an answer: into frames, compressed where that pays, the first of them as soon as there is something."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable
from typing import IO, Final, Protocol, cast

import zstandard

from referentiel.readers.jobs import DATA, END, HEAD, Coding, Head, frame, write_head
from referentiel.store import QueryForm, ResultFormat

FIRST: Final = 16 * 1024
"""Bytes of an answer that are held back, in case it is over by then: it is sent at once, and uncompressed if short."""
CHUNK: Final = 64 * 1024
SHORT: Final = 1024
"""Bytes below which compressing an answer costs more than it saves."""


class Compressor(Protocol):
    """What zlib and zstandard both give."""

    def compress(self, data: bytes, /) -> bytes:
        """What can be written so far."""

    def flush(self) -> bytes:
        """The rest."""


def compressor(coding: Coding) -> Compressor | None:
    """What writes a content coding; None for identity. Fast settings: the network gains most from the first level."""
    if coding == "gzip":
        return zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=1).compressobj()
    return None


class Outlet:
    """A file for the engine to write to."""

    def __init__(self, connection: socket.socket, coding: Coding) -> None:
        self._connection = connection
        self._coding = coding
        self._held = bytearray()
        self._compress: Callable[[bytes], bytes] | None = None
        self._compressor: Compressor | None = None
        self._head: tuple[QueryForm, ResultFormat] | None = None
        self.begun = False

    def announce(self, form: QueryForm, written: ResultFormat) -> None:
        """Say how the answer will be written."""
        self._head = (form, written)

    def write(self, data: bytes) -> int:
        """Take the next bytes of the answer."""
        self._held += data
        if len(self._held) >= (CHUNK if self.begun else FIRST):
            self._send()
        return len(data)

    def flush(self) -> None:
        """The engine flushes at its end; `close` does it for us."""

    def close(self, note: bytes = b"") -> None:
        """Send what is left, and that this was all."""
        self._send(end=True, note=note)

    def file(self) -> IO[bytes]:
        """This outlet as the type that the engine's stubs ask for."""
        return cast("IO[bytes]", self)

    def _send(self, *, end: bool = False, note: bytes = b"") -> None:
        message = b""
        if not self.begun:
            message = frame(HEAD, self._begin(short=end and len(self._held) < SHORT))
        data = bytes(self._held)
        self._held.clear()
        if self._compressor is not None:
            data = self._compressor.compress(data) + (self._compressor.flush() if end else b"")
        message += frame(DATA, data) if data else b""
        self._connection.sendall(message + (frame(END, note) if end else b""))

    def _begin(self, *, short: bool) -> bytes:
        assert self._head is not None
        self.begun = True
        coding: Coding = "identity" if short else self._coding
        self._compressor = compressor(coding)
        return write_head(Head(*self._head, coding))
