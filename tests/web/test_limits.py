"""What nobody should send, and what it must not do to the others."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from endpoint import metric, until
from referentiel.settings import Limits, Settings
from referentiel.store import QUERY_LIMIT, Engine
from referentiel.web import create_app
from test_serving import ready, served

LIMITS = Limits(workers=4, seconds=1.5, memory=128, rows=2000, queue=2)
POINT = "SELECT ?p ?o { <https://w3id.org/referentiel/ns#Competency> ?p ?o }"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"

RUNAWAYS = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "unbound paths": "SELECT (COUNT(*) AS ?n) { ?a (!<http://no.example/>)* ?b . ?c (!<http://no.example/>)* ?d }",
    "regex bomb": f'SELECT (COUNT(*) AS ?n) {{ {CROSS} FILTER(!REGEX(CONCAT(STR(?c), STR(?f)), "(x+x+)+y")) }}',
    "many unions": "SELECT * {" + "{?s ?p ?o}UNION" * 8000 + "{}}",
    "sums without end": "SELECT (" + "1+" * 60_000 + f"1 AS ?n) {{ {CROSS} }}",
}


@pytest.fixture(scope="module")
def bounded(engine: Engine, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a service with narrow limits."""
    with serve(create_app(engine, replace(Settings(), limits=LIMITS))) as address:
        yield address


@pytest.fixture(scope="module")
def roomy(engine: Engine, serve: Callable[[FastAPI], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a service that has little memory, and time."""
    with serve(create_app(engine, replace(Settings(), limits=replace(LIMITS, seconds=60, memory=64)))) as address:
        yield address


def ask(address: str, query: str, **options: str) -> httpx.Response:
    return httpx.post(
        f"{address}/sparql", content=query, headers={"Content-Type": "application/sparql-query"} | options, timeout=60
    )


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_is_stopped_with_a_clear_answer(bounded: str, name: str) -> None:
    answer = ask(bounded, RUNAWAYS[name])
    problem = answer.json()
    assert (answer.status_code, problem["type"]) in {(504, "/problems/query-timeout"), (503, "/problems/query-memory")}
    assert int(answer.headers["retry-after"]) > 0
    assert "1.5" in problem["detail"] or "128" in problem["detail"]


def test_a_memory_bomb_ends_its_own_worker_only(roomy: str) -> None:
    killed = metric(roomy, 'referentiel_workers_replaced_total{reason="memory"}')
    bomb = "SELECT (GROUP_CONCAT(?t) AS ?x) { { SELECT (CONCAT(STR(?c), STR(?f)) AS ?t) { ?a ?b ?c . ?d ?e ?f } } }"
    answer = ask(roomy, bomb)
    assert answer.json()["type"] == "/problems/query-memory"
    assert answer.status_code == 503
    assert metric(roomy, 'referentiel_workers_replaced_total{reason="memory"}') == killed + 1
    assert ask(roomy, POINT).status_code == 200


def test_an_answer_with_too_many_rows_is_refused_whole(bounded: str) -> None:
    answer = ask(bounded, "SELECT ?s { ?s ?p ?o } LIMIT 2001")
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/answer-too-large"
    assert "2000" in answer.json()["detail"]
    assert len(ask(bounded, "SELECT ?s { ?s ?p ?o } LIMIT 2000").json()["results"]["bindings"]) == 2000
    graph = ask(bounded, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2001", Accept="application/n-triples")
    assert graph.status_code == 413


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_an_answer_that_is_cut_does_not_look_whole(bounded: str, coding: str) -> None:
    query = f'SELECT (CONCAT("{coding}", STR(?c), STR(?f), "{"x" * 300}") AS ?long) {{ ?a ?b ?c . ?d ?e ?f }}'
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        ask(bounded, query, **{"Accept-Encoding": coding})
    again = ask(bounded, query, **{"Accept-Encoding": coding})
    assert again.status_code == 413, "by now it is known that the answer is too large"


def test_a_query_text_of_ten_megabytes_is_not_read(bounded: str) -> None:
    with socket.create_connection(bounded.removeprefix("http://").split(":")) as connection:  # type: ignore[arg-type]
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 10000000\r\n\r\n"
        )
        connection.sendall(b" " * (4 * QUERY_LIMIT))
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("opening", ["{", "(", "{{SELECT*{", "OPTIONAL{"])
def test_thousands_of_nested_groups_are_no_danger(bounded: str, opening: str) -> None:
    query = "SELECT * {" + opening * ((QUERY_LIMIT - 100) // len(opening))
    assert ask(bounded, query).status_code in {400, 503, 504}
    assert ask(bounded, POINT).status_code == 200


def test_more_than_may_wait_are_told_when_to_come_again(bounded: str) -> None:
    def runaway(number: int) -> httpx.Response:
        return ask(bounded, f"SELECT (COUNT(*) AS ?n{number}) {{ {CROSS} }}")

    with ThreadPoolExecutor(16) as threads:
        running = [threads.submit(runaway, number) for number in range(16)]
        points = [ask(bounded, POINT.replace("Competency", f"Point{number}")) for number in range(50)]
        answers = [future.result() for future in running]
    assert {answer.status_code for answer in points} == {200}, "the others don't notice"
    assert {answer.status_code for answer in answers} == {503, 504}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.json()["type"] for answer in refused} == {"/problems/overloaded"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)


def test_a_client_that_leaves_frees_its_worker(bounded: str) -> None:
    left = metric(bounded, 'referentiel_workers_replaced_total{reason="disconnected"}')
    query = quote(f"SELECT (COUNT(*) AS ?left) {{ {CROSS} }}")
    with socket.create_connection(bounded.removeprefix("http://").split(":")) as connection:  # type: ignore[arg-type]
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until(lambda: metric(bounded, 'referentiel_workers{lane="general",state="busy"}') == 1)
    until(lambda: metric(bounded, 'referentiel_workers_replaced_total{reason="disconnected"}') == left + 1)
    until(lambda: metric(bounded, 'referentiel_workers{lane="general",state="busy"}') == 0)


def test_the_limits_are_in_the_headers(bounded: str) -> None:
    headers = ask(bounded, POINT).headers
    assert headers["query-limits"] == "seconds=1.5, mebibytes=128, rows=2000"


def processes(of: int) -> dict[int, list[int]]:
    """Process -> its children, for all descendants of a process."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split()[2:]
    children: dict[int, list[int]] = {}
    for pid, parent in zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True):
        children.setdefault(parent, []).append(pid)
    found, pending = {}, [of]
    while pending:
        found[pid] = children.get(pid := pending.pop(), [])
        pending += found[pid]
    return found


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.fixture
def separate(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own."""
    with served(tmp_path / "store", REFERENTIEL_WORKERS="4") as (address, process):
        ready(address)
        yield address, process


def test_what_is_killed_is_replaced(separate: tuple[str, subprocess.Popen[str]]) -> None:
    address, process = separate
    (forkserver,) = (pid for pid in processes(process.pid)[process.pid] if b"readers.forkserver" in command_line(pid))
    for _ in range(3):
        for worker in processes(process.pid)[forkserver]:
            os.kill(worker, signal.SIGKILL)
        assert ask(address, POINT).status_code in {200, 503}
        until(lambda: ask(address, POINT + f"#{time.monotonic()}").status_code == 200)
    os.kill(forkserver, signal.SIGKILL)
    until(lambda: metric(address, "referentiel_workers{") == 4 and ask(address, POINT).status_code == 200)


def test_no_process_outlives_the_server(separate: tuple[str, subprocess.Popen[str]]) -> None:
    address, process = separate

    def wait_in_vain() -> None:
        with pytest.raises(httpx.TransportError):
            ask(address, RUNAWAYS["cross product"])

    busy = threading.Thread(target=wait_in_vain)
    busy.start()
    until(lambda: metric(address, 'referentiel_workers{lane="general",state="busy"}') == 1)
    family = processes(process.pid)
    process.kill()
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").is_file() and _alive(pid) for pid in family))
    busy.join()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def test_a_large_answer_takes_little_memory(separate: tuple[str, subprocess.Popen[str]]) -> None:
    address, process = separate
    ask(address, POINT)
    before = _resident(process.pid)
    most = size = 0
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 250000"
    plain = {"Accept-Encoding": "identity"}
    with httpx.stream("GET", f"{address}/sparql", params={"query": query}, headers=plain, timeout=60) as answer:
        assert "content-length" not in answer.headers
        for part in answer.iter_raw():
            size += len(part)
            most = max(most, _resident(process.pid))
    assert size > 80_000_000
    assert most - before < 40_000_000, "part of it is the answer that might have been kept, part what else the server does"


def _resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")
