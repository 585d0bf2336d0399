"""Makes servers that are about to be killed: one process has everything loaded, and forks one in a few milliseconds.

Each has a store of its own to open, the gate above it, and the routes that write; rules are applied in its own process. What it
is to do is a line of JSON on the standard input; that it lives, and that it listens, it says on the standard output.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from rdflib import Graph

from durability.load import BASE, books
from referentiel.access import FILE, LOCAL, Tokens
from referentiel.gate import Gate, Replace
from referentiel.history import History
from referentiel.intake import Intake
from referentiel.settings import Settings
from referentiel.store import Changes, Engine, deepen_stacks, open_store
from referentiel.store.embedded import EmbeddedStore
from referentiel.store.update import Update, work_out
from referentiel.validation import Report
from referentiel.validation.messages import Judge
from referentiel.validation.places import Contents
from referentiel.validation.worker import Bench
from referentiel.web.addresses import Addresses
from referentiel.web.authentication import Doorkeeper
from referentiel.web.certification_list import CertificationList
from referentiel.web.certifications import certification_routes
from referentiel.web.documents import Documents
from referentiel.web.failures import Failures
from referentiel.web.graph_writing import graph_writing_routes
from referentiel.web.pages import Pages
from referentiel.web.register import Register
from referentiel.web.versions import Versions
from referentiel.web.writes import Writes

BENCH = Bench()
NOTHING_FOUND = Report((), Contents(0, 0, 0, 0, 0, 0, 0), Graph())


class Doomed(EmbeddedStore):
    """A store whose process ends at its n-th write: before, after, or during it, more or less. 0: never by itself."""

    def __init__(self, folder: Path, last: int, when: str) -> None:
        super().__init__(folder)
        self._left, self._when = last, when

    def apply(self, changes: Changes) -> None:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            end()
        if self._left == 0 and self._when == "during":
            threading.Timer(random.uniform(0, 0.01), end).start()
        super().apply(changes)
        if self._left == 0 and self._when == "after":
            end()


def end() -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def validate(data: Iterable[str], *, background: Iterable[str] = (), shapes: bytes | None = None) -> Report:
    """What a validator does, in this process; for certifications only, so that many writes go into a short life."""
    data = list(data)
    if not any("/certification/" in line for line in data):
        return NOTHING_FOUND
    judged = BENCH.judge(Judge("\n".join(data).encode() + b"\n", "\n".join(background).encode() + b"\n", shapes, None, screen=True))
    return Report(judged.results, judged.contents, Graph())


def working_out(text: str, engine: Engine) -> Changes:
    """What the updater does, in this process."""
    with tempfile.TemporaryDirectory(dir=engine.folder) as folder:
        copy = Path(folder) / "copy"
        engine.checkpoint(copy)
        return work_out(copy, Update(text, BASE), BASE, 1000)


def application(engine: Engine, settings: Settings) -> FastAPI:
    """The routes that write."""
    history = History(engine, settings.base)
    gate = Gate(engine, settings, history, validate)
    pages = Pages(engine, Addresses(settings))
    failures = Failures(pages)
    intake = Intake(settings.writing.seconds, settings.writing.memory)  # for large bodies only, of which there are none
    writes = Writes(gate, Doorkeeper(Tokens(settings.store / FILE)), pages, failures.answer, intake)
    versions = Versions(engine, history, pages)
    register = Register(engine, writes, Documents(engine, pages, versions.gone), versions, working_out)
    app = FastAPI()
    certification_routes(app, register, CertificationList(engine, pages, gate.space))
    graph_writing_routes(app, writes, working_out)
    failures.register(app)
    return app


class Announced(uvicorn.Server):
    """Says when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets is not None
        say(sockets[0].getsockname()[1])


def say(port: int) -> None:
    """Tell who we are, and where we listen; 0 before we do."""
    os.write(1, json.dumps([os.getpid(), port]).encode() + b"\n")


def serve(folder: str, last: int, when: str) -> None:
    """Be a server."""
    say(0)
    settings = Settings(store=Path(folder))
    engine = Doomed(settings.store, last, when)
    listener = socket.create_server(("127.0.0.1", 0))
    Announced(uvicorn.Config(application(engine, settings), log_level="critical", lifespan="off", ws="none")).run([listener])


def main() -> None:
    """Fork a server for each line, once everything was used that loads something or is slow at first."""
    deepen_stacks()
    memory = open_store(None)
    gate = Gate(memory, Settings(), History(memory, BASE), validate)
    for book in books(1, 1):
        for variant in range(2):
            gate.submit(Replace(book.name, book.make(book.code, variant)), identity=LOCAL)
    memory.close()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            try:
                serve(*json.loads(line))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
