from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from referentiel.web.fairness import WINDOW, Fairness, FairShare, Grant, client_of
from referentiel.web.metrics import Metrics
from referentiel.web.observed import Observed
from referentiel.web.problems import Problem

Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]


def test_a_client_may_ask_its_quota_at_once_then_as_fast_as_it_is_refilled() -> None:
    fairness = Fairness(rate=3)  # one more every 20 seconds
    assert [fairness.admit("a", 0.0) for _ in range(3)] == [Grant(True, 2, 20), Grant(True, 1, 40), Grant(True, 0, 20)]
    assert fairness.admit("a", 0.0) == Grant(False, 0, 20)
    assert fairness.admit("a", 19.5) == Grant(False, 0, 1)
    assert fairness.admit("a", 20.0) == Grant(True, 0, 20)
    assert fairness.admit("a", 1000.0) == Grant(True, 2, 20)


def test_clients_do_not_share_a_quota() -> None:
    fairness = Fairness(rate=1)
    assert fairness.admit("a", 0.0).admitted
    assert fairness.admit("b", 0.0).admitted
    assert not fairness.admit("a", 0.0).admitted


def test_a_refused_question_costs_nothing() -> None:
    fairness = Fairness(rate=1)
    fairness.admit("a", 0.0)
    assert not any(fairness.admit("a", second).admitted for second in range(1, 60))
    assert fairness.admit("a", 60.0).admitted


def test_who_asked_nothing_for_longest_is_forgotten_first() -> None:
    fairness = Fairness(rate=2, clients=2)
    for client in ("a", "b", "a", "c"):
        fairness.admit(client, 0.0)
    assert len(fairness) == 2
    assert not fairness.admit("a", 0.0).admitted
    assert fairness.admit("b", 0.0) == Grant(True, 1, 30)


@given(st.integers(1, 10_000), st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_nobody_gets_more_than_a_quota_and_what_is_refilled(rate: int, pauses: list[float]) -> None:
    fairness, now, admitted = Fairness(rate), 0.0, 0
    for pause in pauses:
        now += pause
        grant = fairness.admit("a", now)
        admitted += grant.admitted
        assert 0 <= grant.remaining < rate
        assert 1 <= grant.seconds <= WINDOW
        if not grant.admitted:
            assert grant.remaining == 0
            assert fairness.admit("a", now + grant.seconds).admitted
            admitted += 1
            now += grant.seconds
    assert admitted <= rate + now * rate / WINDOW + 1e-3


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(host: str, client: str) -> None:
    assert client_of({"type": "http", "client": (host, 4242)}) == client


def test_a_client_without_an_address_is_one_client() -> None:
    assert client_of({"type": "http", "client": None}) == client_of({"type": "http"}) == ""


@pytest.fixture
def limited_app() -> FastAPI:
    """An application that lets a client ask twice in a minute."""

    def refused(_request: Request, problem: Problem) -> Response:
        return JSONResponse({"detail": problem.detail.en}, problem.kind.status, dict(problem.headers))

    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "OPTIONS"])
    async def answer(path: str) -> str:
        return path

    app.add_middleware(FairShare, fairness=Fairness(rate=2), refused=refused, clock=lambda: 0.0)
    return app


@pytest.fixture
def limited(limited_app: FastAPI, serve: Serve) -> AbstractContextManager[str]:
    """A server of that application."""
    return serve(limited_app)


def test_one_question_too_many_is_counted_as_such(limited_app: FastAPI, serve: Serve) -> None:
    metrics = Metrics()
    limited_app.add_middleware(Observed, metrics=metrics, kinds=frozenset({"sparql"}))
    with serve(limited_app) as address:
        assert [httpx.get(f"{address}/sparql").status_code for _ in range(3)] == [200, 200, 429]
    assert metrics.registry.get_sample_value("referentiel_questions_total", {"outcome": "limited"}) == 1


def test_one_question_too_many_is_refused_and_told_when_to_come_back(limited: AbstractContextManager[str]) -> None:
    with limited as address, httpx.Client(base_url=address) as client:
        answers = [client.get("/sparql"), client.post("/queries/all?x=1", content=b"x"), client.post("/sparql.csv", content=b"x")]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"questions";q=2;w=60'}
        assert [answer.headers["ratelimit"] for answer in answers] == [
            '"questions";r=1;t=30',
            '"questions";r=0;t=30',
            '"questions";r=0;t=30',
        ]
        assert answers[-1].headers["retry-after"] == "30"
        assert re.search("At most 2 questions a minute .* in 30 s", answers[-1].json()["detail"])
        assert client.get("/sparql").status_code == 429


def test_the_rest_is_not_limited(limited: AbstractContextManager[str]) -> None:
    with limited as address, httpx.Client(base_url=address) as client:
        for request in [("GET", "/"), ("GET", "/doc/x"), ("GET", "/sparqling"), ("OPTIONS", "/sparql")] * 3:
            answer = client.request(*request)
            assert answer.status_code == 200
            assert "ratelimit" not in answer.headers
