"""Who gets in, over real HTTP: a small application behind the doorkeeper, with the log and the metrics of the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from provider import AUDIENCE, Provider, providing
from referentiel.access import FILE, LOCAL, Identity, Issuer, Tokens
from referentiel.access.oidc import OpenIdIssuer
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.web import create_app
from referentiel.web.access_log import AccessLog
from referentiel.web.addresses import Addresses
from referentiel.web.authentication import FAILURES, LOCAL_SCOPE, Doorkeeper, not_allowed, permit
from referentiel.web.failures import Failures
from referentiel.web.http import EveryRoute
from referentiel.web.metrics import Metrics, Readings, metrics_routes
from referentiel.web.observed import Observed
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from web.writing import BASE, TURTLE, small, writable

Serve: TypeAlias = Callable[[FastAPI], AbstractContextManager[str]]
WRONG = "ref_0123456789ab_" + "A" * 43


def behind(doorkeeper: Doorkeeper, engine: Engine, log: Path) -> FastAPI:
    """An application that says who asks, and whether they may write the certification that they name."""
    app = FastAPI()
    failures = Failures(Pages(engine, Addresses(Settings())))
    failures.register(app)

    @app.put("/certifications/{code}")
    async def who(request: Request, code: str) -> Response:
        identity = await doorkeeper.identify(request)
        permit(identity, "write", code)
        return JSONResponse({"name": identity.name})

    @app.get("/who")
    async def anybody(request: Request) -> Response:
        return JSONResponse({"name": (await doorkeeper.identify(request)).name})

    metrics = Metrics(lambda: Readings({}, {}, 0, 0, 0, 0, 0.0))
    metrics_routes(app, metrics)
    app.add_middleware(EveryRoute, crashed=failures.crashed, cut=failures.cut)
    app.add_middleware(Observed, metrics=metrics, kinds=frozenset({"certifications"}), log=AccessLog(str(log)))
    return app


class Door:
    """A client before the door, and what the operator holds behind it."""

    def __init__(self, address: str, tokens: Tokens, folder: Path) -> None:
        self.address = address
        self.tokens = tokens
        self.folder = folder
        self.client = httpx.Client(base_url=address)

    def knock(self, authorization: str | None = None, code: str = "RNCP1", **more: str) -> httpx.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return self.client.put(f"/certifications/{code}", headers=headers | more)


@pytest.fixture
def opened(engine: Engine, serve: Serve, tmp_path: Path) -> Callable[..., AbstractContextManager[Door]]:
    @contextmanager
    def opened(issuer: Issuer | None = None) -> Iterator[Door]:
        tokens = Tokens(tmp_path / "tokens.json")
        app = behind(Doorkeeper(tokens, issuer), engine, tmp_path / "log")
        with serve(app) as address:
            door = Door(address, tokens, tmp_path)
            yield door
            door.client.close()

    return opened


@pytest.fixture
def door(opened: Callable[..., AbstractContextManager[Door]]) -> Iterator[Door]:
    with opened() as door:
        yield door


def slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_a_right_token_passes(door: Door) -> None:
    token = door.tokens.create("École", certifications=["RNCP*"])
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = door.knock(f"{scheme} {token}")
        assert (answer.status_code, answer.json()) == (200, {"name": "École"})


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi", "Bearer", "Digest x"])
def test_without_a_token_one_is_asked_for(door: Door, authorization: str | None) -> None:
    answer = door.knock(authorization)
    if authorization == "Bearer":
        assert (answer.status_code, slug(answer)) == (401, "invalid-token")
        return
    assert (answer.status_code, slug(answer)) == (401, "token-needed")
    assert answer.headers["www-authenticate"] == 'Bearer realm="referentiel"'
    assert {"fr", "en"} == set(answer.json()["messages"])


@pytest.mark.parametrize("token", [WRONG, "x", "x y", "é", "x" * 9000, "a.b.c", '"', "ref_", "-"])
def test_a_wrong_token_is_refused(door: Door, token: str) -> None:
    answer = door.client.put("/certifications/a", headers=[(b"authorization", b"Bearer " + token.encode())])
    assert (answer.status_code, slug(answer)) == (401, "invalid-token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="referentiel", error="invalid_token"'
    assert len(token) < 3 or token not in answer.text


def test_two_headers_are_one_too_many(door: Door) -> None:
    token = door.tokens.create("a")
    answer = door.client.put("/certifications/a", headers=[("Authorization", f"Bearer {token}")] * 2)
    assert answer.status_code == 400
    assert 'error="invalid_request"' in answer.headers["www-authenticate"]


def test_a_token_in_the_address_is_not_read(door: Door) -> None:
    token = door.tokens.create("a")
    answer = door.client.put(f"/certifications/a?access_token={token}")
    assert (answer.status_code, slug(answer)) == (401, "token-needed")
    assert "never read from the address" in answer.json()["messages"]["en"]["detail"]
    assert token not in answer.text


def test_a_revoked_token_is_refused_from_now_on(door: Door) -> None:
    token = door.tokens.create("a")
    assert door.knock(f"Bearer {token}").status_code == 200
    Tokens(door.folder / "tokens.json").revoke(token.split("_")[1])
    assert slug(door.knock(f"Bearer {token}")) == "invalid-token"


def test_what_a_token_does_not_cover_is_not_allowed(door: Door) -> None:
    token = door.tokens.create("a", certifications=["RNCP1"])
    answer = door.knock(f"Bearer {token}", "RNCP12")
    assert (answer.status_code, slug(answer)) == (403, "not-allowed")
    expected = 'Bearer realm="referentiel", error="insufficient_scope", scope="referentiel:write:RNCP12"'
    assert answer.headers["www-authenticate"] == expected


@pytest.mark.parametrize("code", ['a"b', "a\r\nb", "é", "a/b"])
def test_no_identifier_gets_into_a_header_unless_it_is_one(code: str) -> None:
    assert not_allowed("write", code).headers["WWW-Authenticate"].endswith('scope="referentiel:write"')


def test_too_many_failures_are_told_and_a_right_token_still_passes(door: Door) -> None:
    token = door.tokens.create("a")
    for _ in range(FAILURES):
        assert door.knock(f"Bearer {WRONG}").status_code == 401
    answer = door.knock(f"Bearer {WRONG}")
    assert (answer.status_code, slug(answer)) == (429, "too-many-failures")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert door.knock(f"Bearer {token}").status_code == 200
    assert door.knock().status_code == 401, "asking without a token is no failure"


def test_failures_are_forgotten_with_time(tmp_path: Path) -> None:
    now = [0.0]
    doorkeeper = Doorkeeper(Tokens(tmp_path / "tokens.json"), clock=lambda: now[0])
    kinds = []
    for second in [0] * (FAILURES + 1) + [60]:
        now[0] = second
        kinds.append(doorkeeper._refused({"client": ("192.0.2.1", 1)}).kind.status)
    assert kinds == [401] * FAILURES + [429, 401]
    assert doorkeeper._refused({"client": ("192.0.2.2", 1)}).kind.status == 401


def test_a_damaged_file_of_tokens_is_the_service_s_fault(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    token = door.tokens.create("a")
    whole = (door.folder / "tokens.json").rename(door.folder / "whole")
    (door.folder / "tokens.json").write_text("{", encoding="utf-8")
    for given in (token, WRONG):
        answer = door.knock(f"Bearer {given}")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert str(door.folder) not in answer.text
    told = [record for record in caplog.records if str(door.folder) in record.getMessage()]
    assert len(told) == 1, "the operator is told where, once"
    whole.replace(door.folder / "tokens.json")
    assert door.knock(f"Bearer {token}").status_code == 200


def test_nothing_secret_is_told_anywhere(
    opened: Callable[..., AbstractContextManager[Door]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with opened() as door:
        dead, live = door.tokens.create("a"), door.tokens.create("b", certifications=["RS1"])
        door.tokens.revoke(dead.split("_")[1])
        answers = [door.knock(f"Bearer {text}", code) for text in (dead, live, WRONG) for code in ("RNCP1", "RS1")]
        answers += [door.knock(f"Bearer {live}", Accept="text/html", Referer=f"https://a.example/?t={live}")]
        answers += [door.client.put(f"/certifications/a?access_token={live}"), door.knock(f"Basic {live}")]
        answers += [door.knock(f"Bearer {live}") for _ in range(FAILURES)]
        (door.folder / "tokens.json").write_text("{", encoding="utf-8")
        answers += [door.knock(f"Bearer {live}"), door.client.get("/metrics")]
    log = (door.folder / "log").read_text(encoding="utf-8")
    assert [json.loads(line)["status"] for line in log.splitlines()] == [answer.status_code for answer in answers]
    assert {answer.status_code for answer in answers} == {200, 401, 403, 503}
    logged = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))  # not the client's
    told = log + logged + "".join(answer.text + str(answer.headers) for answer in answers)
    assert "tokens.json" in logged
    assert not any(text.split("_", 2)[2] in told for text in (dead, live, WRONG))


def test_pages_of_other_sites_may_not_send_a_token(door: Door) -> None:
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "PUT"}
    answer = door.client.options("/certifications/a", headers=headers | {"Access-Control-Request-Headers": "authorization"})
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" not in allowed
    assert "*" not in allowed
    assert "access-control-allow-credentials" not in answer.headers


# What comes over the socket of the store.


def received(header: tuple[str, str] | None = None, local: object = True, client: tuple[str, int] | None = None) -> Request:
    """A request as the server hands it on."""
    fields = [(header[0].encode(), header[1].encode())] if header else []
    return Request({"type": "http", "headers": fields, "query_string": b"", "client": client, LOCAL_SCOPE: local})


async def identified(tmp_path: Path, request: Request) -> Identity | str:
    try:
        return await Doorkeeper(Tokens(tmp_path / "tokens.json")).identify(request)
    except Problem as problem:
        return problem.kind.slug


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (received(), LOCAL),
        (received(local=None), "token-needed"),
        (received(local=False), "token-needed"),
        (received(local="no"), "token-needed"),
        (received(client=("127.0.0.1", 5)), "token-needed"),
        (received(("x-forwarded-for", "192.0.2.1")), "token-needed"),
        (received(("forwarded", "for=192.0.2.1")), "token-needed"),
        (received(("via", "1.1 proxy")), "token-needed"),
        (received(("authorization", f"Bearer {WRONG}")), "invalid-token"),
    ],
)
def test_only_the_socket_of_the_store_is_local(tmp_path: Path, request_: Request, expected: Identity | str) -> None:
    assert asyncio.run(identified(tmp_path, request_)) == expected


def test_no_header_makes_a_client_local(door: Door) -> None:
    forged = {"X-Forwarded-For": "unix:", LOCAL_SCOPE: "True", "Host": "localhost", "X-Real-IP": "127.0.0.1"}
    assert slug(door.knock(None, **forged)) == "token-needed"


# Tokens of somebody else.


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


def test_tokens_of_an_issuer_pass_beside_ours(opened: Callable[..., AbstractContextManager[Door]], provider: Provider) -> None:
    provider.start_anew()
    with opened(OpenIdIssuer(provider.issuer, AUDIENCE)) as door:
        theirs = provider.sign(scope="referentiel:write:RNCP*")
        assert door.knock(f"Bearer {theirs}").json() == {"name": "anna@127.0.0.1"}
        assert slug(door.knock(f"Bearer {theirs}", "RS1")) == "not-allowed"
        assert slug(door.knock(f"Bearer {theirs[:-3]}")) == "invalid-token"
        assert door.knock(f"Bearer {door.tokens.create('a')}").json() == {"name": "a"}


def test_who_may_do_nothing_goes_no_further(opened: Callable[..., AbstractContextManager[Door]], provider: Provider) -> None:
    provider.start_anew()
    with opened(OpenIdIssuer(provider.issuer, AUDIENCE)) as door:
        answer = door.client.get("/who", headers={"Authorization": f"Bearer {provider.sign(scope='openid email')}"})
        assert (answer.status_code, slug(answer)) == (403, "not-allowed")
        answer = door.client.get("/who", headers={"Authorization": f"Bearer {provider.sign(scope='referentiel:graphs')}"})
        assert answer.json() == {"name": "anna@127.0.0.1"}


def test_while_the_issuer_is_down_ours_still_pass(opened: Callable[..., AbstractContextManager[Door]], provider: Provider) -> None:
    provider.start_anew()
    provider.answers.clear()
    with opened(OpenIdIssuer(provider.issuer, AUDIENCE)) as door:
        answer = door.knock(f"Bearer {provider.sign()}")
        assert answer.status_code == 503
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert door.knock(f"Bearer {door.tokens.create('a')}").status_code == 200


def test_without_an_issuer_their_tokens_are_wrong_tokens(door: Door, provider: Provider) -> None:
    assert slug(door.knock(f"Bearer {provider.sign()}")) == "invalid-token"


# The service itself: no way in without a token, nor past what a token covers.


@pytest.fixture(scope="module")
def written(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Tokens]]:
    """A client without a token of a service that holds TP1, and the tokens of its store."""
    folder = tmp_path_factory.mktemp("authentication") / "store"
    with writable(folder, serve) as (client, _):
        assert client.put("/certifications/TP1", content=small("TP1"), headers=TURTLE).status_code == 201
        del client.headers["Authorization"]
        yield client, Tokens(folder / FILE)


OPEN = {"/sparql", "/sparql.{suffix}", "/validate", "/session", "/session/end", "/review/{certification}/{path:path}"}
"""What takes a POST from everybody: questions, and the sandbox; or from who has a session (test_session.py)."""


def ways_in(engine: Engine) -> list[tuple[str, str]]:
    """Method and path of all that may write."""
    routes = [route for route in create_app(engine, Settings()).router.routes if isinstance(route, Route)]
    found = [(method, route.path) for route in routes for method in sorted((route.methods or set()) - {"GET", "HEAD"})]
    whole = {
        "/certifications/{id}/restore": "/certifications/TP1/restore?version=1",
        "/certifications": "/certifications?id=TP1",
        "/graphs": f"/graphs?graph={BASE}certification/TP1",
        "/id/{rest:path}": "/id/certification/TP1",
    }
    return [(method, whole.get(path, path).replace("{id}", "TP1")) for method, path in found if path not in OPEN]


def test_nothing_is_written_without_a_token(engine: Engine, written: tuple[httpx.Client, Tokens]) -> None:
    client, _ = written
    asked = ways_in(engine)
    assert {path.partition("?")[0] for _, path in asked} > {"/graphs", "/certifications", "/certifications/TP1", "/checkpoints"}
    for method, path in asked:
        answer = client.request(method, path, content=small("TP1"), headers=TURTLE)
        assert (answer.status_code, slug(answer)) == (401, "token-needed"), (method, path)
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"update": "CLEAR ALL"}},
        {"content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
    ],
)
def test_no_update_is_made_without_a_token(written: tuple[httpx.Client, Tokens], sent: dict[str, Any]) -> None:
    client, _ = written
    answer = client.post("/sparql", **sent)
    assert (answer.status_code, slug(answer)) == (401, "token-needed")
    assert client.get("/certifications/TP1").status_code == 200


def test_a_narrow_token_opens_no_other_certification(engine: Engine, written: tuple[httpx.Client, Tokens]) -> None:
    client, tokens = written
    holder = {"Authorization": f"Bearer {tokens.create('narrow', ['write', 'withdraw'], ['TP', 'TP12', 'TP1?'])}"}
    for method, path in ways_in(engine):
        answer = client.request(method, path, content=small("TP1"), headers=TURTLE | holder)
        assert answer.status_code in {403, 415}, (method, path, answer.text)
    update = f"DELETE WHERE {{ GRAPH <{BASE}certification/TP1> {{ ?s ?p ?o }} }}"
    answer = client.post("/sparql", data={"update": update}, headers=holder)
    assert (answer.status_code, slug(answer)) == (403, "not-allowed")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_a_token_that_writes_does_not_withdraw_nor_write_other_graphs(written: tuple[httpx.Client, Tokens]) -> None:
    client, tokens = written
    holder = {"Authorization": f"Bearer {tokens.create('writer')}"}
    assert client.delete("/certifications/TP1", headers=holder).status_code == 403
    assert client.put("/graphs?graph=https://a.example/g", content="<a> <b> <c> .", headers=TURTLE | holder).status_code == 403
    assert client.post("/checkpoints", headers=holder).status_code == 403
    assert client.put("/certifications/TP1", content=small("TP1"), headers=TURTLE | holder).status_code == 200
