from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from referentiel.store import oxigraph
from referentiel.store.engine import BadQuery
from referentiel.store.text_index import Hit, TextIndex
from referentiel.store.text_query import MOST_HITS, expand

PREFIX = "PREFIX text: <http://jena.apache.org/text#> PREFIX : <urn:> "
A, B = ox.NamedNode("urn:graph:a"), ox.NamedNode("urn:graph:b")
ODD = "Le \"bon\" boulanger\\n\n\tdit\r'oui' \\ {?s} « text:query »"
DATA = [
    (A, "one", "label", ox.Literal("Boulanger pâtissier", language="fr")),
    (A, "one", "note", ox.Literal("Un boulanger")),
    (B, "two", "label", ox.Literal("Boulanger", language="fr-BE")),
    (B, "two", "code", ox.Literal("C2")),
    (B, "three", "label", ox.Literal("Boucher", language="fr")),
    (B, "three", "code", ox.Literal("C3")),
    (A, "odd", "label", ox.Literal(ODD)),
]
Ask = Callable[..., set[tuple[str, ...]]]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for graph, subject, predicate, text in DATA:
        store.add(ox.Quad(ox.NamedNode(f"urn:{subject}"), ox.NamedNode(f"urn:{predicate}"), text, graph))
    return store


@pytest.fixture(scope="module")
def index(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    return TextIndex.of(tmp_path_factory.mktemp("index") / "index.sqlite", store)


@pytest.fixture(scope="module")
def ask(store: ox.Store, index: TextIndex) -> Ask:
    def asked(query: str, bindings: dict[str, URIRef | Literal] | None = None, **dataset: object) -> set[tuple[str, ...]]:
        options = dataset or {"use_default_graph_as_union": True}
        solutions = store.query(expand(PREFIX + query, index.search, bindings), **options)  # type: ignore[arg-type]
        assert isinstance(solutions, ox.QuerySolutions)
        rows = [tuple(term.value.removeprefix("urn:") if term else "" for term in row) for row in solutions]
        assert len(rows) == len(set(rows))
        return set(rows)

    return asked


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ('SELECT * { ?s text:query "boulanger" }', {("one",), ("two",), ("odd",)}),
        ('SELECT ?s ?t { (?s ?score ?t) text:query (:note "boulanger") }', {("one", "Un boulanger")}),
        ('SELECT ?s ?t { (?s ?x ?t) text:query "bon" FILTER(?x > 0) }', {("odd", ODD)}),
        ('SELECT * { ?s text:query (:label :note "boulanger" "lang:fr") }', {("one",), ("two",)}),
        ('SELECT * { ?s text:query "boulanger"@fr-BE . }', {("two",)}),
        ("SELECT * { ?s text:query ('''boulanger''' 'lang:fr' 1) }", {("two",)}),
        ('SELECT * { ?s text:query "bou*" ; :code ?code }', {("C2", "two"), ("C3", "three")}),
        ('SELECT * { ?s :code ?code . ?s text:query "boucher" ; ; . }', {("C3", "three")}),
        ('SELECT * { FILTER(true) ?s text:query "boucher" BIND(1 AS ?one) }', {("1", "three")}),
        (
            'SELECT * { ?s :code ?c OPTIONAL { ?s text:query "boucher" ; :label ?l } }',
            {("C2", "", "two"), ("C3", "Boucher", "three")},
        ),
        ('SELECT * { { ?s text:query "boucher" } UNION { ?s text:query "bon" } }', {("three",), ("odd",)}),
        ('SELECT * { ?s text:query "boulanger" . ?s text:query "patissier" }', {("one",)}),
        ('SELECT * { ?s :code ?c MINUS { ?s text:query "boulanger" } }', {("C3", "three")}),
        ('SELECT * { ?s :code ?c FILTER NOT EXISTS { ?s text:query "boulanger" } }', {("C3", "three")}),
        ('SELECT ?s { { SELECT ?s { ?s text:query "boucher" } } }', {("three",)}),
        ('SELECT * { GRAPH ?g { ?s text:query "boulanger" } }', {("graph:a", "one"), ("graph:b", "two"), ("graph:a", "odd")}),
        ('SELECT * { GRAPH ?g { ?s text:query "boulanger" . ?s :note ?n } }', {("graph:a", "Un boulanger", "one")}),
        ('SELECT * { GRAPH ?g { { ?s :code ?c } { ?s text:query "boucher" } } }', {("C3", "graph:b", "three")}),
        ('SELECT * { GRAPH <urn:graph:b> { ?s text:query "boulanger" } }', {("two",)}),
        ('SELECT * { ?s text:query "introuvable" }', set()),
        ('SELECT * { ?s text:query "p\\u00E2tissier\\t\\U00000042OULANGER" }', {("one",)}),
        ('SELECT ?s { ?s <http://jena.apache.org/text#query> "boucher" }', {("three",)}),
        ('PREFIX jena: <http://jena.apache.org/text#> SELECT ?s { $s jena:query "boucher" }', {("three",)}),
        ('SELECT ?predicate ?score { ?predicate text:query "boucher" . ?predicate :code ?score }', {("three", "C3")}),
        ('SELECT (COUNT(*) AS ?n) { ?s text:query "bou*" }', {("4",)}),
    ],
)
def test_answers(ask: Ask, query: str, rows: set[tuple[str, ...]]) -> None:
    columns = {tuple(sorted(row)) for row in ask(query)}
    assert columns == {tuple(sorted(row)) for row in rows}


def test_the_dataset_of_the_request_holds(ask: Ask) -> None:
    query = 'SELECT * { ?s text:query "boulanger" }'
    assert ask(query, default_graph=[B]) == {("two",)}
    assert ask('SELECT ?s { GRAPH ?g { ?s text:query "boulanger" } }', default_graph=[], named_graphs=[B]) == {("two",)}
    assert ask('SELECT * FROM <urn:graph:b> { ?s text:query "boulanger" }', use_default_graph_as_union=False) == {("two",)}


def test_what_is_looked_for_may_be_a_parameter(ask: Ask) -> None:
    hostile = '" } } DROP ALL # boucher'
    assert ask("SELECT ?s { ?s text:query ?words }", {"words": Literal("boucher")}) == {("three",)}
    assert ask("SELECT ?s { ?s text:query (:label ?words ?most) }", {"words": Literal("boucher"), "most": Literal(5)}) == {
        ("three",)
    }
    with pytest.raises(BadQuery, match="quotation mark"):
        ask("SELECT ?s { ?s text:query ?words }", {"words": Literal(hostile)})
    with pytest.raises(BadQuery, match="parameter"):
        ask("SELECT ?s { ?s text:query ?words }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p 'text:query' } # ?s text:query 'x'",
        "SELECT * { ?s text:queries 'x' ; <urn:text:query> 'y' }",
        "SELECT * { ?s :query 'x' }",
        "SELECT * { SERVICE <urn:x> { ?s text:query 'x' } SERVICE SILENT :y { { ?s text:query 'x' } } }",
    ],
)
def test_any_other_query_stays_as_it_is(index: TextIndex, query: str) -> None:
    assert expand(PREFIX + query, index.search) == PREFIX + query


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s :code ?c ; text:query "x" }',
        'SELECT * { <urn:s> text:query "x" }',
        'SELECT * { [] text:query "x" }',
        'SELECT * { [ text:query "x" ] }',
        'SELECT * { ?s text:query "x", "y" }',
        'SELECT * { ?s text:query/:label "x" }',
        'SELECT * { ?s ^text:query "x" }',
        'SELECT * { ?s (text:query|:label) "x" }',
        'SELECT * { ?s text:query "x" ?s :code ?c }',
        'SELECT * { ?s text:query "x"^^<urn:t> }',
        "SELECT * { ?s text:query :x }",
        "SELECT * { ?s text:query 12.5 }",
        "SELECT * { ?s text:query (:label) }",
        "SELECT * { ?s text:query () }",
        'SELECT * { () text:query "x" }',
        'SELECT * { (?s ?s) text:query "x" }',
        'SELECT * { (?s ?b ?c ?d) text:query "x" }',
        'SELECT * { (?s ?b) text:query "x" ; :code ?c }',
        'SELECT * { ?s text:query ("x" 0) }',
        f'SELECT * {{ ?s text:query ("x" {"9" * 5000}) }}',
        f'SELECT * {{ ?s text:query ("x" {MOST_HITS + 1}) }}',
        'SELECT * { ?s text:query ("x" "highlight:") }',
        "SELECT * { VALUES ?p { text:query } }",
        "SELECT * { ?s ?p ?o FILTER(?p = text:query) }",
        'CONSTRUCT { ?s text:query "x" } WHERE { ?s ?p ?o }',
        'CONSTRUCT WHERE { ?s text:query "x" }',
        'SELECT * { ?s text:query "\\ud800" }',
        'SELECT * { ?s text:query "x" \\u007d',
        'SELECT * { ?s text:query "x" ',
        "DESCRIBE text:query",
        'text:query "x"',
        "?s text:query",
    ],
)
def test_what_is_no_statement_of_its_own_is_refused(index: TextIndex, query: str) -> None:
    with pytest.raises(BadQuery, match="text:query"):
        expand(PREFIX + query, index.search)


def test_a_search_in_a_question_to_a_store(store: ox.Store, index: TextIndex) -> None:
    query = PREFIX + 'SELECT ?s { ?s text:query "service*" }'
    assert oxigraph.ask(store, query, search=index.search).rows() == []
    parametrised = PREFIX + "SELECT ?words ?s { ?s text:query ?words } ORDER BY ?s"
    answer = oxigraph.ask(store, parametrised, bindings={"words": Literal("bon")}, search=index.search)
    assert answer.rows() == [("bon", "urn:odd")]
    held = ox.Store()
    held.add(ox.Quad(ox.NamedNode("urn:service"), ox.NamedNode("urn:label"), ox.Literal("Au service du \\ client"), A))
    found = Hit("urn:service", "urn:label", "Au service du \\ client", None, 1.0)
    assert oxigraph.ask(held, query, search=lambda *_: [found]).rows() == [("urn:service",)]
    with pytest.raises(BadQuery, match="no text index"):
        oxigraph.ask(held, query)


def test_a_store_without_an_index_says_so() -> None:
    with pytest.raises(BadQuery, match="no text index"):
        expand(PREFIX + 'SELECT * { ?s text:query "x" }', None)


def test_more_than_can_be_given_is_refused_not_cut() -> None:
    def many(text: str, predicates: tuple[str, ...], language: str | None, limit: int) -> list[Hit]:
        return [Hit("urn:s", "urn:p", text, language, 1.0)] * min(limit, MOST_HITS + 5)

    assert expand(PREFIX + f'SELECT * {{ ?s text:query ("x" {MOST_HITS}) }}', many).count("<urn:s>") == MOST_HITS
    with pytest.raises(BadQuery, match="give a limit"):
        expand(PREFIX + 'SELECT * { ?s text:query "x" }', many)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_a_text_comes_back_as_it_is_stored(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:label"), ox.Literal(f"mot {text}"), A))
    path: Path = tmp_path_factory.mktemp("index") / "index.sqlite"
    index = TextIndex.of(path, store)
    query = expand(PREFIX + 'SELECT ?text { (?s ?score ?text) text:query "mot" }', index.search)
    index.close()
    assert [row["text"].value for row in store.query(query, use_default_graph_as_union=True)] == [f"mot {text}"]  # type: ignore[union-attr]
