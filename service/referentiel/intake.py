"""Reads what a stranger sends, RDF or a table, in a process of its own that is killed at a limit.

Its readers refuse what is known to make a gigabyte of a line; this is the wall behind them. One process makes the others: it has
what they need loaded, one thread, and forks in a few milliseconds. Each reads one document and ends.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal

from rdflib import URIRef

from referentiel.forking import ForkServer, serve
from referentiel.graph import to_graph
from referentiel.model import Certification
from referentiel.sources import UnreadableSource, read_certification
from referentiel.store import Name, Statements
from referentiel.store.reading import BadData, read, statements, verbatim
from referentiel.validation.messages import Ready, receive, send

_MIB: Final = 2**20
_START: Final = 60.0
"""Seconds in which a process must be there; the first one takes a few."""
_FORBIDDEN: Final = ("socket.", "subprocess.", "urllib.", "http.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


class ReadingLimit(Exception):
    """A document asks for more time or memory than one may have, or no process could be had to read it."""

    def __init__(self, reason: Literal["time", "memory", "busy"]) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Table:
    """A table to read. `name`: of its file; `base`: where resources live; the others as `sources.read_certification` takes them."""

    name: str
    data: bytes
    base: str
    certification_id: str | None = None
    title: str | None = None
    number: str | None = None

    def read(self) -> tuple[Certification, Statements]:
        """The certification that it describes, as a record and as statements. Raises UnreadableSource."""
        found = read_certification(
            self.name, self.data, certification_id=self.certification_id, title=self.title, number=self.number
        )
        return found, statements(to_graph(found, self.base))


@dataclass(frozen=True, slots=True)
class Rdf:
    """A document of RDF to read, as `store.reading.read` does."""

    data: bytes
    media_type: str
    base: str
    graph: URIRef | None = None
    contexts: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def read(self) -> dict[Name, Statements]:
        """Its statements by graph. Raises BadData."""
        return read(self.data, self.media_type, base=self.base, graph=self.graph, contexts=self.contexts)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A document of RDF to read, as `store.reading.verbatim` does."""

    data: bytes
    media_type: str
    base: str
    contexts: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def read(self) -> Statements:
        """Its statements. Raises BadData."""
        return verbatim(self.data, self.media_type, base=self.base, contexts=self.contexts)


class Intake:
    """Our end. One document may take so many seconds and MiB of memory."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = Lock()
        self._maker: ForkServer | None = None

    def prepare(self) -> None:
        """Start the process that makes the others, without waiting for it."""
        with self._lock:
            self._started()

    def table(self, table: Table) -> tuple[Certification, Statements]:
        """The certification that a table describes, as a record and as statements. Raises UnreadableSource, ReadingLimit."""
        found = self._read(table)
        assert isinstance(found, tuple)
        return found

    def rdf(self, document: Rdf) -> dict[Name, Statements]:
        """The statements of a document by graph. Raises BadData, ReadingLimit."""
        found = self._read(document)
        assert isinstance(found, dict)
        return found

    def verbatim(self, document: Verbatim) -> Statements:
        """The statements of a document as they are written. Raises BadData, ReadingLimit."""
        found = self._read(document)
        assert isinstance(found, frozenset)
        return found

    def close(self) -> None:
        """End all processes, and with them whatever they read."""
        with self._lock:
            self._end()

    def _read(self, document: Table | Rdf | Verbatim) -> Any:
        with self._reader() as reader:
            pid = self._ready(reader)
            try:
                answer = self._answer(reader, document)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if answer is None:
            raise ReadingLimit("memory")
        if isinstance(answer, Exception):
            raise answer
        return answer

    @staticmethod
    def _ready(reader: socket.socket) -> int:
        """The process at the other end, once it is there."""
        try:
            ready = receive(reader, time.monotonic() + _START)
        except OSError:
            ready = None
        if not isinstance(ready, Ready):
            raise ReadingLimit("busy")
        return ready.pid

    def _answer(self, reader: socket.socket, document: Table | Rdf | Verbatim) -> Any:
        deadline = time.monotonic() + self._seconds
        try:
            reader.settimeout(self._seconds)
            send(reader, document)
            return receive(reader, deadline)
        except TimeoutError:
            raise ReadingLimit("time") from None
        except OSError:  # it ended over the document
            return None

    def _reader(self) -> socket.socket:
        """Our end of the socket of a new process."""
        with self._lock:
            try:
                return self._started().make()
            except OSError:  # the process that makes them may have been ended by somebody
                self._end()
            try:
                return self._started().make()
            except OSError as error:
                self._end()
                raise ReadingLimit("busy") from error

    def _started(self) -> ForkServer:
        self._maker = self._maker or ForkServer(__name__, self._seconds, self._memory)
        return self._maker

    def _end(self) -> None:
        if self._maker is not None:
            self._maker.close()
        self._maker = None


def main(descriptor: int, seconds: float, memory: int) -> None:
    """The process that makes the others (see forking)."""
    _load()
    serve(descriptor, lambda _, connection: _work(connection, seconds, memory))


def _load() -> None:
    """Load now what each reader would load at its first use."""
    import docx
    import openpyxl

    del docx, openpyxl


def _work(connection: socket.socket, seconds: float, memory: int) -> None:
    """Read the one document that comes over a socket."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))  # should the service end before it does
    sys.addaudithook(_forbid)
    with contextlib.suppress(OSError):  # the other end has gone
        send(connection, Ready(os.getpid()))
        document = receive(connection)
        try:
            found: Any = document.read()
        except (BadData, UnreadableSource) as error:
            found = error
        except MemoryError:
            return
        send(connection, found)


def _forbid(event: str, _: tuple[Any, ...]) -> None:
    """Refuse what no reading needs, should a document find a way to ask for it."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event}: nothing is fetched or run while reading")
