"""Disks that fail under the whole service: who writes is told, who reads is answered, nothing is damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from rdflib import URIRef

from command import run
from disks import files_of_at_most, fill, small_disk
from durability.load import BASE, certification
from durability.revisions import write
from endpoint import until
from referentiel.access import OPERATIONS, Tokens
from referentiel.history import History
from referentiel.store import Statements, open_store
from referentiel.store.disk import RESERVE
from test_serving import ready, served

NAME = f"{BASE}certification/C1"
SHIPPED = 2
"""Revisions that put in what the project ships: the certification, and its links."""
COUNT = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{NAME}> {{ ?s ?p ?o }} }}"


class Writer:
    """A client of a server that writes one certification."""

    def __init__(self, store: Path, address: str) -> None:
        ready(address)
        token = Tokens(store / "tokens.json").create("test", operations=OPERATIONS)
        self._client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def put(self, variant: int) -> httpx.Response:
        body = "\n".join(certification("C1", variant))
        return self._client.put("/certifications/C1", content=body, headers={"Content-Type": "application/n-triples"})

    def held(self) -> Statements:
        answer = self._client.get("/graphs", params={"graph": NAME}, headers={"Accept": "application/n-triples"})
        return frozenset(answer.raise_for_status().text.splitlines())

    def sees(self, variant: int) -> None:
        """Wait until what was written can be read."""
        until(lambda: self.held() == certification("C1", variant))

    def close(self) -> None:
        self._client.close()

    def asked(self) -> str:
        return self._client.get("/sparql", params={"query": COUNT, "format": "csv"}).raise_for_status().text


def assert_full(answer: httpx.Response) -> None:
    assert answer.status_code == 507, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/problems/storage-full")
    assert "Retry-After" in answer.headers


def held_after(store: Path) -> tuple[Statements, int]:
    """What the certification holds, and the last revision, once the server has gone."""
    engine = open_store(store)
    history = History(engine, BASE)
    history.check()
    found = engine.statements(URIRef(NAME)), history.head
    engine.close()
    return found


@pytest.mark.parametrize("size", [0, 8192], ids=["the patch does not fit", "the patch fits, what it says does not"])
def test_a_full_disk_refuses_writes_until_there_is_room(tmp_path: Path, size: int) -> None:
    store = tmp_path / "store"
    with served(store) as (address, process):
        writer = Writer(store, address)
        assert writer.put(1).status_code == 201
        writer.sees(1)
        with files_of_at_most(size, process.pid):
            for variant in (2, 3):
                assert_full(writer.put(variant))
                assert writer.held() == certification("C1", 1)
                assert writer.asked() == f"n\r\n{len(certification('C1', 1))}\r\n"
        assert writer.put(4).status_code == 200
        writer.sees(4)
        writer.close()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert held_after(store) == (certification("C1", 4), SHIPPED + 2)


def test_a_small_disk_that_fills_up_keeps_all_that_was_accepted(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 3 * RESERVE) as disk:
        store = disk / "store"
        with served(store) as (address, _):
            writer = Writer(store, address)
            assert writer.put(1).status_code == 201
            writer.sees(1)
            ballast = fill(disk, RESERVE // 2)
            assert_full(writer.put(2))
            assert writer.held() == certification("C1", 1)
            ballast.unlink()
            assert writer.put(3).status_code == 200
            writer.close()
        assert held_after(store) == (certification("C1", 3), SHIPPED + 2)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A store with five revisions, the last of which stand in the journal of the engine only."""
    store = open_store(tmp_path / "store")
    write(store, 2)
    store.checkpoint(tmp_path / "checkpoint")
    write(store, 3)
    store.close()
    return tmp_path / "store"


def refused(store: Path) -> str:
    """What the operator is told who starts a server that can't."""
    done = run("serve", "--port", "0", "--store", store, cwd=store.parent)
    assert done.returncode == 1
    assert done.stderr.startswith("Refusé : le magasin ")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_store_that_can_only_be_read_is_told_at_the_start(written: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"
    start = f"{limit}; from referentiel.cli import main; main()"
    command = [sys.executable, "-c", start, "serve", "--port", "0", "--store", str(written)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Refusé : le magasin ")
    assert "faites de la place" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_without_its_list_of_tables_is_told_and_left_alone(written: Path) -> None:
    live = written / "live"
    (live / "CURRENT").unlink()
    before = sorted(path.name for path in live.iterdir())
    assert "referentiel restore" in refused(written)
    assert sorted(path.name for path in live.iterdir()) == before


def test_a_damaged_table_is_told(written: Path) -> None:
    for table in (written / "live").glob("*.sst"):
        data = bytearray(table.read_bytes())
        data[100:-100] = os.urandom(len(data) - 200)
        table.write_bytes(data)
    assert "est abîmé" in refused(written)


def test_a_journal_that_was_cut_is_found_by_the_history(written: Path) -> None:
    for journal in (written / "live").glob("*.log"):
        os.truncate(journal, journal.stat().st_size // 3)
    assert "patch.gz : relève d'une écriture que le magasin ne tient plus" in refused(written)


def test_a_last_patch_that_was_cut_is_told(written: Path) -> None:
    os.truncate(written / "history" / "5.patch.gz", 20)
    assert "5.patch.gz : illisible" in refused(written)
