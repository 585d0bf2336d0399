"""The comparison that the suites rely on: it can tell answers apart, and reads each format alike."""

from __future__ import annotations

import pytest

from w3c.results import Table, Term, literal, read_csv, read_json, read_tsv, read_xml, same

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(*rows: Term) -> Table:
    """A table of one column."""
    return Table(frozenset({"x"}), tuple({"x": term} for term in rows))


ONE, TWO = literal("1", None, f"{XSD}integer"), literal("2", None, f"{XSD}integer")
A, B, C = ("bnode", "a"), ("bnode", "b"), ("bnode", "c")


@pytest.mark.parametrize(
    ("one", "other", "ordered", "expected"),
    [
        (table(ONE, TWO), table(TWO, ONE), False, True),
        (table(ONE, TWO), table(TWO, ONE), True, False),
        (table(ONE, ONE), table(ONE), False, False),
        (table(A, B), table(C, A), False, True),
        (table(A, A), table(A, B), False, False),
        (table(A, ONE), table(ONE, C), False, True),
        (table(A, ONE), table(ONE, C), True, False),
        (table(), Table(frozenset({"y"}), ()), False, False),
        (True, table(), False, False),
        (True, False, False, False),
        (True, True, False, True),
    ],
)
def test_answers_are_told_apart(one: Table | bool, other: Table | bool, ordered: bool, expected: bool) -> None:
    assert same(one, other, ordered=ordered) is expected


def test_numbers_count_by_worth_and_type() -> None:
    assert literal("2.0", None, f"{XSD}decimal") == literal("2.00", None, f"{XSD}decimal")
    assert literal("1E0", None, f"{XSD}double") == literal("1.0", None, f"{XSD}double")
    assert literal("2", None, f"{XSD}decimal") != literal("2", None, f"{XSD}integer")
    assert literal("x", None, f"{XSD}integer") != literal("y", None, f"{XSD}integer")
    assert literal("02", None, None) != literal("2", None, None)
    assert literal("a", "EN", None) == literal("a", "en", None) != literal("a", None, None)


def test_every_format_reads_alike() -> None:
    rows = '{"x": {"type": "literal", "value": "é", "xml:lang": "fr"}}, {"x": {"type": "bnode", "value": "b"}}, {}'
    wanted = read_json(f'{{"head": {{"vars": ["x"]}}, "results": {{"bindings": [{rows}]}}}}'.encode())
    xml = (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head><results>'
        '<result><binding name="x"><literal xml:lang="fr">é</literal></binding></result>'
        '<result><binding name="x"><bnode>k</bnode></binding></result><result/></results></sparql>'
    )
    assert same(wanted, read_xml(xml.encode()), ordered=True)
    assert same(wanted, read_tsv('?x\n"é"@fr\n_:k\n\n'.encode()), ordered=True)
    assert same(read_csv(b"x\r\n_:a\r\n1\r\n"), read_csv(b"x\r\n_:b\r\n1\r\n"), ordered=True)
    assert not same(read_csv(b"x\r\n1\r\n"), read_csv(b"x\r\n1.0\r\n"), ordered=True)
