"""The suites of updates: what the store holds before a test and after it, and how a test is sent.

The default graph of a test is the unnamed graph, which updates write; WHERE sees the union of all graphs here. So the protocol's
parameters name its dataset, a copy of the default graph among it, unless the update does so itself.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from typing import Final

import httpx
import pyoxigraph as ox

from endpoint import until
from referentiel.vocabulary import ROOT
from w3c.results import Table, Term, read_json
from w3c.suite import BASE, LABEL, MF, SYNTAXES, UT, Case, Facts, Node, entries, files

DIRECT: Final = {"Content-Type": "application/sparql-update"}
DEFAULT: Final = f"{BASE}default"
"""A copy of the default graph."""
MARK: Final = f"{BASE}mark"
"""A graph that tells that readers see what was written before it."""
_numbers: Final = count(1)

_NAMES_DATASET: Final = re.compile(rb"\b(?:USING|WITH)\b", re.IGNORECASE)
_EVERYTHING: Final = f'SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "{ROOT}") && ?g != <{MARK}>) }}'

State = frozenset[tuple[tuple[str, Term], ...]]
"""Quads, as rows of the question for everything."""


def expected(case: Case) -> tuple[ox.Store, ox.Store]:
    """The datasets before a test and after it."""
    facts, test = _tests(case.name.partition("/")[0])[case.name]
    return _dataset(facts, facts.one(test, f"{MF}action")), _dataset(facts, facts.one(test, f"{MF}result"))


@cache
def _tests(folder: str) -> dict[str, tuple[Facts, Node]]:
    return {name: (facts, test) for name, _, test, facts in entries(f"{folder}/manifest.ttl")}


def _dataset(facts: Facts, node: Node | None) -> ox.Store:
    assert node is not None
    store = ox.Store()
    for part in facts.all(node, f"{UT}data"):
        _load(store, str(getattr(part, "value", "")), DEFAULT)
    for part in facts.all(node, f"{UT}graphData"):
        _load(store, facts.text(part, f"{UT}graph"), facts.text(part, LABEL))
    return store


def _load(store: ox.Store, iri: str, graph: str) -> None:
    path = iri.removeprefix(BASE)
    store.load(files()[path], format=SYNTAXES[path.rpartition(".")[2]], base_iri=iri, to_graph=ox.NamedNode(graph))


def prepare(client: httpx.Client, state: ox.Store) -> httpx.Response:
    """Make the store hold a dataset and nothing else that may be written."""
    operations = ["CLEAR ALL"]
    for name in state.named_graphs():
        lines = (state.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b"").decode()
        operations.append(f"INSERT DATA {{ GRAPH {name} {{ {lines} }} }}")
        if name.value == DEFAULT:
            operations.append(f"COPY {name} TO DEFAULT")
    return client.post("/sparql", content=" ;\n".join(operations), headers=DIRECT)


def send(client: httpx.Client, case: Case, state: ox.Store | None = None) -> httpx.Response:
    """Send the update of a test, asked of its dataset where it has one."""
    text = files()[case.query]
    dataset: dict[str, str | list[str]] = {}
    if state is not None and not _NAMES_DATASET.search(text):
        named = [str(name.value) for name in state.named_graphs() if name.value != DEFAULT]
        dataset = {"using-graph-uri": DEFAULT, "using-named-graph-uri": named}
    return client.post("/sparql", params=dataset, content=f"BASE <{BASE}{case.query}>\n".encode() + text, headers=DIRECT)


def held(client: httpx.Client) -> State:
    """What the store holds now, but what the service keeps itself: the unnamed graph as the copy of it."""
    number = next(_numbers)
    mark = f"DROP SILENT GRAPH <{MARK}> ; INSERT DATA {{ GRAPH <{MARK}> {{ <{MARK}> <{MARK}> {number} }} }}"
    copied = client.post("/sparql", content=f"COPY DEFAULT TO <{DEFAULT}> ; {mark}", headers=DIRECT)
    assert copied.status_code == 200, copied.text
    until(lambda: client.get("/sparql", params={"query": f"ASK {{ <{MARK}> ?p {number} }}"}).json()["boolean"])
    return _rows(client.get("/sparql", params={"query": _EVERYTHING}).content)


def state(store: ox.Store) -> State:
    """What a store of the engine holds, in the same form."""
    return _rows(store.query(_EVERYTHING).serialize(format=ox.QueryResultsFormat.JSON) or b"")  # type: ignore[union-attr]


def _rows(answer: bytes) -> State:
    """The rows of an answer, in no order."""
    table = read_json(answer)
    assert isinstance(table, Table)
    return frozenset(tuple(sorted(row.items())) for row in table.rows)
