"""A checkpoint read from one end to the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from referentiel.store import Changes, GraphChange, StoreUnavailable, open_store
from referentiel.store.survey import Survey

A, B, P = (URIRef(f"http://example.org/{name}") for name in "abp")
FIRST, SECOND = URIRef("http://example.org/first"), URIRef("http://example.org/second")
LINE = f'<{A}> <{P}> "x" .'


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    engine = open_store(tmp_path / "store")
    engine.replace([(FIRST, Graph().add((A, P, B)).add((A, P, Literal("é\u2028\n")))), (SECOND, Graph().add((B, P, A)))])
    engine.apply(Changes.of([GraphChange(None, frozenset({LINE}))]))
    engine.checkpoint(tmp_path / "checkpoint")
    engine.close()
    return Survey(tmp_path / "checkpoint")


def test_what_it_holds(survey: Survey) -> None:
    assert survey.sizes() == {FIRST: 2, SECOND: 1, None: 1}
    assert survey.subjects(SECOND) == {str(B)}
    assert survey.subjects(None) == {str(A)}


def test_statements_are_as_the_engine_writes_them(survey: Survey) -> None:
    assert survey.statements(None) == [LINE]
    assert set(survey.statements(FIRST)) | {LINE} == set(survey.about([str(A)]))
    assert list(survey.leading_to([str(A)])) == survey.statements(SECOND)


def test_rows_see_all_graphs(survey: Survey) -> None:
    assert set(survey.rows("SELECT ?s ?none { ?s ?p ?o }")) == {(str(A), None), (str(B), None)}


def test_a_folder_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Survey(tmp_path / "none")
