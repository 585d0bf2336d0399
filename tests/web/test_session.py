"""Signing in to review links: what the cookie opens, what it never opens, and how it ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from referentiel.access import FILE, Tokens
from referentiel.settings import Settings
from referentiel.web.authentication import FAILURES, Doorkeeper
from referentiel.web.sessions import IDLE, LONGEST, MOST, Sessions
from web.reviewing import C1, CODE, FORM, Bench, Serve, reviewing
from web.writing import TURTLE, small

WRONG = "ref_0123456789ab_" + "A" * 43
OTHER_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "HERE"},
    {},
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Bench]:
    with reviewing(tmp_path_factory.mktemp("session") / "store", serve) as bench:
        yield bench


def test_a_token_opens_a_session_that_its_cookie_holds(bench: Bench) -> None:
    token = bench.token("Claire")
    with bench.client() as client:
        answer = client.post("/session", data={"token": f" {token}\n", "to": C1})
        assert (answer.status_code, answer.headers["location"]) == (303, C1)
        cookie = answer.headers["set-cookie"]
        assert re.fullmatch(r"referentiel-session=[\w-]{43}; HttpOnly; Max-Age=28800; Path=/; SameSite=strict", cookie)
        assert token not in cookie
        page = client.get("/session")
        assert "Claire" in page.text
        assert token not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert "Claire" in client.get("/review").text


def test_without_javascript_and_programs_alike_the_answer_says_what_is_wrong(bench: Bench) -> None:
    with bench.client() as client:
        page = client.post("/session", data={"token": WRONG, "orcid": "0000-0002-1825-0097"})
        assert page.status_code == 401
        assert "inconnu, révoqué ou expiré" in page.text
        assert 'value="0000-0002-1825-0097"' in page.text, "what was typed stays"
        assert WRONG not in page.text, "but for the token"
        answer = client.post("/session", data={"token": WRONG}, headers={"Accept": "application/json"})
        assert answer.json()["type"].endswith("/problems/invalid-token")
        assert "set-cookie" not in page.headers


def test_a_token_that_may_not_review_opens_no_session(bench: Bench) -> None:
    with bench.client() as client:
        answer = client.post("/session", data={"token": bench.token("narrow", ("write",))})
        assert answer.status_code == 403
        assert "referentiel:graphs" in answer.text


@pytest.mark.parametrize(
    ("orcid", "status"),
    [("0000-0002-1825-0097", 303), ("https://orcid.org/0000-0002-1825-0097", 303), ("0000-0002-1825-0098", 422)],
)
def test_an_orcid_is_checked(bench: Bench, orcid: str, status: int) -> None:
    with bench.client() as client:
        answer = client.post("/session", data={"token": bench.token("o"), "orcid": orcid})
        assert answer.status_code == status
        assert ("https://orcid.org/0000-0002-1825-0097" in client.get("/session").text) == (status == 303)


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example", "/review/../sparql", "/review//evil", "/sparql", "/review\n/x", "/reviewer", ""],
)
def test_signing_in_leads_to_pages_of_the_review_only(bench: Bench, to: str) -> None:
    with bench.client() as client:
        answer = client.post("/session", data={"token": bench.token("t"), "to": to})
        assert (answer.status_code, answer.headers["location"]) == (303, "/review")


@pytest.mark.parametrize("said", OTHER_SITE)
@pytest.mark.parametrize("path", ["/session", "/session/end", C1])
def test_a_form_of_another_site_does_nothing(bench: Bench, said: dict[str, str], path: str) -> None:
    with bench.signed_in("victim") as victim:
        session = dict(victim.cookies)
        said = {name: value.replace("HERE", bench.address) for name, value in said.items()}
        with httpx.Client(base_url=bench.address, cookies=session, headers=said) as client:
            answer = client.post(path, data={"token": bench.token("attacker"), "verdict": "none", "end": "1"})
            assert answer.status_code == 403
            assert answer.json()["type"].endswith("/problems/foreign-form")
            assert "set-cookie" not in answer.headers
        assert "victim" in victim.get("/session").text
    with pytest.raises(LookupError):
        bench.desk().mapping_set(CODE)


def test_where_browsers_tell_no_more_the_origin_decides(bench: Bench) -> None:
    token = bench.token("elder")
    with httpx.Client(base_url=bench.address) as client:
        answer = client.post("/session", data={"token": token}, headers={"Origin": bench.address})
        assert answer.status_code == 303
        other_port = bench.address.rpartition(":")[0] + ":1"
        assert client.post("/session", data={"token": token}, headers={"Origin": other_port}).status_code == 403


def test_pages_of_the_session_tell_their_origin_to_this_service_alone(bench: Bench) -> None:
    with bench.client() as client:
        for path in ("/session", "/review"):
            assert client.get(path).headers["referrer-policy"] == "same-origin", "with no-referrer, Origin would be null"


def test_the_cookie_opens_nothing_but_the_review(bench: Bench) -> None:
    with bench.signed_in("Claire") as client:
        for method, path in (
            ("PUT", f"/certifications/{CODE}"),
            ("PUT", "/graphs?graph=https://a.example/g"),
            ("POST", "/checkpoints"),
        ):
            answer = client.request(method, path, content=small(CODE), headers=TURTLE | {"Accept": "application/json"})
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (401, "token-needed"), path
        answer = client.post("/sparql", data={"update": "CLEAR ALL"}, headers={"Accept": "application/json"})
        assert answer.status_code == 401


def test_a_bearer_token_does_not_open_the_review(bench: Bench) -> None:
    with bench.client(Authorization=f"Bearer {bench.token('program')}", Accept="application/json") as client:
        answer = client.post(C1, data={"verdict": "none"})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (401, "token-needed")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_session_ends_when_it_is_closed_and_when_its_token_is_revoked(bench: Bench) -> None:
    with bench.signed_in("Paul") as client:
        kept = dict(client.cookies)
        answer = client.post("/session/end", data={"end": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/session")
        assert 'referentiel-session=""' in answer.headers["set-cookie"]
        with httpx.Client(base_url=bench.address, cookies=kept, headers=FORM) as thief:
            assert "Paul" not in thief.get("/session").text, "the session itself has ended, not only the cookie"
    token = bench.token("Rita")
    with bench.client() as client:
        client.post("/session", data={"token": token})
        assert "Rita" in client.get("/session").text
        bench.tokens.revoke(token.split("_")[1])
        assert "Rita" not in client.get("/session").text


def test_refused_tokens_are_limited_as_those_of_programs(tmp_path: Path, serve: Serve) -> None:
    with reviewing(tmp_path / "store", serve) as bench, bench.client() as client:
        statuses = [client.post("/session", data={"token": WRONG}).status_code for _ in range(FAILURES + 2)]
        assert statuses == [401] * FAILURES + [429] * 2
        assert int(client.post("/session", data={"token": WRONG}).headers["retry-after"]) > 0
        assert client.put("/certifications/a", headers={"Authorization": f"Bearer {WRONG}"}).status_code == 429
        assert client.post("/session", data={"token": bench.token("right")}).status_code == 303


def test_by_https_the_cookie_is_secure_and_the_public_origin_counts(tmp_path: Path, serve: Serve) -> None:
    settings = replace(Settings(), store=tmp_path / "store", public_url="https://certif.example:443/graphe")
    with reviewing(tmp_path / "store", serve, settings=settings) as bench, httpx.Client(base_url=bench.address) as client:
        data = {"token": bench.token("Claire"), "to": "/review"}
        answer = client.post("/session", data=data, headers={"Origin": "https://certif.example"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/graphe/review")
        assert answer.headers["set-cookie"].startswith("__Host-referentiel-session=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert "Domain" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"token=%ff&orcid=%ff%00", "application/x-www-form-urlencoded", 401),
        (b"&".join(b"a%d=1" % number for number in range(99)), "application/x-www-form-urlencoded", 400),
        (b"token=" + b"x" * 2**21, "application/x-www-form-urlencoded", 413),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
    ],
)
def test_whatever_is_sent_is_answered(bench: Bench, content: bytes, media_type: str, status: int) -> None:
    with bench.client(**{"Content-Type": media_type}) as client:
        assert client.post("/session", content=content).status_code == status


class Clock:
    """Seconds that a test lets pass."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def asking(sessions: Sessions, name: str) -> Request:
    """A request that brings the name of a session, as a browser does that was given it."""
    answer = Response()
    sessions.keep(answer, name)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())], "client": ("127.0.0.1", 1)})


def test_a_session_ends_without_use_and_in_any_case(tmp_path: Path) -> None:
    tokens, clock = Tokens(tmp_path / FILE), Clock()
    sessions = Sessions(Doorkeeper(tokens), secure=True, clock=clock)

    def is_open(name: str) -> bool:
        return asyncio.run(sessions.reviewer(asking(sessions, name))) is not None

    token = tokens.create("a", ("graphs",))
    name = sessions.begin(token, "")
    clock.now += IDLE - 1
    assert is_open(name)
    clock.now += IDLE + 1
    assert not is_open(name)
    clock.now = 0
    assert not is_open(name), "what has ended stays so"
    name = sessions.begin(token, "")
    for _ in range(LONGEST // (IDLE - 1)):
        clock.now += IDLE - 1
        assert is_open(name)
    clock.now += IDLE - 1
    assert not is_open(name), "used or not"


def test_sessions_are_bounded_and_the_one_unused_for_longest_ends(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / FILE)
    sessions = Sessions(Doorkeeper(tokens), secure=False)
    token = tokens.create("a", ("graphs",))
    names = [sessions.begin(token, "") for _ in range(MOST)]
    assert asyncio.run(sessions.reviewer(asking(sessions, names[0])))
    sessions.begin(token, "")
    assert len(sessions) == MOST
    assert asyncio.run(sessions.reviewer(asking(sessions, names[0])))
    assert asyncio.run(sessions.reviewer(asking(sessions, names[1]))) is None
