"""Counting the rows of an answer in the bytes that the engine writes, exactly, whatever the texts in them hold."""

from __future__ import annotations

import re
from typing import IO, Final, cast

from referentiel.store.engine import ResultFormat, TooManyRows

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_INSIDE: Final = re.compile(rb"(?:[^\"\\]++|\\.)*+", re.DOTALL)
_XML_ROW: Final = b"<result>"


class BoundedSink:
    """Hands on what is written, until it holds more rows than allowed: then it raises TooManyRows, once and for all."""

    def __init__(self, sink: IO[bytes], form: ResultFormat, limit: int) -> None:
        self._sink = sink
        counts = {ResultFormat.JSON: self._json, ResultFormat.XML: self._xml, ResultFormat.CSV: self._csv}
        self._count = counts.get(form, _tsv)
        # JSON separates one time less than it has rows, CSV and TSV have a header.
        self._left = limit + {ResultFormat.JSON: -1, ResultFormat.XML: 0}.get(form, 1)
        self._tail = self._edge = b""
        self._quoted = False
        self.full = False

    def write(self, data: bytes) -> int:
        """Take the next bytes. Raises TooManyRows."""
        self._left -= self._count(data)
        if self._left < 0 or self.full:
            self.full = True
            raise TooManyRows
        return self._sink.write(data)

    def flush(self) -> None:
        """Hand on the end."""
        self._sink.flush()

    def file(self) -> IO[bytes]:
        """This sink as the type that the engine's stubs ask for."""
        return cast("IO[bytes]", self)

    def _json(self, data: bytes) -> int:
        """Without its texts, `},{` stands between two rows and nowhere else: within a row, a name stands after each comma."""
        data = self._tail + data
        self._tail = b""
        position = 0
        if self._quoted:
            position = self._leave(data, 0)
            if self._quoted:
                return 0
        bare = _STRING.sub(b"", data[position:])
        opened = bare.find(b'"')
        if opened >= 0:
            self._quoted = True
            self._leave(bare, opened + 1)
            bare = bare[:opened]
        joined = self._edge + bare
        self._edge = joined[-2:]
        return joined.count(b"},{")

    def _leave(self, data: bytes, position: int) -> int:
        """Where the text that stands at a position has ended; what may go on with the next bytes is kept for them."""
        inside = _INSIDE.match(data, position)
        end = inside.end() if inside else position
        if data[end : end + 1] == b'"':
            self._quoted = False
            return end + 1
        self._tail = data[end:]  # half of an escape
        return end

    def _xml(self, data: bytes) -> int:
        joined = self._edge + data
        self._edge = joined[-len(_XML_ROW) + 1 :]
        return joined.count(_XML_ROW)

    def _csv(self, data: bytes) -> int:
        """Line ends (RFC 4180): those between quotes belong to a text."""
        count = 0
        for position, part in enumerate(data.split(b'"')):
            if position:
                self._quoted = not self._quoted
            if not self._quoted:
                count += part.count(b"\n")
        return count


def _tsv(data: bytes) -> int:
    return data.count(b"\n")
