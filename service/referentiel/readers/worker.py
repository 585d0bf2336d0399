"""A worker process: answers one question after the other, and is killed over one that asks too much."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
from pathlib import Path
from typing import Final

from referentiel.readers.jobs import END, FAILED, HEADER, READY, Job, Refusal, frame, read_job, write_refusal
from referentiel.readers.outlet import Outlet
from referentiel.settings import Limits
from referentiel.store import (
    BadQuery,
    QueryForm,
    ResultFormat,
    ServiceFailed,
    ServiceRefused,
    StoreUnavailable,
    TooManyRows,
    deepen_stacks,
)
from referentiel.store.federation import Federation
from referentiel.store.snapshot import Snapshot

_MIB: Final = 2**20
CALL: Final = 10.0
"""Seconds that one call of another service may take, where a question may take twice that."""


def work(connection: socket.socket, limits: Limits) -> None:
    """Answer what comes over the socket until its other end is closed."""
    deepen_stacks()
    thread = threading.Thread(target=_Worker(connection, limits).run, daemon=True)
    thread.start()
    thread.join()


class _Worker:
    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._federation = Federation(limits.services, min(CALL, limits.seconds / 2))
        self._generation = ""
        self._snapshot: Snapshot | None = None

    def run(self) -> None:
        with contextlib.suppress(OSError):  # the other end has gone
            self._connection.sendall(frame(READY, str(os.getpid()).encode()))
            requests = self._connection.makefile("rb")
            while len(header := requests.read(HEADER.size)) == HEADER.size:
                _, length = HEADER.unpack(header)
                job, generation = read_job(requests.read(length))
                try:
                    self._open(generation)
                except StoreUnavailable as error:
                    self._refuse(Refusal.UNAVAILABLE, str(error))
                    continue
                if job.text:
                    self._answer(job)
                else:
                    self._connection.sendall(frame(END))

    def _answer(self, job: Job) -> None:
        outlet = Outlet(self._connection, job.coding)
        try:
            self._write(job, outlet)
        except ServiceFailed as error:
            self._refuse(Refusal.SERVICE_FAILED, str(error), error.french)
        except ServiceRefused as error:
            self._refuse(Refusal.SERVICE, str(error), error.french)
        except BadQuery as error:
            self._refuse(Refusal.BAD_QUERY, str(error), error.french)
        except TooManyRows:
            self._refuse(Refusal.TOO_MANY_ROWS)
        except ValueError as error:  # RDF 1.2 in a format that has no way to write it
            self._refuse(Refusal.BAD_QUERY, str(error))
        except MemoryError:
            self._refuse(Refusal.MEMORY)
        except OSError:
            raise
        except Exception as error:  # whatever the engine finds to raise: this question has no answer, the next one may
            self._refuse(Refusal.UNAVAILABLE, f"{type(error).__name__}: {error}")

    def _write(self, job: Job, outlet: Outlet) -> None:
        assert self._snapshot is not None
        answer = self._snapshot.query(job.text, job.default_graphs, job.named_graphs, dict(job.bindings), job.base)
        if job.excerpt is not None:
            outlet.announce(answer.form, ResultFormat.JSON)
            body, more = answer.excerpt(job.excerpt)
            outlet.write(body)
            outlet.close(b"more" if more else b"")
            return
        written_as = job.graph if answer.form is QueryForm.GRAPH else job.table
        if written_as is None:
            answer.discard()
            self._refuse(Refusal.NO_FORMAT, answer.form.name)
            return
        outlet.announce(answer.form, written_as)
        answer.write(written_as, outlet.file(), self._limits.rows)
        outlet.close()

    def _refuse(self, refusal: Refusal, detail: str = "", french: str | None = None) -> None:
        self._connection.sendall(frame(FAILED, write_refusal(refusal, detail, french)))

    def _open(self, generation: str) -> None:
        """Open a checkpoint, and allow as much memory beyond what that takes as one question may have."""
        if generation == self._generation:
            return
        self._snapshot = None
        self._snapshot = Snapshot(Path(generation), self._federation)
        self._generation = generation
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + self._limits.memory * _MIB
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
