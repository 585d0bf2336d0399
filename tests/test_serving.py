"""The server as a newcomer starts it: a process, a port, a store on disk."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from rdflib import URIRef

from command import COMMAND, run
from durability.load import BASE, certification
from endpoint import until
from referentiel.access import OPERATIONS, Tokens
from referentiel.store import open_store

COUNT = "SELECT (COUNT(*) AS ?n) { ?c a <https://w3id.org/referentiel/ns#Competency> }"


@contextmanager
def served(store: Path, *arguments: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server on a free port: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port), "--store", str(store), *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.communicate()


def ready(address: str, seconds: float = 90) -> httpx.Response:
    """The first answer to a real question."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(f"{address}/sparql", params={"query": COUNT, "format": "csv"})
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.05)


def test_it_answers_tells_what_it_loaded_and_stops_when_asked(tmp_path: Path) -> None:
    with served(tmp_path / "store") as (address, process):
        assert ready(address).text == "n\r\n21\r\n"
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "conforme" in line.lower():
                break
        printed = "".join(lines)
        assert "1 certification(s)" in printed
        assert f"{address}/sparql" in printed
        assert "000_dc92d59401fb9067 : Le référentiel est conforme : 0 violation, 0 recommandation et 5 informations." in printed
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_it_serves_what_was_imported(tmp_path: Path, seed_file: Path) -> None:
    run("import", seed_file, "--id", "AUTRE", "--store", tmp_path / "store", cwd=tmp_path)
    with served(tmp_path / "store") as (address, _):
        assert ready(address).text == "n\r\n42\r\n"
        assert httpx.get(f"{address}/doc/certification/AUTRE.ttl").status_code == 200


def test_the_base_and_the_public_address_are_settings(tmp_path: Path) -> None:
    settings = {"REFERENTIEL_BASE": "https://certif.example/id/", "REFERENTIEL_PUBLIC_URL": "https://certif.example"}
    with served(tmp_path / "store", **settings) as (address, _):
        ready(address)
        page = httpx.get(f"{address}/doc/certification/000_dc92d59401fb9067.jsonld", headers={"Host": "evil.example"})
        assert page.status_code == 200
        assert "https://certif.example/context.jsonld" in page.text
        assert "evil.example" not in page.text + str(page.headers)


def test_a_port_in_use_is_said_in_french(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]), "--store", tmp_path / "store", cwd=tmp_path)
    assert done.returncode == 1
    assert "Choisissez un autre port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["no/such/folder/access.log", "."])
def test_an_access_log_that_cannot_be_written_is_said_in_french(tmp_path: Path, path: str) -> None:
    with served(tmp_path / "store", REFERENTIEL_ACCESS_LOG=str(tmp_path / path)) as (_, process):
        assert process.wait(30) == 1
        assert process.stdout is not None
        said = process.stdout.read()
    assert "REFERENTIEL_ACCESS_LOG" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_listens_where_it_is_told(tmp_path: Path, host: str) -> None:
    from referentiel.serving import _listen

    try:
        listener = _listen(host, 0)
    except OSError:
        pytest.skip(f"this machine has no address {host}")
    with listener:
        assert listener.getsockname()[0] == host


def started(address: str, path: str, kind: str, body: bytes, **headers: str) -> http.client.HTTPConnection:
    """A request that has arrived but for the second half of its body."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.putrequest("PUT" if "certifications" in path else "POST", path)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    return connection


def ended(connection: http.client.HTTPConnection, body: bytes) -> http.client.HTTPResponse:
    connection.send(body[len(body) // 2 :])
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def refuses(address: str) -> bool:
    host, _, port = address.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def marked(mark: str) -> list[Path]:
    """The processes that have a mark in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(folder)
    return found


def test_a_stop_ends_what_was_begun_and_refuses_what_comes_later(tmp_path: Path) -> None:
    store, mark = tmp_path / "store", uuid4().hex
    with served(store, REFERENTIEL_PUBLISHER=mark) as (address, process):
        ready(address)
        token = Tokens(store / "tokens.json").create("test", operations=OPERATIONS)
        written, asked = "\n".join(certification("C1", 1)).encode(), f"query={quote(COUNT)}&format=csv".encode()
        write = started(address, "/certifications/C1", "application/n-triples", written, Authorization=f"Bearer {token}")
        question = started(address, "/sparql", "application/x-www-form-urlencoded", asked)
        with httpx.Client(base_url=address) as idle:
            assert idle.get("/healthz").status_code == 200
            assert (store / "serving.sock").exists()
            assert not Path("/proc").exists() or len(marked(mark)) > 5, "it and its workers"
            process.send_signal(signal.SIGTERM)
            until(lambda: refuses(address))
            assert ended(question, asked).status == 200
            assert ended(write, written).status == 201
            assert process.wait(60) == 0
    assert not (store / "serving.sock").exists()
    until(lambda: not marked(mark))
    engine = open_store(store)
    assert engine.statements(URIRef(f"{BASE}certification/C1")) == certification("C1", 1)
    engine.close()
