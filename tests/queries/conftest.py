"""The store as the project ships it. `pytest tests/queries --record` writes the answers of the competency questions anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from rdflib import Graph, URIRef

from referentiel.store import Engine, open_store
from referentiel.store.deposit import install
from referentiel.vocabulary import DEFAULT_BASE


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="record the answers of the competency questions")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    # A run from above this folder knows no such option.
    return bool(request.config.getoption("--record", default=False))


@pytest.fixture(scope="session")
def store() -> Iterator[Engine]:
    engine = open_store(None)
    install(engine, DEFAULT_BASE)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def shipped(store: Engine) -> Mapping[URIRef, Graph]:
    """The graphs that the project ships, by name."""
    return {name: store.graph(name) for name in store.graph_names()}
