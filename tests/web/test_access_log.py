from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.web.access_log import AccessLog, Entry, line

NOW = datetime(2026, 11, 23, 19, 30, 5, 123456, UTC)
ENTRY: Entry = {
    "id": "abc-1",
    "status": 200,
    "bytes": 512,
    "complete": True,
    "seconds": 0.0123456,
    "outcome": "cached",
    "lane": "short",
    "query": "SELECT * { ?s ?p ?o }",
}


def scope(path: str = "/sparql", method: str = "GET", headers: Mapping[bytes, bytes] = MappingProxyType({})) -> dict[str, Any]:
    """A request as uvicorn describes it."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"query=SELECT",
        "client": ("192.0.2.7", 4242),
        "headers": list(headers.items()),
    }


def read(line: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(line)
    return fields


def test_a_line_says_what_was_asked_and_answered() -> None:
    headers = {b"user-agent": b"curl/8.0", b"referer": b"https://user:secret@other.example/page?query=SELECT#part"}
    assert read(line(scope(headers=headers), ENTRY, NOW)) == {
        "time": "2026-11-23T19:30:05.123Z",
        "id": "abc-1",
        "client": "192.0.2.7",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "bytes": 512,
        "complete": True,
        "ms": 12.346,
        "outcome": "cached",
        "lane": "short",
        "query_sha256": sha256(b"SELECT * { ?s ?p ?o }").hexdigest()[:16],
        "query_length": 21,
        "agent": "curl/8.0",
        "referer": "https://other.example/page",
    }


def test_a_request_that_asks_no_question_has_no_outcome() -> None:
    fields = read(line(scope("/"), {**ENTRY, "outcome": None, "query": None}, NOW))
    assert not {"outcome", "lane", "query_sha256", "query_length", "agent", "referer"} & set(fields)


@given(st.text(), st.binary(), st.binary(), st.text())
def test_nothing_that_is_sent_breaks_or_forges_a_line(path: str, agent: bytes, referer: bytes, query: str) -> None:
    written = line(scope(path, headers={b"user-agent": agent, b"referer": referer}), {**ENTRY, "query": query}, NOW)
    assert written.isascii()
    assert written.splitlines(keepends=True) == [written]
    assert read(written)["status"] == 200


def test_a_lone_surrogate_is_written() -> None:
    fields = read(line(scope("/\udc80"), {**ENTRY, "query": "ASK { \ud800 }"}, NOW))
    assert fields["path"] == "/\udc80"
    assert fields["query_length"] == 9


def test_what_is_long_is_cut() -> None:
    long = b"x" * 100_000
    written = line(scope("/" + "a" * 100_000, "M" * 100_000, {b"user-agent": long, b"referer": long}), ENTRY, NOW)
    assert len(written) < 2000


@pytest.mark.parametrize("referer", [b"http://[", b"", b"no address", b"javascript:alert(1)"])
def test_a_referer_may_be_anything(referer: bytes) -> None:
    assert "referer" in read(line(scope(headers={b"referer": referer}), ENTRY, NOW))


def test_lines_are_written_together_and_all_when_it_closes(tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"

    async def ask() -> None:
        log = AccessLog(str(path))
        for _ in range(3):
            log.write(scope(), ENTRY)
        assert path.read_text() == ""
        log.close()

    asyncio.run(ask())
    assert [read(found)["id"] for found in path.read_text().splitlines()] == ["abc-1"] * 3


def test_lines_are_written_without_waiting_for_another(tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"

    async def ask() -> None:
        log = AccessLog(str(path))
        log.write(scope(), ENTRY)
        while not path.read_text():
            await asyncio.sleep(0.01)
        log.write(scope(), ENTRY)
        while path.read_text().count("\n") < 2:
            await asyncio.sleep(0.01)
        log.close()

    asyncio.run(asyncio.wait_for(ask(), 30))
    assert path.read_text().count("\n") == 2


def test_it_follows_rotation(tmp_path: Path) -> None:
    path, old = tmp_path / "access.jsonl", tmp_path / "access.jsonl.1"

    async def ask() -> None:
        log = AccessLog(str(path))
        log.write(scope(), ENTRY)
        log.flush()
        path.rename(old)
        log.write(scope(), {**ENTRY, "id": "abc-2"})
        log.close()

    asyncio.run(ask())
    assert [read(old.read_text())["id"], read(path.read_text())["id"]] == ["abc-1", "abc-2"]


def test_it_is_written_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    async def ask() -> None:
        log = AccessLog("-")
        log.write(scope(), ENTRY)
        log.close()

    asyncio.run(ask())
    assert read(capsys.readouterr().err)["id"] == "abc-1"


def test_a_log_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()

    async def ask() -> None:
        log = AccessLog(str(folder / "access.jsonl"))
        (folder / "access.jsonl").unlink()
        folder.rmdir()
        log.write(scope(), ENTRY)
        log.flush()
        folder.mkdir()
        log.write(scope(), {**ENTRY, "id": "abc-2"})
        log.close()

    asyncio.run(ask())
    assert "the access log can't be written" in caplog.text
    assert read((folder / "access.jsonl").read_text())["id"] == "abc-2"


def test_a_path_that_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Is a directory"):
        AccessLog(str(tmp_path))
