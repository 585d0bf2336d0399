"""A request to another SPARQL service that goes where its address says and nowhere else.

The name is resolved once; every address that it leads to must be public, and the connection is made to the very address that was
judged. No redirect is followed, no proxy is asked, and the time and the size of the whole exchange are bounded.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

ANSWER_LIMIT: Final = 16 * 1024 * 1024
"""Bytes of the longest answer that is taken from another service."""

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # RFC 4291, section 2.4
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1: the last 32 bits are an IPv4 address

_CUT: Final = ("its answer ends too early", "sa réponse s'arrête trop tôt")

Resolver = Callable[[str, int], Sequence[str]]
"""The IP addresses that a host name leads to at a port. Raises OSError."""


class ExchangeFailed(Exception):
    """The service gave no answer that can be used. The message says why, `french` too; neither names an address."""

    def __init__(self, message: str, french: str) -> None:
        super().__init__(message)
        self.french = french


def addresses(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says of a host name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether anyone on the internet may be reached there: global unicast, and so is an IPv4 address carried inside."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not (found.is_multicast or found.is_reserved)
    if found.ipv4_mapped:
        return is_public(str(found.ipv4_mapped))
    if found in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    if found.sixtofour:
        return is_public(str(found.sixtofour))
    return found in _GLOBAL_UNICAST and found.is_global and not found.teredo


class Service:
    """A SPARQL service that the operator allows.

    A host that is written as an IP address is the operator's decision; `localhost` must be this machine; the addresses of any
    other name must all be public.
    """

    def __init__(self, iri: str, resolve: Resolver = addresses) -> None:
        self.iri = iri
        self._resolve = resolve
        self._parts = urlsplit(iri)
        self._secure = self._parts.scheme == "https"
        self._host = self._parts.hostname or ""
        self._usual_port = 443 if self._secure else 80
        self._port = self._parts.port or self._usual_port

    def ask(self, query: bytes, accept: str, seconds: float) -> tuple[str, bytes]:
        """Send a query (SPARQL 1.1 Protocol, section 2.1.3). The media type and the body of the answer. Raises ExchangeFailed."""
        deadline = monotonic() + seconds
        try:
            connection = _Connection(self._connected(deadline), deadline, self._host, self._port)
            connection.default_port = self._usual_port  # the header Host does without the usual one
            with closing(connection):
                headers = {"Accept": accept, "Content-Type": "application/sparql-query", "User-Agent": "referentiel"}
                connection.request("POST", self._parts.path or "/", query, headers)
                with connection.getresponse() as response:
                    return _usable(response)
        except TimeoutError as error:
            raise ExchangeFailed(f"no whole answer in {seconds:g} s", f"pas de réponse entière en {seconds:g} s") from error
        except ssl.SSLError as error:
            raise ExchangeFailed(
                "the TLS connection failed, or the certificate does not fit",
                "la connexion TLS a échoué, ou le certificat ne convient pas",
            ) from error
        except IncompleteRead as error:
            raise ExchangeFailed(*_CUT) from error
        except (OSError, HTTPException, ValueError) as error:
            raise ExchangeFailed(
                "it can't be reached, or does not speak HTTP", "il est injoignable, ou ne parle pas HTTP"
            ) from error

    def _connected(self, deadline: float) -> socket.socket:
        """A connection to the first address that takes one. Raises ExchangeFailed, OSError."""
        for address in self._judged():
            with suppress(OSError):
                connection = socket.create_connection((address, self._port), timeout=_left(deadline))
                break
        else:
            _left(deadline)  # raises when it was the time that ran out
            raise OSError("no address takes a connection")
        return self._secured(connection, deadline) if self._secure else connection

    def _judged(self) -> Sequence[str]:
        try:
            return [str(ipaddress.ip_address(self._host))]
        except ValueError:
            found = self._resolve(self._host, self._port)
        allowed = _is_loopback if self._host == "localhost" else is_public
        if not all(map(allowed, found)):
            raise ExchangeFailed("its name leads to a private address", "son nom mène à une adresse privée")
        return found

    def _secured(self, connection: socket.socket, deadline: float) -> ssl.SSLSocket:
        try:
            connection.settimeout(_left(deadline))
            return self._tls.wrap_socket(connection, server_hostname=self._host)
        except BaseException:
            connection.close()
            raise

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


class _Connection(HTTPConnection):
    """HTTP over a connection that stands already, no read of which goes past the deadline."""

    def __init__(self, connected: socket.socket, deadline: float, host: str, port: int) -> None:
        super().__init__(host, port)
        self.sock = connected
        self._deadline = deadline

    def response_class(self, sock: socket.socket, method: str | None = None) -> HTTPResponse:  # type: ignore[override]
        return HTTPResponse(_Timed(sock, self._deadline), method=method)  # type: ignore[arg-type]


class _Timed(io.RawIOBase):
    """What a connection receives until a deadline. A timeout of the socket alone starts anew with every byte."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb", buffering=0)  # keeps open what HTTPConnection hands over by closing it
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connection.settimeout(_left(self._deadline))
        return self._stream.readinto(buffer) or 0


def _usable(response: HTTPResponse) -> tuple[str, bytes]:
    if 300 <= response.status < 400:
        raise ExchangeFailed(
            f"it redirects elsewhere (status {response.status}), and redirects are not followed",
            f"il renvoie ailleurs (statut {response.status}), et les renvois ne sont pas suivis",
        )
    if response.status != 200:
        raise ExchangeFailed(f"it answered with status {response.status}", f"il a répondu par le statut {response.status}")
    body = response.read(ANSWER_LIMIT + 1)
    if len(body) > ANSWER_LIMIT:
        raise ExchangeFailed(f"its answer is longer than {ANSWER_LIMIT} bytes", f"sa réponse dépasse {ANSWER_LIMIT} octets")
    if response.length:
        raise ExchangeFailed(*_CUT)
    return response.headers.get_content_type(), body


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
