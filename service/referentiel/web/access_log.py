"""The access log: one JSON object a line, for machines to read."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypedDict
from urllib.parse import urlsplit

from starlette.types import Scope

DELAY: Final = 0.25
"""Seconds that a line may wait to be written together with others."""

_LONGEST: Final = 300
_log = logging.getLogger(__name__)


class Entry(TypedDict):
    """What a line says of an answer; `status` is 0 when nothing was answered, `complete` is false when the answer was cut.

    `query`: text of the question; only its digest and its length are written, since it may hold what is nobody's business:
    the name of a person, research that is not published. The digest still shows repetitions, and finds what a user reports.
    """

    id: str
    status: int
    bytes: int
    complete: bool
    seconds: float
    outcome: str | None
    lane: str | None
    query: str | None


class AccessLog:
    """Appends to a file, which may be renamed at any time (log rotation), or to standard error where the path is `-`."""

    def __init__(self, path: str) -> None:
        """Raises OSError when the file can't be opened."""
        self._file = None if path == "-" else _File(Path(path))
        self._lines: list[str] = []
        self._waiting: asyncio.TimerHandle | None = None

    def write(self, scope: Scope, entry: Entry) -> None:
        """Add a line. Call it on the event loop."""
        self._lines.append(line(scope, entry, datetime.now(UTC)))
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(DELAY, self.flush)

    def flush(self) -> None:
        """Write what waits. A log that can't be written is told, and does not stop the service."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        text = "".join(self._lines)
        self._lines.clear()
        try:
            if self._file is not None:
                self._file.append(text)
            else:
                sys.stderr.write(text)
                sys.stderr.flush()
        except OSError:
            _log.exception("the access log can't be written")

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self.flush()
        if self._file is not None:
            self._file.close()


class _File:
    """A file that is opened anew when another has taken its path, or none. No logging handler: logging's setup would close it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        self._stream = self._path.open("ab", buffering=0)

    def append(self, text: str) -> None:
        if self._stream.closed or not self._is_in_place():
            self._stream.close()
            self._open()
        self._stream.write(text.encode())

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._stream.fileno()))
        except FileNotFoundError:
            return False

    def close(self) -> None:
        self._stream.close()


def line(scope: Scope, entry: Entry, time: datetime) -> str:
    """The line of an answer that ended at a time. ASCII only, everything else escaped: no header can forge a second line."""
    fields: dict[str, Any] = {
        "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "id": entry["id"],
        "client": (scope.get("client") or (None,))[0],
        "method": _cut(scope["method"]),
        "path": _cut(scope["path"]),
        "status": entry["status"],
        "bytes": entry["bytes"],
        "complete": entry["complete"],
        "ms": round(entry["seconds"] * 1000, 3),
    }
    if entry["outcome"] is not None:
        fields |= {"outcome": entry["outcome"], "lane": entry["lane"]}
    if entry["query"] is not None:
        digest = sha256(entry["query"].encode("utf-8", "surrogatepass")).hexdigest()
        fields |= {"query_sha256": digest[:16], "query_length": len(entry["query"])}
    headers = dict(scope["headers"])
    if b"user-agent" in headers:
        fields["agent"] = _cut(headers[b"user-agent"].decode("latin-1"))
    if b"referer" in headers:
        fields["referer"] = _page(headers[b"referer"].decode("latin-1"))
    return json.dumps(fields) + "\n"


def _page(referer: str) -> str:
    """The address of a page without its parameters, which may hold a question."""
    try:
        parts = urlsplit(referer)
        return _cut(f"{parts.scheme}://{parts.hostname or ''}{parts.path}")
    except ValueError:
        return ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
