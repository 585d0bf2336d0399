"""What the store holds for the suites: each file of data in a graph of its own."""

from __future__ import annotations

from w3c import protocol
from w3c.cases import EVALUATED
from w3c.suite import BASE, quads


def dataset() -> bytes:
    """All of it as N-Quads."""
    names = {graph for case in EVALUATED for graph in (*case.default_graphs, *case.named_graphs)}
    return b"".join([*(quads(name.removeprefix(BASE), name) for name in sorted(names)), protocol.dataset()])
