"""Serves a store with its catalogue at an address that the service itself knows, as `referentiel serve` does.

The readers of the service are not started: they would write the catalogue by themselves, while a test looks at it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import uvicorn

from referentiel.catalog import describe
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.web import create_app


@contextmanager
def described(store: Engine, settings: Settings) -> Iterator[httpx.Client]:
    """A client of the service; the store is described without a public address, which only the server knows."""
    describe(store, settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(store, replace(settings, public_url=address))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client
        server.should_exit = True
        thread.join(10)
