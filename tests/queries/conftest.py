"""The store as the project ships it. `pytest tests/queries --record` writes the answers of the competency questions anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from referentiel.access import LOCAL
from referentiel.gate import Replace
from referentiel.graph import to_graph
from referentiel.iris import Minter
from referentiel.sources import read_certification
from referentiel.store import Engine, open_store
from referentiel.store.deposit import Document
from referentiel.store.reading import statements
from stores import install

OTHER = Minter("AUTRE")
"""The IRIs of a certification that the project does not ship."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="record the answers of the competency questions")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    # A run from above this folder knows no such option.
    return bool(request.config.getoption("--record", default=False))


@pytest.fixture(scope="session")
def store() -> Iterator[Engine]:
    engine = open_store(None)
    install(engine)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def shipped(store: Engine) -> Mapping[URIRef, Graph]:
    """The graphs that the project ships, by name."""
    return {name: store.graph(name) for name in store.graph_names()}


@pytest.fixture(scope="session")
def other(seed_file: Path) -> Graph:
    """The graph of the seed document, read as another certification."""
    record = read_certification(seed_file.name, seed_file.read_bytes(), certification_id=OTHER.certification_id)
    return to_graph(record, OTHER.base)


@pytest.fixture(scope="session")
def crowded(seed_file: Path, other: Graph) -> Iterator[Engine]:
    """The store as the project ships it, and the other certification."""
    engine = open_store(None)
    document = Document.of(f"{OTHER.certification_id}.txt", seed_file.read_bytes())
    install(engine).submit(Replace(OTHER.certification, statements(other), document), identity=LOCAL)
    yield engine
    engine.close()
