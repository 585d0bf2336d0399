from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI

from referentiel.settings import Settings
from referentiel.store import Engine, open_store
from referentiel.web import create_app
from referentiel.web.http import EveryRoute
from referentiel.web.problems import KINDS
from referentiel.web.questions import MAX_BODY

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}

CAUSES = {
    "bad-request": ("GET", "/sparql?query=%FF", {}, b""),
    "missing-query": ("GET", "/sparql?query=", {}, b""),
    "repeated-query": ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, b""),
    "bad-query": ("POST", "/sparql", QUERY, b"SELECT"),
    "not-found": ("GET", "/nowhere", {}, b""),
    "method-not-allowed": ("DELETE", "/ns", {}, b""),
    "not-acceptable": ("GET", "/ns", {"Accept": "image/png"}, b""),
    "too-large": ("POST", "/sparql", QUERY, b" " * (MAX_BODY + 1)),
    "unsupported-media-type": ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}"),
    "service-refused": ("POST", "/sparql", QUERY, b"ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"),
    "invalid-parameter": ("GET", "/?lang=de", {}, b""),
}
"""A request for every kind of problem that a sender can cause."""


@pytest.fixture(scope="module")
def broken(serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[httpx.Client]:
    """A client of a service whose store is closed and which has a route that crashes."""
    store = open_store(None)
    app = create_app(store, Settings())

    @app.get("/crash")
    def crash() -> None:
        raise ZeroDivisionError("secret")

    with serve(app) as address, httpx.Client(base_url=address) as client:
        store.close()
        yield client


def test_every_kind_has_a_cause_tested_here() -> None:
    limits = {"service-failed", "too-many-requests", "answer-too-large", "overloaded", "query-memory", "query-timeout"}
    writing = {
        *("token-needed", "invalid-token", "not-allowed", "too-many-failures", "protected-graph", "bad-data", "bad-update"),
        *("unreadable-table", "unfit-data", "rules-broken", "invalid-shapes", "precondition-failed", "conflict", "gone"),
        *("no-such-version", "body-too-large", "validation-limit", "storage-full", "foreign-form"),
    }
    assert set(CAUSES) | limits | writing | {"internal-error", "store-unavailable"} == set(KINDS), (
        "limits: test_limits.py, test_fairness.py; writing: test_refusals.py, test_authentication.py, test_certifications.py, "
        "test_session.py"
    )


@pytest.mark.parametrize("slug", CAUSES)
def test_a_problem_says_what_and_where(client: httpx.Client, slug: str) -> None:
    method, path, headers, content = CAUSES[slug]
    answer = client.request(method, path, headers=headers, content=content)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == problem["status"] == KINDS[slug].status
    assert problem["type"] == f"/problems/{slug}"
    assert problem["instance"] == path.partition("?")[0]
    assert problem["title"] == problem["messages"]["fr"]["title"]
    assert problem["detail"]
    assert set(problem["messages"]) == {"fr", "en"}


def test_a_problem_speaks_the_language_of_the_client(client: httpx.Client) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert answer.json()["title"] == KINDS["not-found"].title.en
    assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("path", "fr", "en"),
    [
        (
            "/catalog?page=0",
            "page : un nombre à partir de 1 est attendu ; trouvé : « 0 »",
            "page: a number from 1 is expected; found: “0”",
        ),
        ("/catalog?page=x", "page : un nombre entier est attendu ; trouvé : « x »", "page: a whole number is expected; found: “x”"),
        ("/?lang=de", "lang : attendu : 'fr' ou 'en' ; trouvé : « de »", "lang: expected: 'fr' or 'en'; found: “de”"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_in_both_languages(client: httpx.Client, path: str, fr: str, en: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    messages = answer.json()["messages"]
    assert (messages["fr"]["detail"], messages["en"]["detail"]) == (fr, en)


@pytest.mark.parametrize("path", ["/catalog.foo", "/ns.foo", "/queries.foo", "/sparql.foo"])
def test_a_suffix_of_no_format_names_nothing(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert path in answer.json()["detail"]


@pytest.mark.parametrize("slug", CAUSES)
def test_a_browser_gets_a_page(client: httpx.Client, slug: str) -> None:
    method, path, headers, content = CAUSES[slug]
    if slug in {"missing-query", "not-acceptable"}:
        pytest.skip("a browser gets the form, or the page that it asks for")
    answer = client.request(method, path, headers=headers | {"Accept": "text/html"}, content=content)
    assert answer.status_code == KINDS[slug].status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert KINDS[slug].title.fr.replace("'", "&#39;") in answer.text


@pytest.mark.parametrize("slug", KINDS)
def test_the_type_of_a_problem_dereferences(client: httpx.Client, slug: str) -> None:
    page = client.get(f"/problems/{slug}?lang=en")
    assert page.status_code == 200
    assert KINDS[slug].remedy.en.replace("'", "&#39;") in page.text
    assert f'href="/problems/{slug}' in client.get("/problems").text


def test_a_fault_of_ours_is_logged_and_not_shown(broken: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = broken.get("/crash")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    assert "ZeroDivisionError: secret" in caplog.text
    assert caplog.records[0].name == EveryRoute.__module__


def test_ready_only_when_the_store_answers(client: httpx.Client, broken: httpx.Client, engine: Engine) -> None:
    assert client.get("/readyz").json() == client.get("/healthz").json() == {"status": "ok"}
    assert broken.get("/healthz").status_code == 200
    answer = broken.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/store-unavailable"
    assert broken.get("/ns").status_code == 503
    assert broken.get("/sparql?query=ASK%7B%7D").status_code == 200, "readers have a checkpoint of their own"
