"""The suites of updates: what the store holds before a test and after it, and how a test is sent.

The default graph of a test is the unnamed graph, which updates write; WHERE sees the union of all graphs here. So the protocol's
parameters name its dataset, a copy of the default graph among it, unless the update does so itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, TypeAlias

import httpx
import pyoxigraph as ox
from rdflib import URIRef

from referentiel.store import Changes, Engine, Name, Statements
from referentiel.store.reading import read
from referentiel.vocabulary import ROOT
from w3c.suite import BASE, LABEL, MF, UT, Case, Facts, Node, entries, files

DIRECT: Final = {"Content-Type": "application/sparql-update"}
DEFAULT: Final = URIRef(f"{BASE}default")
"""A copy of the default graph."""

_NAMES_DATASET: Final = re.compile(rb"\b(?:USING|WITH)\b", re.IGNORECASE)
_MEDIA_TYPES: Final = {"ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml"}

State: TypeAlias = Mapping[Name, Statements]
"""What graphs hold, the unnamed one as None; none is empty."""


def expected(case: Case) -> tuple[State, State]:
    """What a test wants there to be before it and after it."""
    facts, test = _tests(case.name.partition("/")[0])[case.name]
    return _dataset(facts, facts.one(test, f"{MF}action")), _dataset(facts, facts.one(test, f"{MF}result"))


@cache
def _tests(folder: str) -> dict[str, tuple[Facts, Node]]:
    return {name: (facts, test) for name, _, test, facts in entries(f"{folder}/manifest.ttl")}


def _dataset(facts: Facts, node: Node | None) -> State:
    assert node is not None
    found: dict[Name, Statements] = {}
    for part in facts.all(node, f"{UT}data"):
        assert isinstance(part, ox.NamedNode)
        found |= _graph(part.value, None)
    for part in facts.all(node, f"{UT}graphData"):
        found |= _graph(facts.text(part, f"{UT}graph"), URIRef(facts.text(part, LABEL)))
    return found


def _graph(iri: str, name: Name) -> State:
    path = iri.removeprefix(BASE)
    statements = read(files()[path], _MEDIA_TYPES[path.rpartition(".")[2]], base=iri).get(None)
    return {name: statements} if statements else {}


def prepare(store: Engine, state: State) -> None:
    """Make a store hold what a test wants, a copy of the default graph besides, and nothing else that anybody may write."""
    copied = {**state, DEFAULT: state[None]} if None in state else state
    store.apply(Changes.between({**held(store), DEFAULT: store.statements(DEFAULT)}, copied))


def held(store: Engine) -> State:
    """What a store holds, but the copy and what the service keeps itself."""
    names = [None, *(name for name in store.graph_names() if name != DEFAULT and not name.startswith(ROOT))]
    return {name: statements for name in names if (statements := store.statements(name))}


def send(client: httpx.Client, case: Case, state: State | None = None) -> httpx.Response:
    """Send the update of a test, asked of its dataset where it has a default graph that is not empty."""
    text = files()[case.query]
    dataset: dict[str, str | list[str]] = {}
    if state is not None and None in state and not _NAMES_DATASET.search(text):
        dataset = {"using-graph-uri": DEFAULT, "using-named-graph-uri": [name for name in state if name]}
    return client.post("/sparql", params=dataset, content=f"BASE <{BASE}{case.query}>\n".encode() + text, headers=DIRECT)
