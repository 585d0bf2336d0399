"""Any engine behind the door: what the protocol promises, on disk and in memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef

from referentiel.store import BadQuery, Engine, QueryForm, ResultFormat, StoreUnavailable, open_store

A, B, P = URIRef("urn:a"), URIRef("urn:b"), URIRef("urn:p")


def graph(*texts: str) -> Graph:
    made = Graph()
    for text in texts:
        made.add((A, P, Literal(text)))
    return made


@pytest.fixture(params=["disk", "memory"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    store = open_store(tmp_path / "deep" / "store" if request.param == "disk" else None)
    store.replace([(A, graph("un")), (B, graph("deux"))])
    yield store
    store.close()


def values(engine: Engine, query: str, **datasets: Any) -> set[str | None]:
    return {row[0] for row in engine.query(query, **datasets).rows()}


def test_the_default_graph_is_the_union(engine: Engine) -> None:
    assert values(engine, "SELECT ?o { ?s ?p ?o }") == {"un", "deux"}
    assert engine.graph_names() == (A, B)
    assert len(engine) == 2


def test_from_names_the_dataset(engine: Engine) -> None:
    assert values(engine, "SELECT ?o FROM <urn:a> { ?s ?p ?o }") == {"un"}
    assert values(engine, "SELECT ?o FROM NAMED <urn:a> { GRAPH ?g { ?s ?p ?o } }") == {"un"}
    assert values(engine, "SELECT ?o FROM NAMED <urn:a> { ?s ?p ?o }") == set()


def test_the_parameters_win_over_from(engine: Engine) -> None:
    assert values(engine, "SELECT ?o FROM <urn:a> { ?s ?p ?o }", default_graphs=["urn:b"]) == {"deux"}
    assert values(engine, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", default_graphs=["urn:b"]) == set()
    assert values(engine, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", named_graphs=["urn:b"]) == {"deux"}


@pytest.mark.parametrize(
    "text", ["SELECT ?o { ?s ?p ?o FILTER(?o != 'from service') }", "SELECT ?o { ?s ?from ?o } # FROM <urn:b>"]
)
def test_the_words_alone_change_nothing(engine: Engine, text: str) -> None:
    assert values(engine, text) == {"un", "deux"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent ?s { ?s ?p ?o } }",
        "SELECT * { { SELECT * { OPTIONAL { ?s ?p ?o . SERVICE <http://127.0.0.1:9/> {} } } } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { FILTER EXISTS { SERVICE/**/<http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "SELECT * { SERVICE#\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * {SERVICESILENT <http://127.0.0.1:9/> {?a ?b ?c}}",
        "SELECT * {?s ?p 1SERVICE <http://127.0.0.1:9/> {?a ?b ?c}}",
        "SELECT * {?s ?p trueSERVICE <http://127.0.0.1:9/> {?a ?b ?c}}",
        "PREFIX e:<http://127.0.0.1:9/> SELECT * {SERVICEe:x {?a ?b ?c}}",
        "SELECT * {FILTER(?a<'b>c') FILTER(1<2) SERVICE <http://127.0.0.1:9/> {?a ?b 'x'}}",
    ],
)
def test_no_query_calls_another_service(engine: Engine, query: str) -> None:
    with pytest.raises(BadQuery):
        engine.query(query)


@pytest.mark.parametrize(
    "query", ["", "SELECT", "SELECT * { ?s ?p }", "INSERT DATA { <urn:x> <urn:y> 1 }", "SELECT * { <a b> ?p ?o }"]
)
def test_what_is_no_query_is_the_senders_fault(engine: Engine, query: str) -> None:
    with pytest.raises(BadQuery):
        engine.query(query)


def test_a_bad_graph_name_is_the_senders_fault(engine: Engine) -> None:
    with pytest.raises(BadQuery):
        engine.query("ASK {}", default_graphs=["not an iri"])


def test_each_form_answers_in_its_formats(engine: Engine) -> None:
    assert engine.query("SELECT ?o FROM <urn:a> { ?s ?p ?o }").serialize(ResultFormat.CSV) == b"o\r\nun\r\n"
    ask = engine.query("ASK { ?s ?p ?o }")
    assert ask.form is QueryForm.ASK
    assert b"true" in ask.serialize(ResultFormat.JSON)
    construct = engine.query("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:a> { ?s ?p ?o } }")
    assert construct.form is QueryForm.GRAPH
    assert set(Graph().parse(data=construct.serialize(ResultFormat.TURTLE), format="turtle")) == set(graph("un"))
    with pytest.raises(ValueError, match="text/turtle"):
        engine.query("ASK {}").serialize(ResultFormat.TURTLE)
    with pytest.raises(ValueError, match="text/csv"):
        engine.query("CONSTRUCT WHERE { ?s ?p ?o }").serialize(ResultFormat.CSV)


def test_replacing_is_all_or_nothing(engine: Engine) -> None:
    broken = Graph()
    broken.add((URIRef("urn:no iri"), P, Literal("x")))
    with pytest.raises(Exception, match=r"."):
        engine.replace([(A, graph("neuf")), (B, broken)])
    assert values(engine, "SELECT ?o { ?s ?p ?o }") == {"un", "deux"}


def test_an_empty_graph_goes(engine: Engine) -> None:
    engine.replace([(A, Graph())])
    assert engine.graph_names() == (B,)
    assert not len(engine.graph(A))


def test_a_text_cannot_escape_from_its_literal(engine: Engine) -> None:
    trap = '"""} } ; DROP ALL ; INSERT DATA { GRAPH <urn:x> { <urn:x> <urn:x> "'
    engine.replace([(A, graph(trap, "\\", "\n\r\t", "’é\U0001f600"))])
    assert set(engine.graph(A)) == set(graph(trap, "\\", "\n\r\t", "’é\U0001f600"))
    assert engine.graph_names() == (A, B)


def test_a_store_is_kept_on_disk_and_has_one_writer(tmp_path: Path) -> None:
    first = open_store(tmp_path / "s")
    first.replace([(A, graph("un"))])
    with pytest.raises(StoreUnavailable):
        open_store(tmp_path / "s")
    first.close()
    with pytest.raises(StoreUnavailable):
        first.graph(A)
    second = open_store(tmp_path / "s")
    assert set(second.graph(A)) == set(graph("un"))
    second.close()


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match="file"):
        open_store(tmp_path / "file")


@pytest.mark.parametrize(
    "query", ["SELECT ?o { ?s ?p ?o FILTER(?o != 'service') }", "SELECT ?o { ?s ?p ?o . <urn:service> ?p ?o }"]
)
def test_nothing_keeps_a_result_that_only_its_own_thread_may_let_go(engine: Engine, query: str) -> None:
    """The parser of queries leaves exceptions behind, whose frames lead to ours; another thread may collect them."""
    gc.collect()
    gc.disable()
    try:
        engine.query(query).rows()
        engine.query(query).serialize(ResultFormat.JSON)
        engine.query(query).discard()
        kept = [thing for thing in gc.get_objects() if isinstance(thing, FrameType)]
        assert not [frame for frame in kept if any("QuerySolutions" in type(value).__name__ for value in frame.f_locals.values())]
    finally:
        gc.enable()
