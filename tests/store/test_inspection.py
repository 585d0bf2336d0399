from __future__ import annotations

import pyoxigraph as ox
import pytest

from referentiel.store.inspection import inspect


@pytest.mark.parametrize(
    ("query", "names_dataset", "calls_service"),
    [
        ("SELECT * { ?s ?p ?o }", False, False),
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", True, False),
        ("ASK FROM NAMED <urn:a> {}", True, False),
        ("DESCRIBE <urn:x> FROM <urn:a>", True, False),
        ("CONSTRUCT { ?s ?p ?o } FROM <urn:a> WHERE { ?s ?p ?o }", True, False),
        ("SELECT * { ?service ?from 'SERVICE' }", False, False),
        ("PREFIX x: <urn:service/> SELECT * { x:service ?p x:from }", False, False),
        ("SELECT * { { SERVICE <urn:x> {} } UNION {} }", False, True),
        ("SELECT * { ?s ?p 'le service client', <http://x/service#from> } # SERVICE FROM", False, False),
        ("SELECT * { ?s <http://x/it's> 'service', <http://x/from> }", False, False),
        ("PREFIX e: <urn:> SELECT * FROMe:x {}", True, False),
        ("SELECT * FROMNAMED<urn:x> {}", True, False),
        ("SELECT * {SERVICESILENT <urn:x> {?a ?b ?c}}", False, True),
        ("SELECT * {?s ?p 1SERVICE <urn:x> {?a ?b ?c}}", False, True),
        ("SELECT * {?s ?p trueSERVICE <urn:x> {?a ?b ?c}}", False, True),
        ("SELECT * {?s ?p +1SERVICE<urn:x>{?a ?b ?c}}", False, True),
        ("SELECT * {?s ?p 'a'SERVICE<urn:x>{?a ?b ?c}}", False, True),
        ("PREFIX : <urn:> SELECT * {?s :service :a.from}", False, False),
        ("SELECT * {?s ?p 1.5e3SERVICE<urn:x>{?a ?b ?c}}", False, True),
        ("PREFIX e:<http://127.0.0.1/> SELECT * {SERVICEe:x {?a ?b ?c}}", False, True),
        ("SELECT * {{SELECT * {OPTIONAL{SERVICESILENT <urn:x> {?a ?b ?c}}}}}", False, True),
        ("PREFIX e: <urn:> SELECT * {?s ?p e:.SERVICE<urn:x>{?a ?b ?c}}", False, True),
        ("PREFIX e: <urn:> SELECT * {?s ?p e:a.service, _:b.service, 'a'@x-service}", False, False),
        ("PREFIX service: <urn:> SELECT * {?s ?p service:x}", False, True),
        ("PREFIX fromage: <urn:> SELECT * {?s fromage:x ?o}", False, False),
        ("SELECT * {\\u0053ERVICE <urn:x> {?a ?b ?c}}", False, True),
        ("SELECT * {?s <http://x/\\u00e9/service> 'from \\u0066rom'}", False, False),
        ("SELECT (EXISTS { SERVICE <urn:x> { ?s ?p ?o } } AS ?e) {}", False, True),
    ],
)
def test_inspection(query: str, names_dataset: bool, calls_service: bool) -> None:
    found = inspect(query)
    assert (found.names_dataset, found.calls_service) == (names_dataset, calls_service)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('le Service, le SERVICE' AS ?x) {}",
        'SELECT ("le service" AS ?x) {}',
        "SELECT ('''l'autre\nService''' AS ?x) {}",
        'SELECT ("""le "service" """ AS ?x) {}',
        r"SELECT ('\\service \'service\' \u0073ervice' AS ?x) {}",
        "PREFIX x: <http://x/Service#> BASE <urn:SERVICE:> SELECT (CONCAT(STR(x:service), STR(<service>)) AS ?x) {} # service",
        "SELECT ?service { VALUES ?service { 'service'@x-service '1'^^<urn:service> } }",
    ],
)
def test_what_an_engine_gets_means_the_same(query: str) -> None:
    text = inspect(query).text
    assert text != query
    assert values(text) == values(query)


def values(query: str) -> list[str]:
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [str(solution) for solution in found]


def test_a_faulty_escape_stays_faulty() -> None:
    with pytest.raises(SyntaxError):
        ox.Store().query(inspect(r"SELECT ('\service' AS ?x) {}").text)


@pytest.mark.parametrize("query", [r"SELECT * { S\u0045RVICE <urn:x> {} }", r"\u0053ELECT * {}", r"SELECT * {} \u0023 comment"])
def test_the_engine_reads_escapes_in_texts_and_iris_only(query: str) -> None:
    """What breaks the letters of a keyword stands on it."""
    with pytest.raises(SyntaxError):
        ox.Store().query(query)


@pytest.mark.parametrize("piece", ["'\\", '"\\', "'''\\", '"""\\', "<", "<a", "\\u0027", "a.", ":", "#\n"])
def test_a_hostile_query_is_read_in_one_pass(piece: str) -> None:
    """Were the rest read anew for each piece, this would take minutes."""
    query = piece * (100_000 // len(piece)) + " 'service'"
    found = inspect(query)
    assert found.calls_service or found.text != query


def test_deep_nesting_does_not_break_the_inspection() -> None:
    assert not inspect("SELECT * " + "{" * 3000 + " ?s ?p 'service' " + "}" * 3000).calls_service
