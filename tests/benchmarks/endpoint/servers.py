"""The servers that are compared: how each is started on the loopback interface, and asked."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.endpoint.questions import target

READY = "SELECT ?s { ?s ?p ?o } LIMIT 1"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to start a server: its name, its command with PORT in it, the path of its endpoint."""

    name: str
    command: tuple[str, ...]
    path: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, 0 where the server did not answer in time; the body; and how long it took, in seconds."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs. `process` leads a process group of its own, its workers being in it."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def ask(self, query: str, accept: str, timeout: float) -> Reply:
        """Ask by GET, on a connection of its own."""
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", target(self.path, query), headers={"Accept": accept})
            response = connection.getresponse()
            return Reply(response.status, response.read(), time.perf_counter() - start)
        except (OSError, http.client.HTTPException):
            return Reply(0, b"", time.perf_counter() - start)
        finally:
            connection.close()

    def stop(self) -> None:
        """End the server and all that it started."""
        for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def start(recipe: Recipe, seconds: float = 90) -> Server:
    """Start a server and wait until it answers a question. Raises TimeoutError; what it printed is in `<name>.log`."""
    port = free_port()
    with (recipe.folder / f"{recipe.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [argument.replace("PORT", str(port)) for argument in recipe.command],
            cwd=recipe.folder,
            env={**os.environ, **recipe.environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(recipe.name, port, recipe.path, process)
    deadline = time.monotonic() + seconds
    while server.ask(READY, "application/sparql-results+json", 5).status != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise TimeoutError(f"{recipe.name} does not answer: see {recipe.folder / recipe.name}.log")
        time.sleep(0.2)
    return server


@contextlib.contextmanager
def running(recipe: Recipe) -> Iterator[Server]:
    """A server, for as long as the block lasts."""
    server = start(recipe)
    try:
        yield server
    finally:
        server.stop()
