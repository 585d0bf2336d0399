"""Processes made by forking, for real: a module of this file's own is what they run."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import all_end
from referentiel.forking import ForkServer

MODULE = """
import os
from referentiel.forking import serve

def main(descriptor, greeting):
    serve(descriptor, lambda kind, connection: connection.sendall(f"{greeting} {kind.decode()} {os.getpid()}".encode()))
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ForkServer]:
    (tmp_path / "greeter.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = ForkServer("greeter", "it's")
    yield made
    made.close()


def told(connection: socket.socket) -> list[str]:
    """What a process says until it ends."""
    with connection, connection.makefile() as file:
        return file.read().split()


def test_each_is_a_process_of_its_own_and_is_told_its_kind(server: ForkServer) -> None:
    first, second = told(server.make(b"A")), told(server.make(b"B"))
    assert (first[:2], second[:2]) == (["it's", "A"], ["it's", "B"])
    assert len({first[2], second[2], str(server.pid)}) == 3


def test_none_can_be_had_once_somebody_has_ended_it(server: ForkServer) -> None:
    told(server.make())
    os.killpg(server.pid, signal.SIGKILL)
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(OSError, match="pipe"):
        server.make()


def test_closing_ends_all(server: ForkServer) -> None:
    told(server.make())
    server.close()
    assert all_end(server.pid)
