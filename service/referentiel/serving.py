"""The server process: fills the store, tells what it serves and where, runs uvicorn until it is told to stop."""

from __future__ import annotations

import gc
import math
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
import uvicorn

from referentiel import resources, running
from referentiel.gate.installation import install
from referentiel.guard import GuardedProtocol
from referentiel.settings import Settings
from referentiel.shortcut import shortcut
from referentiel.store import Engine
from referentiel.web import Service, create_app


class AddressInUse(OSError):
    """The address can't be listened on."""


class LogUnavailable(OSError):
    """The access log can't be written."""


def run(engine: Engine, settings: Settings, host: str, port: int) -> None:
    """Serve until interrupted. Port 0 takes a free one. Raises AddressInUse, LogUnavailable, StoreUnavailable.

    A stop that is asked for (SIGTERM) is no failure: what was begun is ended, what comes later refused, and the status is 0.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again once it has stopped
    listener = _listen(host, port)
    host_shown = f"[{host}]" if ":" in host else host
    address = f"http://{host_shown}:{listener.getsockname()[1]}"
    # Listening everywhere says nothing of where one is reached: addresses in answers stay relative then.
    try:
        app = create_app(engine, settings, None if host in {"0.0.0.0", "::"} else address)  # noqa: S104
    except OSError as error:
        listener.close()
        raise LogUnavailable(f"« {settings.access_log} » ({error.strerror or error})") from error
    app.gate.history.check_end()
    app.processes.prepare()  # while the store is filled
    for name, ended in install(app.gate).items():
        if isinstance(ended, Exception):
            click.echo(f"{name}, fournie avec le projet, n'est pas entrée dans le magasin ({type(ended).__name__}).", err=True)
    click.echo(_banner(engine, settings, address))
    threading.Thread(target=_tell_conformity, args=(engine, settings), daemon=True).start()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # as many connections as the system lets us have
    # What is loaded by now stays, and answers that are kept are many: looking through them all for cycles would be a pause for
    # everybody, again and again.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    config = uvicorn.Config(
        app,
        http=_protocol(app, settings),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_patience(settings),
    )
    with _local(engine) as beside:
        uvicorn.Server(config).run(sockets=[listener, *beside])


def _patience(settings: Settings) -> int:
    """Seconds in which whatever is under way ends by itself: a question at its limit, a write that is worked out, then judged."""
    return math.ceil(max(settings.limits.seconds, 2 * settings.writing.seconds)) + 5


@contextmanager
def _local(engine: Engine) -> Iterator[list[socket.socket]]:
    """The socket of the store, by which its owner's command line comes in; none where the system gives none."""
    if engine.folder is None:
        yield []
        return
    try:
        listener = running.listen(engine.folder)
    except OSError as error:
        click.echo(f"Sans passage local ({error}) : la ligne de commande n'aura pas accès au magasin.", err=True)
        yield []
        return
    try:
        yield [listener]
    finally:
        (engine.folder / running.SOCKET).unlink(missing_ok=True)


def _protocol(app: Service, settings: Settings) -> type[GuardedProtocol]:
    """Repetitions are answered past what logs requests and counts them for each client, where nobody asks for that."""
    if settings.access_log or settings.limits.rate:
        return GuardedProtocol
    return shortcut(app.answers, app.metrics)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressInUse(f"{host}:{port} ({error.strerror or error})") from error
    return listener


def _certifications(engine: Engine, settings: Settings) -> list[str]:
    prefix = f"{settings.base}certification/"
    return [name.removeprefix(prefix) for name in engine.graph_names() if name.startswith(prefix)]


def _banner(engine: Engine, settings: Settings, address: str) -> str:
    certifications = _certifications(engine, settings)
    lines = [
        f"Magasin {settings.store} : {len(engine)} triplets, {len(engine.graph_names())} graphes,"
        f" {len(certifications)} certification(s).",
        f"  Pages    {address}/",
        *(f"           {address}/doc/certification/{name}" for name in certifications[:5]),
        f"  SPARQL   {address}/sparql",
        f"  API      {address}/docs",
        "Ctrl-C pour arrêter.",
    ]
    return "\n".join(lines)


def _tell_conformity(engine: Engine, settings: Settings) -> None:
    """Say of what the project ships whether it conforms; in the background, so that answers don't wait for it."""
    from rdflib import URIRef

    from referentiel.validation import validate

    background = resources.background()
    shipped = {path.stem for path in resources.certification_files()}
    for name in shipped & set(_certifications(engine, settings)):
        report = validate(engine.graph(URIRef(f"{settings.base}certification/{name}")), resources.shapes(), background)
        click.echo(f"{name} : {report.summary('fr').splitlines()[0]}")
