"""Processes that validate and can be killed: what a stranger sends is never validated in the service itself."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import time
from collections.abc import Iterable
from threading import Lock
from typing import Final, Literal

from rdflib import Graph

from referentiel.forking import ForkServer
from referentiel.validation.messages import Begun, ForeignReport, Judge, Judged, JudgeForeign, Ready, Refused, receive, send
from referentiel.validation.report import Report
from referentiel.validation.rules import InvalidShapes
from referentiel.vocabulary import bind_prefixes

_START: Final = 60.0
"""Seconds in which a validator must be there; the first one takes a few."""


class ValidationLimit(Exception):
    """There is no report, for lack of time or memory, because all validators were busy, or because the engine broke."""

    def __init__(self, reason: Literal["time", "memory", "busy", "fault"], detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class InvalidData(Exception):
    """What was to be validated is no RDF 1.1. The message says why."""


class Validators:
    """At most `count` processes, started when they are needed. One validation may take so many seconds and MiB of memory."""

    def __init__(self, count: int, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._free: queue.LifoQueue[_Validator | None] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(None)
        self._lock = Lock()
        self._maker: ForkServer | None = None
        self._closed = False

    def prepare(self) -> None:
        """Start the process that makes validators, without waiting for it."""
        with self._lock:
            if self._maker is None and not self._closed:
                self._maker = ForkServer(f"{__package__}.worker", self._memory)

    def validate(
        self,
        data: Iterable[str] | bytes,
        *,
        background: Iterable[str] = (),
        shapes: bytes | None = None,
        focus: Iterable[str] | None = None,
        screen: bool = True,
    ) -> Report:
        """Judge N-Triples, as the store writes them, by our rules.

        `background`: more N-Triples that links lead to; the ontology and the concept schemes are always there. `shapes`: our rules
        in force, as N-Triples; the bundled ones without. `focus`: the subjects that are judged, IRIs or `_:label`; those of the
        data without. `screen`: see `engine.judge`.
        Raises ValidationLimit, InvalidShapes, InvalidData.
        """
        found = self.judge(data, background=background, shapes=shapes, focus=focus, screen=screen)
        graph = bind_prefixes(Graph(bind_namespaces="none")).parse(data=found.graph, format="nt")
        return Report(found.results, found.contents, graph)

    def judge(
        self,
        data: Iterable[str] | bytes,
        *,
        background: Iterable[str] = (),
        shapes: bytes | None = None,
        focus: Iterable[str] | None = None,
        screen: bool = True,
    ) -> Judged:
        """As `validate`, its report unread."""
        request = Judge(_joined(data), _joined(background), shapes, None if focus is None else tuple(focus), screen)
        found = self._ask(request)
        assert isinstance(found, Judged)
        return found

    def run_foreign(self, data: bytes, shapes: bytes) -> ForeignReport:
        """Judge N-Triples by a sender's rules. Raises ValidationLimit, and InvalidShapes for a failure (SHACL, 3.4.1)."""
        found = self._ask(JudgeForeign(data, shapes))
        assert isinstance(found, ForeignReport)
        return found

    def close(self) -> None:
        """End all processes, and with them whatever they work at."""
        with self._lock:
            self._closed = True
            maker, self._maker = self._maker, None
        if maker is not None:
            maker.close()
        idle = [self._free.get() for _ in range(self._free.qsize())]
        for validator in idle:
            if validator is not None:
                validator.connection.close()
            self._free.put(None)

    def _ask(self, request: Judge | JudgeForeign) -> Judged | ForeignReport:
        try:
            validator = self._free.get(timeout=self._seconds)
        except queue.Empty:
            raise ValidationLimit("busy", f"no validator was free for {self._seconds:g} s") from None
        kept: _Validator | None = None
        try:
            if validator is not None and not validator.begin(request):  # somebody ended it while it was idle
                validator.kill()
                validator = None
            if validator is None:
                validator = self._start()
                if not validator.begin(request):
                    raise ValidationLimit("memory", "the validator ended over reading the request")
            answer = validator.finish(self._seconds)
            kept = validator
        finally:
            if kept is None and validator is not None:
                validator.kill()
            self._free.put(kept)
        if isinstance(answer, Refused):
            raise _refusal(answer)
        return answer

    def _start(self) -> _Validator:
        """A new validator. Raises ValidationLimit when none can be had."""
        for _ in range(2):  # the process that makes them may have been ended by somebody
            self.prepare()
            maker = self._maker
            if maker is None:
                break
            try:
                return self._greet(maker.make())
            except OSError:
                self._forget(maker)
        raise ValidationLimit("busy", "no validator can be started")

    def _forget(self, maker: ForkServer) -> None:
        with self._lock:
            if self._maker is maker:
                self._maker = None
                maker.close()

    @staticmethod
    def _greet(connection: socket.socket) -> _Validator:
        try:
            ready = receive(connection, time.monotonic() + _START)
            if not isinstance(ready, Ready):
                raise ConnectionResetError
        except OSError:
            connection.close()
            raise
        return _Validator(connection, ready.pid)


class _Validator:
    """Our end of a process."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection = connection
        self._pid = pid

    def begin(self, request: Judge | JudgeForeign) -> bool:
        """Whether it takes the request: one that was ended before does not."""
        try:
            self.connection.settimeout(_START)
            send(self.connection, request)
            return isinstance(receive(self.connection, time.monotonic() + _START), Begun)
        except OSError:
            return False

    def finish(self, seconds: float) -> Judged | ForeignReport | Refused:
        """Its answer. Raises ValidationLimit when it takes too long, or ends over the request."""
        try:
            answer = receive(self.connection, time.monotonic() + seconds)
        except TimeoutError:
            raise ValidationLimit("time", f"more than {seconds:g} s") from None
        except OSError:
            answer = None
        if answer is None:
            raise ValidationLimit("memory", "the validator ended over the request")
        assert isinstance(answer, Judged | ForeignReport | Refused)
        return answer

    def kill(self) -> None:
        """End the process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.connection.close()


def _joined(data: Iterable[str] | bytes) -> bytes:
    return data if isinstance(data, bytes) else "".join(f"{line}\n" for line in data).encode()


def _refusal(answer: Refused) -> Exception:
    match answer.reason:
        case "shapes":
            return InvalidShapes(answer.detail)
        case "data":
            return InvalidData(answer.detail)
    return ValidationLimit("fault", answer.detail)
