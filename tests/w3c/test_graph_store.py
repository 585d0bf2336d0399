"""The Graph Store Protocol, request by request: direct and indirect identification, reading and writing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from endpoint import until
from w3c.exchanges import Conversation, Exchange
from w3c.graph_store import CONVERSATIONS, KNOWN_FAILURES, LOCATION, READING
from w3c.suite import ABSENT, ARCHIVE

if not ARCHIVE.is_file():
    pytest.skip(ABSENT, allow_module_level=True)


def send(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    """The answer, after redirections."""
    request = client.build_request(exchange.method, exchange.path, headers=exchange.headers, content=exchange.body)
    return client.send(request, follow_redirects=True)


def meets(client: httpx.Client, exchange: Exchange) -> bool:
    """Whether the answer is what the test expects: of one that reads also the graph."""
    answer = send(client, exchange)
    if not {answer.status_code, answer.status_code // 100} & set(exchange.expected.statuses):
        return False
    if not exchange.expected.body:
        return True
    assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
    wanted = Graph().parse(data=exchange.expected.body, format="turtle")
    return isomorphic(Graph().parse(data=answer.text, format="turtle"), wanted)


def converse(client: httpx.Client, test: Conversation) -> None:
    """Have a conversation; what is written is seen soon after."""
    location = ""
    for exchange in test.exchanges:
        asked = replace(exchange, path=exchange.path.replace(LOCATION, location))
        if exchange.method in READING:
            until(partial(meets, client, asked), 5)
            continue
        answer = send(client, asked)
        found = {answer.status_code, answer.status_code // 100}
        assert found & set(exchange.expected.statuses), f"{exchange.method} {answer.status_code} {answer.text}"
        location = answer.headers.get("location", location)


@pytest.mark.parametrize("test", [pytest.param(each, id=each.name) for each in CONVERSATIONS if each.name not in KNOWN_FAILURES])
def test_graph_store(writer: httpx.Client, test: Conversation) -> None:
    converse(writer, test)


@pytest.mark.parametrize("test", [pytest.param(each, id=each.name) for each in CONVERSATIONS if each.name in KNOWN_FAILURES])
def test_known_failure(writer: httpx.Client, test: Conversation) -> None:
    with pytest.raises(AssertionError):
        converse(writer, test)
