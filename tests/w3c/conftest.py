"""One server for all the suites: the real command, over a store that `referentiel load` has filled with their data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command import run
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
