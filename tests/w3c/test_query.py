"""Query evaluation, syntax and result formats, asked of a live server."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx
import pytest
from _pytest.mark import ParameterSet
from rdflib import Graph
from rdflib.compare import isomorphic

from w3c.cases import EVALUATED, PARSED, WAITING
from w3c.known_failures import KNOWN_FAILURES
from w3c.results import read_csv, read_json, read_result_set, read_tsv, read_xml, same
from w3c.suite import ABSENT, ARCHIVE, BASE, Case, files

if not ARCHIVE.is_file():
    pytest.skip(ABSENT, allow_module_level=True)

NOTHING = f"{BASE}nothing"
"""The name of a graph that the store does not have: the dataset of a test without data."""

READERS = {
    "srx": ("application/sparql-results+xml", read_xml),
    "srj": ("application/sparql-results+json", read_json),
    "csv": ("text/csv", read_csv),
    "tsv": ("text/tab-separated-values", read_tsv),
}
OWN_DATASET = re.compile(rb"\bFROM\b")
ORDERED = re.compile(r"ORDER\s+BY[^{}]*$", re.IGNORECASE)


def marked(cases: list[Case], known: Mapping[str, str]) -> list[ParameterSet]:
    """The cases, those that are known to fail marked so."""
    found = []
    for case in cases:
        reason = known.get(case.name)
        marks = [pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)] if reason else []
        found.append(pytest.param(case, id=case.name, marks=marks))
    return found


def ask(client: httpx.Client, case: Case, accept: str) -> httpx.Response:
    """The answer to the query of a case, asked of its data: a query that names its dataset itself is let do so."""
    query = files()[case.query]
    graphs = {"default-graph-uri": case.default_graphs or [NOTHING], "named-graph-uri": case.named_graphs}
    return client.post(
        "/sparql",
        params={} if OWN_DATASET.search(query) else graphs,
        content=f"BASE <{BASE}{case.query}>\n".encode() + query,
        headers={"Content-Type": "application/sparql-query", "Accept": accept},
    )


@pytest.mark.parametrize("case", marked(EVALUATED, KNOWN_FAILURES))
def test_evaluation(client: httpx.Client, case: Case) -> None:
    assert case.result is not None
    expected, suffix = files()[case.result], case.result.rpartition(".")[2]
    if suffix in READERS:
        accept, read = READERS[suffix]
        answer = ask(client, case, accept)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == accept
        ordered = ORDERED.search(files()[case.query].decode()) is not None
        assert same(read(expected), read(answer.content), ordered=ordered), answer.text
    elif (table := read_result_set(case.result)) is not None:
        answer = ask(client, case, READERS["srj"][0])
        assert answer.status_code == 200, answer.text
        assert same(table, read_json(answer.content), ordered=False), answer.text
    else:
        answer = ask(client, case, "text/turtle")
        assert answer.status_code == 200, answer.text
        wanted = Graph().parse(data=expected, format="xml" if suffix == "rdf" else "turtle", publicID=BASE + case.result)
        assert isomorphic(Graph().parse(data=answer.content, format="turtle"), wanted), answer.text


@pytest.mark.parametrize("case", marked(PARSED, KNOWN_FAILURES))
def test_syntax(client: httpx.Client, case: Case) -> None:
    answer = ask(client, case, "*/*")
    assert answer.status_code == (200 if case.kind.startswith("Positive") else 400), answer.text


def test_known_failures_are_tests() -> None:
    assert set(KNOWN_FAILURES) <= {case.name for case in (*EVALUATED, *PARSED)}


@pytest.mark.parametrize("group", WAITING)
def test_waiting(group: str) -> None:
    pytest.skip(WAITING[group])
