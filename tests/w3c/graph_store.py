"""The suite of the Graph Store Protocol: each test a conversation about graphs of its own.

The blank nodes of its bodies have names here, the same in what is sent and in what is expected: our graphs hold none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from w3c.exchanges import Conversation, Exchange, conversations
from w3c.suite import ARCHIVE, BASE

READING: Final = {"GET", "HEAD"}
ENTRY: Final = "/gsp"
"""Where the tests think that the graph store is."""
AUTHORITY: Final = "http://www.example"
LOCATION: Final = "$LOCATION$"
"""Stands for the header Location of an earlier answer."""

KNOWN_FAILURES: Final = {
    "graph-store-protocol/put_get_default": "the default graph is the union of all: it is added to, never replaced as a whole"
}
"""Reason by test. One that passes fails the run until it is taken off this list."""


def _moved(exchange: Exchange, folder: str) -> Exchange:
    """An exchange about graphs of one test only, at the addresses of this service, its blank nodes named."""
    expected = replace(exchange.expected, body=_named(exchange.expected.body.encode()).decode() if exchange.expected.body else "")
    turtle = exchange.headers.get("content-type", "").startswith("text/turtle")
    body = _named(exchange.body) if turtle and exchange.body else exchange.body
    return replace(exchange, path=_path(exchange.path, folder), body=body, expected=expected)


def _path(path: str, folder: str) -> str:
    if not path.startswith((f"{ENTRY}?", f"{ENTRY}/")):
        return path.replace(ENTRY, "/graphs")
    if path.startswith(f"{ENTRY}/"):
        return path.replace(ENTRY, f"/id{folder}")
    own = path.removeprefix(ENTRY)
    for written in (f"{AUTHORITY}{ENTRY}", quote(f"{AUTHORITY}{ENTRY}", safe="")):
        own = own.replace(
            written, f"{AUTHORITY}{folder}" if written.startswith(AUTHORITY) else quote(f"{AUTHORITY}{folder}", safe="")
        )
    return f"/graphs{own}"


def _named(turtle: bytes) -> bytes:
    """The same with a name for each blank node, after its place."""
    names: dict[ox.BlankNode, ox.NamedNode] = {}

    def named(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(node, ox.BlankNode):
            return names.setdefault(node, ox.NamedNode(f"{BASE}node/{len(names) + 1}"))
        assert isinstance(node, ox.NamedNode | ox.Literal)
        return node

    triples = []
    for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=BASE):
        subject, value = named(quad.subject), named(quad.object)
        assert isinstance(subject, ox.NamedNode)
        triples.append(ox.Triple(subject, quad.predicate, value))
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b""


def _conversations() -> Iterator[Conversation]:
    for manifest in ("graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"):
        for test in conversations(manifest):
            folder = f"{ENTRY}/{test.name.rpartition('/')[2]}"
            yield replace(test, exchanges=tuple(_moved(exchange, folder) for exchange in test.exchanges))


CONVERSATIONS: Final = list(_conversations()) if ARCHIVE.is_file() else list[Conversation]()
