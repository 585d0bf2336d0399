"""The suite of the Graph Store Protocol, for reading.

Each test is followed up to its first readings; what it would have written before them, the store holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox

from referentiel.settings import Settings
from w3c.exchanges import Conversation, Exchange, conversations
from w3c.suite import ARCHIVE, in_graph

READING: Final = {"GET", "HEAD"}
AUTHORITY: Final = "http://www.example"
ENTRY: Final = "/gsp"
"""Where the tests think that the graph store is."""

WRITES_MORE: Final = {
    "graph-store-protocol/put_get_default": "the default graph is the union of the others: what writing to it means is not decided",
    "graph-store-protocol/post_get_new_graph": "only a writing service makes a graph and says where it is",
}


@dataclass(frozen=True)
class Reading:
    """The first answers of a test, and what the store holds before: bodies by graph."""

    name: str
    exchanges: tuple[Exchange, ...]
    held: tuple[tuple[str, bytes], ...]


def _place(path: str, test: str) -> tuple[str, str]:
    """A graph of a test and where it is asked for: each test has graphs of its own, so that what one holds is not another's."""
    folder = f"{ENTRY}/{test.rpartition('/')[2]}"
    if path.startswith(f"{ENTRY}?graph="):
        written = path.removeprefix(f"{ENTRY}?graph=")
        graph = unquote(written).replace(f"{AUTHORITY}{ENTRY}", f"{AUTHORITY}{folder}")
        kept = written.replace(quote(ENTRY, safe=""), quote(folder, safe="")).replace(f"{AUTHORITY}{ENTRY}", f"{AUTHORITY}{folder}")
        return graph, f"/graphs?graph={kept}"
    local = path.replace(ENTRY, folder).removeprefix("/")
    return f"{Settings().base}{local}", f"/id/{local}"


def _reading(test: Conversation) -> Reading:
    held: dict[str, bytes] = {}
    for exchange in takewhile(lambda each: each.method not in READING, test.exchanges):
        graph, _ = _place(exchange.path, test.name)
        held.pop(graph, None)
        if exchange.body is not None:
            held[graph] = exchange.body
    rest = dropwhile(lambda each: each.method not in READING, test.exchanges)
    first = takewhile(lambda each: each.method in READING, rest)
    moved = tuple(replace(each, path=_place(each.path, test.name)[1]) for each in first)
    return Reading(test.name, moved, tuple(held.items()))


def _readings() -> Iterator[Reading]:
    for manifest in ("graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"):
        yield from (_reading(test) for test in conversations(manifest) if test.name not in WRITES_MORE)


READINGS: Final = list(_readings()) if ARCHIVE.is_file() else list[Reading]()


def dataset() -> bytes:
    """What the store holds for them, as N-Quads."""
    return b"".join(in_graph(body, ox.RdfFormat.TURTLE, graph, graph) for reading in READINGS for graph, body in reading.held)
