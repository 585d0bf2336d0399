"""The W3C's SHACL suite through `/validate`: data and shapes are sent as a form, the report comes back as RDF."""

from __future__ import annotations

from typing import Final

import httpx
import pytest
from _pytest.mark import ParameterSet
from rdflib import BNode, Graph, Literal, Namespace
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH

from w3c.shacl import ABSENT, ARCHIVE, Case, cases, compared, turtle

if not ARCHIVE.is_file():
    pytest.skip(ABSENT, allow_module_level=True)

KNOWN_FAILURES: Final = {
    "core/property/uniqueLang-002": 'pySHACL takes sh:uniqueLang "1"^^xsd:boolean for true; only the literal true asks for it',
    "sparql/pre-binding/shapesGraph-001": "pySHACL does not bind $shapesGraph, which SHACL leaves open (5.3.1)",
}
"""Tests that fail, each with its reason. One that passes fails the run until it is taken off this list."""

EX = Namespace("http://ex.example/")
CASES: Final = cases()


def params() -> list[ParameterSet]:
    """The cases, those that are known to fail marked so."""
    marked = []
    for case in CASES:
        reason = KNOWN_FAILURES.get(case.name)
        marks = [pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason)] if reason else []
        marked.append(pytest.param(case, id=case.name, marks=marks))
    return marked


@pytest.mark.parametrize("case", params())
def test_shacl(client: httpx.Client, case: Case) -> None:
    parts = {name: (path, turtle(path), "text/turtle") for name, path in (("data", case.data), ("shapes", case.shapes))}
    answer = client.post("/validate", files=parts, headers={"Accept": "text/turtle"})
    if case.report is None:
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"].endswith("/problems/invalid-shapes")
        return
    assert answer.status_code == 200, answer.text
    graph = Graph().parse(data=answer.content, format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    found = compared(graph, report)
    assert isomorphic(found, case.report), found.serialize()


def test_the_whole_suite_is_asked() -> None:
    assert {part: sum(case.part == part for case in CASES) for part in ("core", "sparql")} == {"core": 98, "sparql": 23}
    assert set(KNOWN_FAILURES) <= {case.name for case in CASES}


def test_the_comparison_tells_reports_apart() -> None:
    def report(focus: str, step: str) -> Graph:
        graph = Graph()
        result, path = BNode(), BNode()
        graph.add((EX.report, SH.conforms, Literal(False)))
        graph.add((EX.report, SH.result, result))
        graph.add((result, SH.focusNode, EX[focus]))
        graph.add((result, SH.resultMessage, Literal(step)))
        graph.add((result, SH.resultPath, path))
        graph.add((path, SH.inversePath, EX[step]))
        return compared(graph, EX.report)

    assert isomorphic(report("a", "p"), report("a", "p"))
    assert not isomorphic(report("a", "p"), report("b", "p"))
    assert not isomorphic(report("a", "p"), report("a", "q"))
