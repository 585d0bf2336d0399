from __future__ import annotations

from contextlib import suppress

import pytest

from referentiel.store import BadQuery
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
        ("SELECT (EXISTS { SERVICE <urn:x> { ?s ?p ?o } } AS ?e) {}", False, True),
    ],
)
def test_inspection(query: str, names_dataset: bool, calls_service: bool) -> None:
    found = inspect(query)
    assert (found.names_dataset, found.calls_service) == (names_dataset, calls_service)


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s <urn:service> ", "SELECT * { ?s ?p ?o FILTER(?o<'service' ", "DESCRIBE 'service'"]
)
def test_what_may_call_a_service_and_cannot_be_parsed_is_refused(query: str) -> None:
    with pytest.raises(BadQuery, match="can't be"):
        inspect(query)


def test_deep_nesting_does_not_break_the_inspection() -> None:
    query = "SELECT * " + "{" * 3000 + " ?s ?p 'service' " + "}" * 3000
    with suppress(BadQuery):
        assert not inspect(query).calls_service
