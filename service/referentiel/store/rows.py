"""Counting the rows of an answer in the bytes that the engine writes, exactly, whatever the texts in them hold."""

from __future__ import annotations

import re
from typing import IO, Final, cast

from referentiel.store.engine import ResultFormat, TooManyRows

_SEPARATORS: Final[dict[ResultFormat, tuple[re.Pattern[bytes], int]]] = {
    # An unescaped quote stands only at the ends of a JSON text; a text that ends with `"}},{` is followed by `}` or `,`.
    ResultFormat.JSON: (re.compile(rb'"\}\},\{"(?![},])'), 6),
    ResultFormat.XML: (re.compile(rb"<result>"), 7),
    ResultFormat.TSV: (re.compile(rb"\n"), 0),
}
"""What stands between rows, and how many bytes of it and of what must not follow the end of a chunk may hide."""


class BoundedSink:
    """Hands on what is written, until it holds more rows than allowed: then it raises TooManyRows, once and for all."""

    def __init__(self, sink: IO[bytes], form: ResultFormat, limit: int) -> None:
        self._sink = sink
        separator = _SEPARATORS.get(form)
        self._separator = separator and separator[0]
        self._hidden = separator[1] if separator else 0
        # JSON separates one time less than it has rows, CSV and TSV have a header.
        self._left = limit + {ResultFormat.JSON: -1, ResultFormat.XML: 0}.get(form, 1)
        self._tail = b""
        self._quoted = False
        self.full = False

    def write(self, data: bytes) -> int:
        """Take the next bytes. Raises TooManyRows."""
        self._left -= self._rows(data) if self._separator else self._lines(data)
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

    def _rows(self, data: bytes) -> int:
        assert self._separator is not None
        joined = self._tail + data
        # What may still grow into a separator, or be refused by what follows it, is counted with the next bytes.
        certain = max(0, len(joined) - self._hidden)
        count = end = 0
        for match in self._separator.finditer(joined):
            if match.start() >= certain:
                break
            count, end = count + 1, match.end()
        self._tail = joined[max(certain, end) :]
        return count

    def _lines(self, data: bytes) -> int:
        """Line ends of CSV (RFC 4180): those between quotes belong to a text."""
        count = 0
        for position, part in enumerate(data.split(b'"')):
            if position:
                self._quoted = not self._quoted
            if not self._quoted:
                count += part.count(b"\n")
        return count
