"""The socket of a store: its owner's way to the server that has it open."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from referentiel.running import SOCKET, NotRunning, ask, listen
from test_serving import ready, served

CODE = "000_dc92d59401fb9067"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, subprocess.Popen[str]]]:
    """A store in a deep folder, the address of the server that has it open, and its process."""
    folder = tmp_path_factory.mktemp("running") / ("deep" * 30) / "store"
    folder.mkdir(parents=True)
    with served(folder) as (address, process):
        ready(address)
        yield folder, address, process


def test_the_server_answers_its_owner_and_takes_writes_without_a_token(running: tuple[Path, str, subprocess.Popen[str]]) -> None:
    folder, address, _ = running
    answer = ask(folder, "GET", f"/certifications/{CODE}", headers={"Accept": "text/turtle"})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    headers = {"Content-Type": "text/turtle"}
    assert ask(folder, "PUT", f"/certifications/{CODE}", answer.body, headers).status == 200
    assert httpx.put(f"{address}/certifications/{CODE}", content=answer.body, headers=headers).status_code == 401
    assert ask(folder, "PUT", f"/certifications/{CODE}", answer.body, headers | {"X-Forwarded-For": "1.2.3.4"}).status == 401


def test_nobody_but_the_owner_may_connect(running: tuple[Path, str, subprocess.Popen[str]]) -> None:
    mode = (running[0] / SOCKET).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_where_nobody_listens_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / ("x" * 200)):
        with pytest.raises(NotRunning):
            ask(folder, "GET", "/")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / SOCKET))
    with pytest.raises(NotRunning):
        ask(tmp_path, "GET", "/")
    (tmp_path / "file").touch()
    with pytest.raises(NotRunning):
        ask(tmp_path / "file", "GET", "/")


def test_a_socket_that_was_left_is_replaced(tmp_path: Path) -> None:
    with listen(tmp_path):
        pass
    assert (tmp_path / SOCKET).exists()
    with listen(tmp_path), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / SOCKET))


def test_listening_leaves_the_mask_as_it_was(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with listen(tmp_path):
            assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_an_answer_that_is_no_http_is_an_error(tmp_path: Path) -> None:
    with listen(tmp_path) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.sendall(b"rubbish\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(OSError, match="rubbish"):
            ask(tmp_path, "GET", "/")
        thread.join()


def test_the_socket_goes_with_the_server(running: tuple[Path, str, subprocess.Popen[str]]) -> None:
    folder, _, process = running
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    assert not (folder / SOCKET).exists()
    with pytest.raises(NotRunning):
        ask(folder, "GET", "/healthz")
