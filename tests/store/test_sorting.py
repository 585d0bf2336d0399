from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.store import sorting
from referentiel.store.engine import BadQuery, ResultFormat, TooManyRows
from referentiel.store.oxigraph import ask
from referentiel.store.sorting import Order, sorted_outside, taken_out

XSD = "http://www.w3.org/2001/XMLSchema#"
Term = ox.NamedNode | ox.BlankNode | ox.Literal
FORMATS = (ox.QueryResultsFormat.TSV, ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)
ROWS = "SELECT ?first ?second ?row { ?row a <urn:Row> OPTIONAL { ?row <urn:first> ?first } OPTIONAL { ?row <urn:second> ?second } }"


def typed(datatype: str) -> st.SearchStrategy[ox.Literal]:
    values: dict[str, st.SearchStrategy[object]] = {
        "integer": st.integers(-(10**15) + 1, 10**15 - 1),
        "decimal": st.decimals(-(10**6), 10**6, places=4),
        "double": st.floats(allow_nan=False),
        "float": st.floats(allow_nan=False, width=32),
        "boolean": st.sampled_from(["true", "false"]),
        "date": st.dates().map(lambda date: date.isoformat()),
        "dateTime": st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%S}".zfill(19)),
    }
    written = values[datatype].map(lambda value: {"inf": "INF", "-inf": "-INF"}.get(str(value), str(value)))
    return written.map(lambda text: ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.text(
    '\t\n\r\\" !a~é', max_size=3
)
named = st.sampled_from(["urn:a", "urn:a!", "urn:b", "urn:é", "urn:a/b"]).map(ox.NamedNode)
unnamed = st.sampled_from(["a", "b", "c1", "0f"]).map(ox.BlankNode)
by_text = st.one_of(
    texts.map(ox.Literal),
    st.tuples(texts, st.sampled_from(["fr", "fr-BE", "en"])).map(lambda pair: ox.Literal(pair[0], language=pair[1])),
    st.tuples(texts, st.sampled_from(["urn:one", "urn:two"])).map(lambda pair: ox.Literal(pair[0], datatype=ox.NamedNode(pair[1]))),
    typed("boolean"),
    typed("date"),
    typed("dateTime"),
)
columns = st.sampled_from(
    [by_text, typed("integer") | typed("decimal"), typed("integer") | typed("double"), typed("float"), typed("dateTime")]
).flatmap(lambda literals: st.lists(st.none() | named | unnamed | literals, min_size=1, max_size=30))
directions = st.sampled_from(["{}", "ASC({})", "DESC({})", "desc( {} )"])


def store_of(first: Sequence[Term | None], second: Sequence[Term | None]) -> ox.Store:
    store = ox.Store()
    for number, terms in enumerate(zip(first, second, strict=False)):
        row = ox.NamedNode(f"urn:row:{number}")
        store.add(ox.Quad(row, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode("urn:Row")))
        for name, term in zip(("first", "second"), terms, strict=True):
            if term is not None:
                store.add(ox.Quad(row, ox.NamedNode(f"urn:{name}"), term))
    return store


@settings(deadline=None, max_examples=200)
@given(
    columns,
    columns,
    directions,
    directions,
    st.sampled_from(["", " LIMIT 5", " OFFSET 3", " OFFSET 2 LIMIT 4", "LIMIT 3 offset 1"]),
)
def test_the_same_answer_as_the_engine(
    first: list[Term | None], second: list[Term | None], one: str, other: str, bounds: str
) -> None:
    store = store_of(first, second)
    query = f"{ROWS} ORDER BY {one.format('?first')} {other.format('$second')} ?row {bounds}"
    for form in FORMATS:
        found = sorted_outside(query, store.query)
        expected = store.query(query)
        assert found is not None
        assert isinstance(expected, ox.QuerySolutions)
        assert found.serialize(format=form) == expected.serialize(format=form)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o } ORDER BY ?nowhere", "SELECT ?s { ?s ?p ?o } ORDER BY ?o"])
def test_a_key_that_is_no_column_is_left_to_the_engine(query: str) -> None:
    assert sorted_outside(query, store_of([ox.Literal("a")], [None]).query) is None


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("P1D", "duration"),
        ("10:00:00", "time"),
        ("2024-01-01Z", "date"),
        ("2024-01-01T10:00:00.5", "dateTime"),
        ("2024-01-01T10:00:00+01:00", "dateTime"),
        ("9" * 30, "integer"),
        ("x", "integer"),
    ],
)
def test_what_is_not_understood_is_left_to_the_engine(text: str, datatype: str) -> None:
    store = store_of([ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))], [None])
    assert sorted_outside(ROWS + " ORDER BY ?first", store.query) is None


@pytest.mark.parametrize(
    "term",
    [
        ox.Literal("a", language="ar", direction=ox.BaseDirection.RTL),
        ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("a")),
    ],
)
def test_terms_of_rdf_1_2_are_left_to_the_engine(term: ox.Literal | ox.Triple) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term))
    assert sorted_outside("SELECT ?o { ?s ?p ?o } ORDER BY ?o", store.query) is None


def test_numbers_that_the_engine_would_round_to_compare_are_left_to_it() -> None:
    tenths = [ox.Literal("0.1", datatype=ox.NamedNode(XSD + kind)) for kind in ("decimal", "double")]
    assert sorted_outside(ROWS + " ORDER BY ?first", store_of(tenths, tenths).query) is None


def test_a_column_that_would_end_the_process_is_sorted() -> None:
    kinds = [
        *((str(number), "string") for number in range(40)),
        *((str(number), "integer") for number in range(40)),
        ("NaN", "double"),
    ]
    terms = [ox.Literal(text, datatype=ox.NamedNode(XSD + kind)) for text, kind in kinds]
    found = sorted_outside(ROWS + " ORDER BY DESC(?first)", store_of(terms, terms).query)
    assert found is not None
    written = [(row["first"].value, row["first"].datatype.value.removeprefix(XSD)) for row in found]
    assert written == [
        *sorted((kind for kind in kinds if kind[1] == "string"), reverse=True),
        *((str(number), "integer") for number in reversed(range(40))),
        ("NaN", "double"),
    ]


def test_too_long_an_answer_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of([ox.Literal("a"), ox.Literal("b")], [None, None])
    assert sorted_outside(ROWS + " ORDER BY ?first", store.query) is not None
    monkeypatch.setattr(sorting, "LONGEST", 40)
    assert sorted_outside(ROWS + " ORDER BY ?first", store.query) is None


@pytest.mark.parametrize(
    ("tail", "keys", "offset", "limit"),
    [
        ("ORDER BY ?o", (("o", False),), 0, None),
        ("order\nby desc(?o) # who ORDER BY ?x\n$s LIMIT 10", (("o", True), ("s", False)), 0, 10),
        ("GROUP BY ?s ?o HAVING (COUNT(*) > 0) ORDER BY ASC(?s) OFFSET 5 LIMIT 0", (("s", False),), 5, 0),
    ],
)
def test_the_order_is_taken_out(tail: str, keys: tuple[tuple[str, bool], ...], offset: int, limit: int | None) -> None:
    query = "PREFIX order: <urn:> SELECT ?s ?o { ?s order:by ?o, <urn:\\u0065> FILTER(?o != '\\u0022 ORDER BY ?x') } "
    found = taken_out(query + tail)
    assert found == Order((query + tail)[: (query + tail).lower().index("order", len(query))], keys, offset, limit)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p 'ORDER BY ?o' }",
        "SELECT * { ?s ?p ?o } # ORDER BY ?o",
        "SELECT * { { SELECT * { ?s ?p ?o } ORDER BY ?o } }",
        "SELECT * { ?s ?p ?o } ORDER BY STR(?o)",
        "SELECT * { ?s ?p ?o } ORDER BY (?o)",
        "SELECT * { ?s ?p ?o } ORDER BY DESC(?o + 1)",
        "SELECT * { ?s ?p ?o } ORDER BY ?o VALUES ?o { 1 }",
        "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT",
        "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT 1 LIMIT 2",
        "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT -1",
        "SELECT * { ?s ?p ?o } ORDER BY",
        "SELECT * { ?s ?p ?o ORDER BY ?o",
        "SELECT * { ?s ?p ?o }} ORDER BY ?o",
        "SELECT * { ?s ?p ?o } ORDER\\u0020BY ?s ORDER BY ?o",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?o",
        "DESCRIBE ?s { ?s ?p ?o } ORDER BY ?o",
        "ASK { ?s ?p ?o } ORDER BY ?o",
    ],
)
def test_any_other_order_is_left_alone(query: str) -> None:
    assert taken_out(query) is None


def test_the_sorted_answer_is_an_answer_like_any_other() -> None:
    store = store_of([ox.Literal("b"), ox.Literal("a"), ox.Literal("c")], [None] * 3)
    query = ROWS + " ORDER BY DESC(?first)"
    assert [row[0] for row in ask(store, query).rows()] == ["c", "b", "a"]
    assert ask(store, query).serialize(ResultFormat.CSV).startswith(b"first,second,row\r\nc,,urn:row:2\r\n")
    with pytest.raises(TooManyRows):
        ask(store, query).write(ResultFormat.JSON, BytesIO(), limit=2)
    with pytest.raises(BadQuery):
        ask(store, "SELECT ?s { ?s ?p } ORDER BY ?s")


def test_a_fault_of_the_query_is_told() -> None:
    with pytest.raises(SyntaxError):
        sorted_outside("SELECT ?s { ?s ?p } ORDER BY ?s", ox.Store().query)
