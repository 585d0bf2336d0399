"""Connections that say too much, or nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from referentiel.guard import HEAD_LIMIT
from test_serving import ready, served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with served(tmp_path_factory.mktemp("guard") / "store") as (address, _):
        ready(address)
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


@pytest.mark.parametrize("opening", [b"GET /sparql?query=", b"GET / HTTP/1.1\r\nX-Long: ", b"GET / HTTP/1.1\r\nAccept: "])
def test_a_head_without_end_is_not_read(address: tuple[str, int], opening: bytes) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(opening)
        try:
            for _ in range(2 * HEAD_LIMIT // 65536):
                connection.sendall(b"a" * 65536)
            data = connection.recv(65536)
        except ConnectionError:
            return  # it was closed while we were still talking
        assert data.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 ")) or data == b""


def test_a_long_query_fits_in_an_address(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(b"GET /sparql?query=ASK%7B%7D" + b"%20" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_one_request_after_the_other_has_its_own_bound(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        for _ in range(8):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 60_000 + b"\r\n\r\n")
            data = b""
            while not data.endswith(b"}"):
                data += connection.recv(65536)
            assert data.startswith(b"HTTP/1.1 200 ")


def test_who_says_nothing_is_let_go(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=60) as silent, socket.create_connection(address, timeout=60) as slow:
        slow.sendall(b"GET /healthz HT")
        assert silent.recv(10) == b""
        assert slow.recv(10) == b""
