from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from referentiel.store import BadQuery, ServiceRefused
from referentiel.store.federation import NOWHERE, Federation
from referentiel.store.oxigraph import ask
from referentiel.store.relay import CALLS, CONNECTIONS, QUERIES, ServiceFailed
from remote import JSON, Remote, response, rows

Rows = list[tuple[str | None, ...]]


@pytest.fixture
def start() -> Iterator[Callable[[], Remote]]:
    started: list[Remote] = []

    def make() -> Remote:
        remote = Remote()
        threading.Thread(target=remote.serve_forever, args=(0.01,), daemon=True).start()
        started.append(remote)
        return remote

    yield make
    for remote in started:
        remote.shutdown()
        remote.server_close()


@pytest.fixture
def remote(start: Callable[[], Remote]) -> Remote:
    remote = start()
    remote.reply = [rows([{"a": "urn:a", "b": "B"}, {"a": "urn:z", "b": "Z"}])]
    return remote


@pytest.fixture
def federate() -> Iterator[Callable[..., Federation]]:
    made: list[Federation] = []

    def make(*services: str, seconds: float = 20, resolve: Callable[[str, int], Sequence[str]] | None = None) -> Federation:
        made.append(Federation(services, seconds, resolve) if resolve else Federation(services, seconds))
        return made[-1]

    yield make
    for federation in made:
        federation.close()


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:label"), ox.Literal("A"), ox.NamedNode("urn:g")))
    return store


def answer(store: ox.Store, federation: Federation, query: str) -> Rows:
    return ask(store, query, federation=federation).rows()


def test_an_allowed_service_is_asked_and_joined(store: ox.Store, remote: Remote, federate: Callable[..., Federation]) -> None:
    query = f"SELECT ?l ?b {{ ?a <urn:label> ?l SERVICE <{remote.iri}> {{ ?a <urn:b> ?b }} }}"
    assert answer(store, federate(remote.iri), query) == [("A", "B")]
    (asked,) = remote.asked
    assert asked.line == "POST /sparql HTTP/1.1"
    assert asked.body == "SELECT * WHERE { ?a <urn:b> ?b . }"
    assert asked.headers == {
        "host": f"127.0.0.1:{remote.port}",
        "accept": f"{JSON}, application/sparql-results+xml",
        "accept-encoding": "identity",
        "content-type": "application/sparql-query",
        "content-length": str(len(asked.body)),
        "user-agent": "referentiel",
    }


ALLOWED = [
    "SELECT * {{ SERVICE<{iri}>{{ ?a <urn:b> ?b }} }}",
    "SELECT * {{ service # SERVICE <urn:not>\n silent # ?x\r <{iri}> {{ ?a <urn:b> ?b }} }}",
    "PREFIX e: <http://127.0.0.1:{port}/> SELECT * {{ SERVICE e:sparql {{ ?a <urn:b> ?b }} }}",
    "PREFIX : <http://127.0.0.1:{port}/> SELECT * {{ SERVICE SILENT :sparql {{ ?a <urn:b> ?b }} }}",
    "BASE <http://127.0.0.1:{port}/a/b> SELECT * {{ SERVICE <../sparql> {{ ?a <urn:b> ?b }} }}",
    "SELECT ?a ?b {{ {{ SELECT * {{ {{}} UNION {{ SERVICE <{iri}> {{ ?a <urn:b> ?b }} }} FILTER(BOUND(?a)) }} }} }}",
    "SELECT * {{ SERVICE <{iri}> {{ ?a <urn:b> ?b, 'le service' }} }} # service",
]


@pytest.mark.parametrize("query", ALLOWED)
def test_an_allowed_service_in_every_form(store: ox.Store, remote: Remote, federate: Callable[..., Federation], query: str) -> None:
    found = answer(store, federate(remote.iri), query.format(iri=remote.iri, port=remote.port))
    assert found == [("urn:a", "B"), ("urn:z", "Z")]
    assert len(remote.asked) == 1


def test_inside_exists(store: ox.Store, remote: Remote, federate: Callable[..., Federation]) -> None:
    exists = f"EXISTS {{ SERVICE <{remote.iri}> {{ ?a <urn:b> ?b }} }}"
    federation = federate(remote.iri)
    assert answer(store, federation, f"SELECT ?l {{ ?a <urn:label> ?l FILTER {exists} }}") == [("A",)]
    assert answer(store, federation, f"SELECT ?l {{ ?a <urn:label> ?l FILTER NOT {exists} }}") == []


def test_a_service_inside_a_service_is_named_to_the_other_as_it_was_written(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation]
) -> None:
    inner = "http://data.example/sparql"
    query = f"SELECT * {{ SERVICE <{remote.iri}> {{ ?a <urn:b> ?b SERVICE SILENT <{inner}> {{ ?a <urn:c> ?b }} }} }}"
    assert answer(store, federate(remote.iri, inner), query) == [("urn:a", "B"), ("urn:z", "Z")]
    assert f"SERVICE SILENT <{inner}>" in remote.asked[0].body
    with pytest.raises(ServiceRefused, match=re.escape(f"<{inner}> is refused")):
        answer(store, federate(remote.iri), query)
    assert remote.connections == 1


def test_large_answers_of_two_services_do_not_wait_for_each_other(
    store: ox.Store, start: Callable[[], Remote], federate: Callable[..., Federation]
) -> None:
    first, second = start(), start()
    first.reply = [rows({"a": f"urn:{number}", "b": "x" * 100} for number in range(20_000))]
    second.reply = [rows({"a": f"urn:{number}", "c": "y" * 100} for number in range(20_000))]
    query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{first.iri}> {{ ?a ?p ?b }} SERVICE <{second.iri}> {{ ?a ?q ?c }} }}"
    assert answer(store, federate(first.iri, second.iri), query) == [("20000",)]


REFUSED = [
    ("SELECT * { SERVICE <%s> {} }", "is refused; allowed: <http://allowed.example/sparql>"),
    ("SELECT * { SERVICE SILENT <%s> {} }", "is refused; allowed"),
    ("SELECT * { SERVICE <http://allowed.example/SPARQL> {} }", "is refused; allowed"),
    ("SELECT * { SERVICE <http://allowed.example/sparql> { SERVICE <%s> {} } }", "is refused; allowed"),
    ("SELECT * { BIND(<%s> AS ?x) SERVICE ?x {} }", "variable"),
    ("SELECT * { VALUES $x { <%s> } SERVICE SILENT $x {} }", "variable"),
    ("PREFIX e: <%s> SELECT * { SERVICE e: {} }", "is refused; allowed"),
    ("SELECT * { SERVICE e:x {} }", "prefix is not declared"),
    ("BASE <%s> SELECT * { SERVICE <> {} }", "is refused; allowed"),
    ("SELECT * {SERVICESILENT<%s>{?a ?b ?c}}", "by itself"),
    ("PREFIX e:<%s> SELECT * {SERVICEe: {?a ?b ?c}}", "by itself"),
    ("PREFIX :<%s> SELECT * {SERVICE: {?a ?b ?c}}", "by itself"),
    ("SELECT * {?s ?p 1SERVICE<%s>{?a ?b ?c}}", "by itself"),
    ("SELECT * {{SELECT * {OPTIONAL{{} UNION {SERVICE<%s>{?a ?b ?c}}}}}}", "is refused; allowed"),
    ("ASK { FILTER NOT EXISTS { SERVICE <%s> { ?s ?p ?o } } }", "is refused; allowed"),
    ("SELECT * { \\u0053ERVICE <%s> {} }", "refused|OPTIONAL"),
    ("SELECT * { SERVICE <%s> {} ", "can't be parsed"),
    ("SELECT * { SERVICE", "IRI is expected"),
    # Hidden in what one parser takes for a text: escapes read too early, a text that begins in an IRI, a comment that ends at \r.
    ("SELECT * { OPTIONAL { ?a ?b 'x\\u0027,\\u0027\\u0027\\u0027' } SERVICE <%s> {} #'''}\n}", "refused"),
    ("SELECT * { FILTER('a'<'''>''') # \r SERVICE <%s> {} #'''\n}", "error at|refused"),
    ("SELECT * { FILTER('a'<'>') SERVICE <%s> {} #'\n}", "error at|refused"),
]


@pytest.mark.parametrize("allowed", [(), ("http://allowed.example/sparql",)])
@pytest.mark.parametrize(("query", "words"), REFUSED)
def test_no_other_service_is_asked(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation], query: str, words: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(BadQuery, match=words if allowed else None):
        answer(store, federate(*allowed), query.replace("%s", remote.iri))
    assert remote.connections == 0


def test_without_services_every_service_is_refused(store: ox.Store) -> None:
    with pytest.raises(ServiceRefused, match="calls no other"):
        answer(store, NOWHERE, "SELECT * { SERVICE <urn:x> {} }")


def endless(head: bytes, piece: bytes, pause: float) -> Iterator[bytes]:
    yield head
    while True:
        yield piece
        sleep(pause)


def head(length: int = 10**9) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\n\r\n".encode()


FAILURES: dict[str, tuple[Callable[[], Sequence[bytes] | Iterator[bytes]], str]] = {
    "error": (lambda: [response(b"secret words", "500 Internal Server Error", "text/plain")], "status 500"),
    "page": (lambda: [response(b"<p>", media_type="text/html")], f"text/html; expected {JSON}"),
    "nonsense": (lambda: [response(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":')], f"no {JSON}"),
    "boolean": (lambda: [response(b'{"head":{},"boolean":true}')], "boolean"),
    "no HTTP": (lambda: [b"SSH-2.0-x\r\n"], "does not speak HTTP"),
    "cut": (lambda: [head(500) + b'{"head":'], "ends too early"),
    "cut chunk": (lambda: [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"], "ends too early"),
    "silence": (lambda: endless(b"", b"", 0.05), "no whole answer in 0.5 s"),
    "slow head": (lambda: endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05), "no whole answer in 0.5 s"),
    "slow body": (lambda: endless(head(), b" ", 0.05), "no whole answer in 0.5 s"),
    "huge": (lambda: endless(head(), b" " * 2**20, 0), "longer than 16777216 bytes"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_unless_silent(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation], failure: str
) -> None:
    reply, words = FAILURES[failure]
    federation = federate(remote.iri, seconds=0.5 if " s" in words else 20)
    group = f"<{remote.iri}> {{ ?a <urn:b> ?b }}"
    for query in (
        f"SELECT * {{ SERVICE {group} }}",
        f"SELECT * {{ ?a <urn:label> ?l FILTER NOT EXISTS {{ SERVICE {group} }} }}",
        f"ASK {{ SERVICE {group} }}",
    ):
        remote.reply = reply()
        with pytest.raises(ServiceFailed, match=re.escape(words)) as told:
            answer(store, federation, query)
        assert str(told.value).startswith(f"SERVICE <{remote.iri}>: ")
        assert "secret" not in str(told.value)
        assert str(told.value.french).startswith(f"SERVICE <{remote.iri}> : ")
    remote.reply = reply()
    assert answer(store, federation, f"SELECT ?l {{ ?a <urn:label> ?l SERVICE SILENT {group} }}") == [("A",)]


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_a_redirect_is_not_followed(
    store: ox.Store, remote: Remote, start: Callable[[], Remote], federate: Callable[..., Federation], status: str
) -> None:
    other = start()
    federation = federate(remote.iri, other.iri)
    for location in (other.iri, "http://169.254.169.254/latest/meta-data/"):
        remote.reply = [response(b"", status, "text/plain", f"Location: {location}")]
        with pytest.raises(ServiceFailed, match="redirects are not followed"):
            answer(store, federation, f"SELECT * {{ SERVICE <{remote.iri}> {{ ?a ?p ?b }} }}")
    assert len(remote.asked) == 2
    assert other.connections == 0


@pytest.mark.parametrize("found", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::ffff:127.0.0.1",), ("64:ff9b::7f00:1",)])
def test_a_name_that_leads_to_a_private_address_is_not_called(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation], found: tuple[str, ...]
) -> None:
    iri = f"http://data.example:{remote.port}/sparql"
    with pytest.raises(ServiceFailed, match="private address") as told:
        answer(store, federate(iri, resolve=lambda _host, _port: found), f"SELECT * {{ SERVICE <{iri}> {{ ?a ?p ?b }} }}")
    assert remote.connections == 0
    assert not any(address in str(told.value) for address in found)


def test_an_address_in_disguise_is_a_name(store: ox.Store, remote: Remote, federate: Callable[..., Federation]) -> None:
    iri = f"http://2130706433:{remote.port}/sparql"  # the system's resolver reads 127.0.0.1
    with pytest.raises(ServiceFailed):
        answer(store, federate(iri), f"SELECT * {{ SERVICE <{iri}> {{ ?a ?p ?b }} }}")
    assert remote.connections == 0


def test_localhost_is_this_machine_and_a_name_is_resolved_once(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation]
) -> None:
    iri = f"http://localhost:{remote.port}/sparql"
    query = f"SELECT * {{ SERVICE <{iri}> {{ ?a ?p ?b }} }}"
    found = iter([["127.0.0.1"], ["10.0.0.1"]])
    federation = federate(iri, resolve=lambda _host, _port: next(found))
    assert len(answer(store, federation, query)) == 2
    assert remote.asked[0].headers["host"] == f"localhost:{remote.port}"
    with pytest.raises(ServiceFailed, match="private address"):
        answer(store, federation, query)


def test_a_service_that_is_not_there(store: ox.Store, start: Callable[[], Remote], federate: Callable[..., Federation]) -> None:
    gone = start()
    gone.shutdown()
    gone.server_close()
    with pytest.raises(ServiceFailed, match="can't be reached"):
        answer(store, federate(gone.iri), f"SELECT * {{ SERVICE <{gone.iri}> {{ ?a ?p ?b }} }}")


def test_calls_of_one_query_are_bounded(store: ox.Store, remote: Remote, federate: Callable[..., Federation]) -> None:
    federation = federate(remote.iri)
    for number in range(CALLS + 1):
        store.add(ox.Quad(ox.NamedNode(f"urn:{number}"), ox.NamedNode("urn:n"), ox.Literal(str(number)), ox.NamedNode("urn:g")))
    with pytest.raises(ServiceFailed, match="more than 100 times"):
        answer(store, federation, f"SELECT * {{ ?a <urn:n> ?n FILTER EXISTS {{ SERVICE <{remote.iri}> {{ ?a <urn:b> ?b }} }} }}")
    assert len(remote.asked) == CALLS
    with pytest.raises(ServiceRefused, match="8 times; this one holds it 9 times"):
        answer(store, federation, "SELECT * {" + f"SERVICE <{remote.iri}> {{}}" * (CONNECTIONS + 1) + "}")


def test_the_relay_knows_the_last_queries_and_no_others(remote: Remote, federate: Callable[..., Federation]) -> None:
    federation = federate(remote.iri)
    query = f"SELECT * {{ SERVICE <{remote.iri}> {{ ?a ?p ?b }} }}"
    calls = federation.prepare(query)
    address = urlsplit(calls.text.partition("<")[2].partition(">")[0])

    def status(path: str) -> int:
        with socket.create_connection(("127.0.0.1", address.port or 0)) as connection, connection.makefile("rb") as received:
            connection.sendall(f"POST {path} HTTP/1.0\r\nContent-Length: 0\r\n\r\n".encode())
            return int(received.read().split()[1])

    assert status(address.path) == 200
    assert [status(path) for path in ("/", "/x/0", address.path + "/", address.path[:-1] + "1", address.path[:-1] + "-1")] == [
        404
    ] * 5
    for _ in range(QUERIES):
        federation.prepare(query)
    assert status(address.path) == 404
    assert len(remote.asked) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the command openssl (Debian: openssl)")
    made = tmp_path / "certificate.pem"
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=here"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", *options, *names, "-keyout", str(made.with_suffix(".key")), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def test_https_with_a_certificate_that_fits(
    store: ox.Store, remote: Remote, federate: Callable[..., Federation], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    remote.socket = context.wrap_socket(remote.socket, server_side=True, do_handshake_on_connect=False)
    address, name = (f"https://{host}:{remote.port}/sparql" for host in ("127.0.0.1", "localhost"))
    query = f"SELECT * {{ SERVICE <{address}> {{ ?a ?p ?b }} }}"
    with pytest.raises(ServiceFailed, match="certificate does not fit"):
        answer(store, federate(address), query)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert len(answer(store, federate(address), query)) == 2
    with pytest.raises(ServiceFailed, match="certificate does not fit"):
        answer(store, federate(name), query.replace(address, name))
