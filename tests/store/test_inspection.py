from __future__ import annotations

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
        ("PREFIX from: <urn:service/> SELECT * { from:service ?p ?o }", False, False),
        ("SELECT * { { SERVICE <urn:x> {} } UNION {} }", False, True),
        ("SELECT (EXISTS { SERVICE <urn:x> { ?s ?p ?o } } AS ?e) {}", False, True),
    ],
)
def test_inspection(query: str, names_dataset: bool, calls_service: bool) -> None:
    found = inspect(query)
    assert (found.names_dataset, found.calls_service) == (names_dataset, calls_service)


def test_what_may_call_a_service_and_cannot_be_parsed_is_refused() -> None:
    with pytest.raises(BadQuery):
        inspect("SELECT * { SERVICE <urn:x> ")


def test_deep_nesting_does_not_break_the_inspection() -> None:
    query = "SELECT * " + "{" * 3000 + " SERVICE <urn:x> {} " + "}" * 3000
    with pytest.raises(BadQuery):
        inspect(query)
