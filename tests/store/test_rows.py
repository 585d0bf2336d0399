"""Rows are counted in what the engine really writes, however it is cut into pieces, and whatever texts try to look like."""

from __future__ import annotations

from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.store import ResultFormat, TooManyRows
from referentiel.store.rows import BoundedSink

FORMS = {
    ResultFormat.JSON: ox.QueryResultsFormat.JSON,
    ResultFormat.XML: ox.QueryResultsFormat.XML,
    ResultFormat.CSV: ox.QueryResultsFormat.CSV,
    ResultFormat.TSV: ox.QueryResultsFormat.TSV,
}
DECEITS = ['"}},{"', "}},{", '"}},{', "<result>", "</result>", "\n", "\r\n", '"', '""\n"', "\t", ",", "\\", "é", "x" * 50]
texts = st.lists(st.sampled_from(DECEITS), max_size=4).map("".join)


def written(rows: list[tuple[str, str]], form: ResultFormat, mixed: bool) -> bytes:
    """Rows as the engine writes them; mixed: some have unbound columns, some have triple terms."""
    store = ox.Store()
    subject, predicate = ox.NamedNode("http://a.example/s"), "http://a.example/p{}"
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            store.add(ox.Quad(subject, ox.NamedNode(predicate.format(f"{number}/{column}")), ox.Literal(text)))
    kinds = (
        "{{ ?s <http://a.example/p{0}/0> ?a ; <http://a.example/p{0}/1> ?b }}",
        "{{ ?s <http://a.example/p{0}/0> ?a }}",
        "{{ ?s <http://a.example/p{0}/0> ?hidden }}",
        "{{ ?s <http://a.example/p{0}/0> ?t BIND(TRIPLE(?s, <http://a.example/>, ?t) AS ?a) BIND(?a AS ?b) }}",
    )
    query = " UNION ".join(kinds[number % len(kinds) if mixed else 0].format(number) for number in range(len(rows)))
    result = store.query(f"SELECT ?a ?b {{ {query or 'FILTER(false)'} }}")
    assert isinstance(result, ox.QuerySolutions)
    return result.serialize(format=FORMS[form]) or b""


def passed(data: bytes, form: ResultFormat, limit: int, size: int) -> bytes | None:
    """What goes through a sink, written in pieces of a size; None when it holds too many rows."""
    out = BytesIO()
    sink = BoundedSink(out, form, limit)
    try:
        for start in range(0, len(data), size):
            sink.write(data[start : start + size])
    except TooManyRows:
        assert sink.full
        return None
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
@given(rows=st.lists(st.tuples(texts, texts), max_size=6), size=st.sampled_from([1, 2, 3, 7, 8, 64, 8192]), mixed=st.booleans())
def test_as_many_rows_as_allowed_and_not_one_more(form: ResultFormat, rows: list[tuple[str, str]], size: int, mixed: bool) -> None:
    data = written(rows, form, mixed)
    assert passed(data, form, max(1, len(rows)), size) == data
    if len(rows) > 1:
        assert passed(data, form, len(rows) - 1, size) is None
