"""A service that takes writes, over a store on disk; and small certifications to send to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import httpx
from fastapi import FastAPI
from rdflib import Graph, URIRef

from referentiel.access import FILE, OPERATIONS, Tokens
from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.vocabulary import REF
from referentiel.web import create_app

Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]

BASE = Settings().base
TURTLE = {"Content-Type": "text/turtle"}
_SMALL = (Path(__file__).parents[1] / "shapes" / "base.ttl").read_text(encoding="utf-8")


def small(code: str) -> str:
    """A certification of 150 triples that keeps every rule, with a register number of its own, as Turtle."""
    number = int.from_bytes(code.encode()) % 100_000
    return _SMALL.replace("<X", f"<{code}").replace('"X"', f'"{code}"').replace('"RNCP1"', f'"RNCP{number}"')


def broken(code: str) -> str:
    """The same without the criterion of competency C2, as N-Triples: CORE-01 is broken."""
    graph = Graph().parse(data=small(code), format="turtle")
    competency = URIRef(f"{BASE}certification/{code}/competency/C2")
    graph.remove((competency, REF.hasCriterion, None))
    graph.remove((None, REF.criterionOf, competency))
    return graph.serialize(format="nt")


@contextmanager
def writable(folder: Path, serve: Serve, settings: Settings | None = None) -> Iterator[tuple[httpx.Client, Engine]]:
    """A client whose token allows everything, and the store that it writes to."""
    store = open_store(folder)
    token = Tokens(folder / FILE).create("essai", OPERATIONS)
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serve(create_app(store, settings or Settings(store=folder))) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        yield client, store
    store.close()
