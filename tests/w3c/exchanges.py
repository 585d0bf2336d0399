"""Requests, and the answers that are expected of them, as the suites of the HTTP protocols write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from w3c.suite import CNT, HT, LABEL, MF, UT, Facts, Node, entries


@dataclass(frozen=True)
class Expected:
    """What an answer must have: one of the statuses (2 is any 2xx), and a body where one is given."""

    statuses: tuple[int, ...]
    boolean: str
    kind: str
    body: str
    location: str


@dataclass(frozen=True)
class Exchange:
    """A request and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    expected: Expected


@dataclass(frozen=True)
class Conversation:
    """A test: requests in their order, and the data that it wants in the store, file by graph."""

    name: str
    exchanges: tuple[Exchange, ...]
    data: tuple[tuple[str, str], ...]


STATUSES = {
    "OK": 200,
    "Created": 201,
    "NoContent": 204,
    "NotFound": 404,
    "StatusCode2xx": 2,
    "StatusCode3xx": 3,
    "StatusCode4xx": 4,
}


def conversations(manifest: str) -> Iterator[Conversation]:
    """The tests of a manifest that write requests."""
    for name, _, test, facts in entries(manifest):
        action = facts.one(test, f"{MF}action")
        assert action is not None, name
        data = [(facts.text(node, f"{UT}graph"), facts.text(node, LABEL)) for node in facts.all(test, f"{UT}graphData")]
        requests = facts.members(facts.one(action, f"{HT}requests"))
        yield Conversation(name, tuple(_exchange(facts, node) for node in requests), tuple(data))


def _exchange(facts: Facts, request: Node) -> Exchange:
    response = facts.one(request, f"{HT}resp")
    assert response is not None
    statuses = (
        node.value.rpartition("#")[2] for node in facts.all(response, f"{MF}expectedStatus") if isinstance(node, ox.NamedNode)
    )
    return Exchange(
        method=facts.text(request, f"{HT}methodName"),
        path=facts.text(request, f"{HT}absolutePath"),
        headers={
            facts.text(node, f"{HT}fieldName"): facts.text(node, f"{HT}fieldValue")
            for node in facts.members(facts.one(request, f"{HT}headers"))
        },
        body=_body(facts, request),
        expected=Expected(
            statuses=tuple(STATUSES[status] for status in statuses),
            boolean=facts.text(response, f"{MF}expectedBoolean"),
            kind=facts.text(response, f"{MF}expectedFormat"),
            body=(_body(facts, response) or b"").decode(),
            location=facts.text(response, f"{MF}expectedLocation"),
        ),
    )


def _body(facts: Facts, message: Node) -> bytes | None:
    body = facts.one(message, f"{HT}body")
    if body is None:
        return None
    return facts.text(body, f"{CNT}chars").encode(facts.text(body, f"{CNT}characterEncoding"))
