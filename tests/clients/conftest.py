"""The real command, in a process of its own, for clients that others wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from test_serving import ready, served


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the SPARQL endpoint."""
    with served(tmp_path_factory.mktemp("clients") / "store") as (address, _):
        ready(address)
        yield f"{address}/sparql"
