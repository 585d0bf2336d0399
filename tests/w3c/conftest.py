"""The servers of the suites: the real command, over a store that `referentiel load` has filled with their data, and one that is
written to, over a store that holds nothing else, so that a write costs little.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command import run
from referentiel.store import Engine
from test_serving import ready, served
from w3c.data import dataset
from w3c.suite import ABSENT, ARCHIVE
from web.conftest import serving
from web.writing import writable


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the server."""
    if not ARCHIVE.is_file():
        pytest.skip(ABSENT)
    folder: Path = tmp_path_factory.mktemp("w3c")
    (folder / "data.nq").write_bytes(dataset())
    loaded = run("load", "--unchecked", "data.nq", cwd=folder)
    assert loaded.returncode == 0, loaded.stderr
    with served(folder / "store") as (address, _):
        ready(address)
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client


@pytest.fixture(scope="session")
def _writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Engine]]:
    if not ARCHIVE.is_file():
        pytest.skip(ABSENT)
    with writable(tmp_path_factory.mktemp("w3c-writing") / "store", serving) as pair:
        yield pair


@pytest.fixture(scope="session")
def writer(_writing: tuple[httpx.Client, Engine]) -> httpx.Client:
    """A client of the other server that may write whatever anybody may."""
    return _writing[0]


@pytest.fixture(scope="session")
def written(_writing: tuple[httpx.Client, Engine]) -> Engine:
    """The store of that server."""
    return _writing[1]
