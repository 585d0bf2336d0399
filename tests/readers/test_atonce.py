from __future__ import annotations

import pytest
from rdflib import Literal

from referentiel.readers.atonce import is_bounded
from referentiel.readers.jobs import Job
from referentiel.store import ResultFormat


def asked(text: str, **more: object) -> bool:
    return is_bounded(Job(text, table=ResultFormat.JSON, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?p ?o { <http://a.example/> ?p ?o }",
        "select * where { ?s a <http://a.example/> . } limit 10 # why not",
        'PREFIX : <http://b.example/> PREFIX skos: <http://a.example/> SELECT ?s { ?s skos:notation "C5" }',
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "SELECT*{<http://a.example/> ?p ?o}",
    ],
)
def test_a_single_pattern_is_bounded_by_its_answer(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT DISTINCT ?p { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?s }",
        "SELECT ?s { ?s ?p ?o . ?o ?q ?r }",
        "SELECT ?s { ?s ?p ?o FILTER(?o > 1) }",
        "SELECT ?s { ?s <http://a.example/>* ?o }",
        "SELECT ?s { ?s <http://a.example/>/<http://b.example/> ?o }",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?s",
        "SELECT ?s { ?s ?p ?o } OFFSET 1000000",
        "SELECT ?s FROM <http://a.example/> { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } }",
        'PREFIX text: <http://jena.apache.org/text#> SELECT ?s { ?s text:query "x" }',
        "ASK { ?s ?p ?o }",
        "SELECT ?a" + " " * 600 + "{?s ?p ?o" + " " * 600 + "}" + " " * 600 + "X",
        "SELECT " + "?a " * 600 + "X",
        "PREFIX a:<b> " * 150,
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert not asked(text)


@pytest.mark.parametrize(
    "more", [{"default_graphs": ("http://a.example/",)}, {"bindings": (("s", Literal("x")),)}, {"excerpt": 5}, {"table": None}]
)
def test_nor_what_is_asked_in_another_way(more: dict[str, object]) -> None:
    options = {"table": ResultFormat.JSON, **more}
    assert not is_bounded(Job("SELECT ?s { ?s ?p ?o }", **options))  # type: ignore[arg-type]
