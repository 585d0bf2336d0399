from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.web import create_app

CERTIFICATION = "/doc/certification/000_dc92d59401fb9067"
GETS = [
    "/", "/docs", "/openapi.json", "/healthz", "/readyz", "/problems", "/problems/not-found", "/ns", "/ns.ttl", "/ns/1.0.0",
    "/shapes", "/shapes.nt", "/scheme/assessment-mode", "/alignment/esco", "/context.jsonld", "/static/style.css", CERTIFICATION,
    "/id/certification/000_dc92d59401fb9067", "/sparql?query=ASK%7B%7D", "/sparql", "/nowhere",
]  # fmt: skip
PAGE_HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_is_get_without_a_body(client: httpx.Client, path: str, accept: str) -> None:
    got, head = (client.request(method, path, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    own = {"date": "", "x-request-id": ""}
    assert head.content == b""
    assert head.status_code == got.status_code
    assert {**head.headers, **own} == {**got.headers, **own}


@pytest.mark.parametrize("path", GETS[:-1])
def test_options_names_the_methods(client: httpx.Client, path: str) -> None:
    answer = client.options(path)
    assert answer.status_code == 204
    assert answer.content == b""
    more = {"sparql": ", POST", "id": ", PATCH, POST, PUT"}.get(path[1:].partition("?")[0].partition("/")[0], "")
    assert answer.headers["allow"] == f"{'DELETE, ' if 'PUT' in more else ''}GET, HEAD, OPTIONS{more}"


def test_a_browser_may_ask_from_another_site(client: httpx.Client) -> None:
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", GETS)
def test_every_answer_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    for accept in ("*/*", "text/html"):
        headers = client.get(path, headers={"Accept": accept}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "strict-transport-security" not in headers, "nobody said that it is reached by https"
        is_page = headers.get("content-type", "").startswith("text/html")
        assert {name: headers.get(name) for name in PAGE_HEADERS} == (PAGE_HEADERS if is_page else dict.fromkeys(PAGE_HEADERS))


def test_no_header_is_sent_twice(client: httpx.Client) -> None:
    for path in GETS:
        names = [name.lower() for name, _ in client.get(path, headers={"Accept": "text/html"}).headers.raw]
        assert len(names) == len(set(names)), path


@pytest.mark.parametrize(("public_url", "secure"), [("https://certif.example/graphe", True), ("http://certif.example", False)])
def test_https_is_asked_for_where_the_service_is_reached_by_it(
    engine: Engine, serve: Callable[[FastAPI], AbstractContextManager[str]], public_url: str, secure: bool
) -> None:
    with serve(create_app(engine, Settings(public_url=public_url))) as address:
        for path in ("/", "/ns.ttl", "/nowhere", "/sparql?query=ASK%7B%7D"):
            found = httpx.get(address + path).headers.get("strict-transport-security")
            assert found == ("max-age=31536000" if secure else None)


@pytest.mark.parametrize("path", GETS)
def test_every_request_has_a_name(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"X-Request-ID": "ours-1"}).headers["x-request-id"] == "ours-1"
    assert client.get(path).headers["x-request-id"] != client.get(path).headers["x-request-id"]


def test_a_page_of_another_site_may_read_the_headers(client: httpx.Client) -> None:
    shown = client.get("/").headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"} <= set(shown)


def test_every_request_is_counted(client: httpx.Client) -> None:
    def count(kind: str, status: int) -> float:
        families = text_string_to_metric_families(client.get("/metrics").text)
        (requests,) = [family for family in families if family.name == "referentiel_http_requests"]
        wanted = {"kind": kind, "method": "GET", "status": str(status)}
        return sum(sample.value for sample in requests.samples if sample.labels == wanted)

    counted = [("sparql", 200), ("sparql", 400), ("doc", 200), ("other", 404), ("home", 200)]
    before = [count(*labels) for labels in counted]
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK", f"{CERTIFICATION}.ttl", "/nowhere", "/"):
        client.get(path)
    assert [count(*labels) for labels in counted] == [number + 1 for number in before]


@pytest.mark.parametrize("path", ["/", "/ns", CERTIFICATION, "/static/style.css"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
def test_other_methods_are_not_allowed(client: httpx.Client, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["type"] == "/problems/method-not-allowed"


@pytest.mark.parametrize("path", ["/ns/", "/sparql/", "/docs/", "/scheme"])
def test_no_address_is_guessed(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_openapi_tells_every_route(client: httpx.Client) -> None:
    description = client.get("/openapi.json").json()
    assert {"get", "post"} <= set(description["paths"]["/sparql"])
    assert {"/", "/doc/{rest}", "/id/{rest}", "/ns", "/shapes", "/healthz", "/readyz"} <= set(description["paths"])
    page = client.get("/docs", headers={"Accept": "text/html"}).text
    for path in description["paths"]:
        assert path in page
