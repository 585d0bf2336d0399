"""Our end of a worker process: its socket, its clock, and how it is ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from referentiel.readers.jobs import JOB, READY, Job, frame, frames, write_job

if TYPE_CHECKING:
    from referentiel.readers.pool import Pool
    from referentiel.readers.tickets import Ticket


class Worker(asyncio.Protocol):
    """Our end of a worker process."""

    def __init__(self, pool: Pool, kind: bytes) -> None:
        self._pool = pool
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.kind = kind
        self.pid: int | None = None
        self.ticket: Ticket | None = None
        self.generation: Path | None = None
        self.began = 0.0
        self._used = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by class

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        for kind, payload in frames(self._buffer):
            if kind == READY:
                self.pid = int(payload)
                self._pool.ready(self)
            else:
                self._pool.told(self, kind, payload)
        self._pool.so_far(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._pool.lost(self)

    def send(self, job: Job, generation: Path) -> None:
        """Give it a job."""
        assert self._transport is not None
        self.generation = generation
        self.began = time.monotonic()
        self._used = self._processor_time()
        self._transport.write(frame(JOB, write_job(job, generation)))

    def spent(self) -> float | None:
        """Seconds of processor time that its job took so far; None where the system does not tell."""
        return self._processor_time() - self._used if sys.platform == "linux" else None

    def pause(self, *, paused: bool) -> None:
        """Stop reading from it, or go on: it waits by itself when its socket is full."""
        assert self._transport is not None
        if self._transport.is_reading() == paused:
            (self._transport.pause_reading if paused else self._transport.resume_reading)()

    def kill(self) -> None:
        """End the process."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()

    def _processor_time(self) -> float:
        """The clock of another process: Linux makes its number of the process's (clock_getcpuclockid(3))."""
        if sys.platform != "linux" or self.pid is None:
            return 0.0
        with contextlib.suppress(OSError):
            return time.clock_gettime((~self.pid << 3) | 2)
        return 0.0
