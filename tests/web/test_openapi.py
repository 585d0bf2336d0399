"""The interface as it is described, tried by schemathesis: whatever is sent, no fault of ours, no hang, only what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from referentiel.access import FILE, Tokens
from referentiel.settings import Limits, Settings, Writing
from referentiel.store import open_store
from referentiel.web import create_app
from referentiel.web.bodies import TABLES
from stores import install
from web.writing import Serve, broken, small

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
READING = {"GET", "HEAD"}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
OFTEN = [pytest.param(3, id="few"), pytest.param(25, id="many", marks=pytest.mark.thorough)]
"""Requests for each operation; they are the same in every run."""
PATIENCE = 30.0
"""Seconds after which an answer is taken for a hang: far beyond every limit of the service that is asked."""


TURTLE = small("T1").encode()
UPDATES = [
    b"INSERT DATA { <urn:a> <urn:b> 1 }",
    b"DELETE WHERE { ?s <urn:b> ?o }",
    b"LOAD <http://127.0.0.1:1/>",
    b"DELETE { ?s ?p ?o } INSERT { ?s ?p [] } WHERE { ?s ?p ?o }",
]
BODIES: dict[str, list[bytes]] = {
    "text/turtle": [TURTLE, TURTLE[:-100]],
    "application/trig": [TURTLE, b"<urn:g> { <urn:a> <urn:b> <urn:c> }"],
    "application/n-triples": [broken("T2").encode()],
    "application/n-quads": [broken("T2").encode()],
    "text/n3": [TURTLE],
    "application/rdf+xml": [b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', b"<!DOCTYPE x><x/>"],
    "application/sparql-update": UPDATES,
    "application/sparql-query": [b"SELECT * { ?s ?p ?o } LIMIT 2", b"ASK {", *UPDATES],
    "application/patch+rdf": [b"A <urn:a> <urn:b> <urn:c> ."],
    **{name: [b"Bloc;Activit\xc3\xa9;Comp\xc3\xa9tence\n1;A1;C 1", b"PK\x03\x04", b"<table><td colspan=9999>"] for name in TABLES},
}
"""What is sent of each type, besides noise."""


def register(media_type: str, bodies: list[bytes]) -> None:
    """Have schemathesis send such bodies."""
    schemathesis.openapi.media_type(media_type, st.sampled_from(bodies) | st.binary(max_size=80))
    schemathesis.serializer(media_type)(lambda _context, value: value if isinstance(value, bytes) else str(value).encode())


for known, examples in BODIES.items():
    register(known, examples)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[str, str]]:
    """The address of a service with narrow limits, over a store of its own, and a token that may do everything."""
    folder = tmp_path_factory.mktemp("openapi") / "store"
    limits = Limits(seconds=5, memory=512)
    narrow = replace(Settings(), store=folder, limits=limits, writing=Writing(body=1, seconds=5, memory=512))
    store = open_store(folder)
    install(store, narrow.base)
    token = Tokens(folder / FILE).create("openapi", operations=("write", "withdraw", "graphs"), certifications=("*",))
    with serve(create_app(store, narrow)) as address:
        yield address, token
    store.close()


@pytest.fixture(scope="module")
def described(served: tuple[str, str]) -> Any:
    """The description, as the service gives it."""
    return schemathesis.openapi.from_url(f"{served[0]}/openapi.json")


def tried(described: Any, address: str, methods: set[str], often: int, headers: dict[str, str] | None = None) -> list[str]:
    """What goes wrong, operation by operation, with requests made up from the description."""
    wrong: list[str] = []
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.method.upper() not in methods:
            continue

        @settings(max_examples=often, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            case.call_and_validate(base_url=address, headers=headers, checks=CHECKS, timeout=PATIENCE)

        try:
            ask()
        except (FailureGroup, Exception) as error:
            wrong.append(f"{operation.label}: {type(error).__name__}: {error}")
    return wrong


@pytest.mark.parametrize("often", OFTEN)
def test_without_a_token(served: tuple[str, str], described: Any, often: int) -> None:
    wrong = tried(described, served[0], READING | WRITING, often)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("often", OFTEN)
def test_with_a_token(served: tuple[str, str], described: Any, often: int) -> None:
    address, token = served
    wrong = tried(described, address, WRITING, often, {"Authorization": f"Bearer {token}"})
    assert not wrong, "\n\n".join(wrong)
