"""The servers of the suites, each the real command.

One answers over a store that `referentiel load` has filled with their data; the other, over a store of its own, is written to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command import run
from referentiel.access import FILE, OPERATIONS, Tokens
from test_serving import ready, served
from w3c.data import dataset
from w3c.suite import ABSENT, ARCHIVE


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
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the other server that may write whatever anybody may."""
    if not ARCHIVE.is_file():
        pytest.skip(ABSENT)
    folder = tmp_path_factory.mktemp("w3c-writing") / "store"
    folder.mkdir()
    token = Tokens(folder / FILE).create("w3c", OPERATIONS)
    with served(folder) as (address, _):
        ready(address)
        with httpx.Client(base_url=address, timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
            yield client
