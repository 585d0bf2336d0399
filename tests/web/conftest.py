"""The service as its clients meet it: a real server on a free port, over a store on disk that holds what the project ships."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pyld import jsonld
from rdflib import Graph

from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.web import create_app
from stores import install


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of a real server that runs an application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def serve() -> Callable[[FastAPI], AbstractContextManager[str]]:
    """Runs an application on a server of its own."""
    return serving


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store on disk that holds what the project ships."""
    store = open_store(tmp_path_factory.mktemp("web") / "store")
    install(store, Settings().base)
    yield store
    store.close()


@pytest.fixture(scope="session")
def address(engine: Engine) -> Iterator[str]:
    """The address of the service."""
    with serving(create_app(engine, Settings())) as address:
        yield address


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client that follows no redirect."""
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def parsed(client: httpx.Client) -> Callable[[httpx.Response], Graph]:
    """Reads the graph that an answer writes, JSON-LD with the context that the service publishes."""

    def load(_url: str, _options: object) -> dict[str, object]:
        document = client.get("/context.jsonld").json()
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": None, "document": document}

    def read(answer: httpx.Response) -> Graph:
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type == "application/ld+json":
            lines = jsonld.to_rdf(answer.json(), {"format": "application/n-quads", "documentLoader": load})
            return Graph().parse(data=lines, format="nt")
        return Graph().parse(data=answer.content, format=media_type)

    return read


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service with a base and a public address of its own, behind a path."""
    settings = replace(
        Settings(), base="https://certif.example/graphe/id/", public_url="https://certif.example/graphe", store=Path("unused")
    )
    store = open_store(tmp_path_factory.mktemp("moved") / "store")
    install(store, settings.base)
    with serving(create_app(store, settings)) as address, httpx.Client(base_url=address) as client:
        yield client
    store.close()
