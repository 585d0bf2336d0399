"""The keys with which an OpenID provider signs: fetched with limits from where its discovery document says, and kept.

Nothing that a token says leads anywhere: the addresses come from the settings and from the provider's own document. No redirect is
followed and no proxy is asked.
"""

from __future__ import annotations

import json
import logging
import math
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from socket import SHUT_RDWR
from threading import Lock, Timer
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from referentiel.access.issuers import IssuerUnavailable

Jwk: TypeAlias = Mapping[str, Any]
"""A public key as JSON (RFC 7517)."""

SECONDS: Final = 4.0
"""That connecting takes at most, and again from there to the last byte of one document."""
LONGEST: Final = 2**20
"""Bytes of the longest document that is read."""
KEPT: Final = 3600.0
"""Seconds that keys are trusted without asking again: as long as a key that its owner withdraws may still be used."""
PAUSE: Final = 10.0
"""Seconds between two attempts: whoever sends tokens of unknown keys does not make us ask more often."""

_log = logging.getLogger(__name__)


class IssuerKeys:
    """The signing keys of one provider, asked for when they are first needed, when they are old, and when one is unknown."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic, seconds: float = SECONDS) -> None:
        """`issuer`: its identifier, byte for byte. `seconds`: that one document may take.

        Raises ValueError when the issuer is neither reached by https nor on this machine.
        """
        _require_safe(issuer)
        self._issuer = issuer
        self._clock = clock
        self._seconds = seconds
        self._keys: tuple[Jwk, ...] = ()
        self._trusted_until = self._next_attempt = -math.inf
        self._asking = Lock()

    def find(self, fits: Callable[[Jwk], bool]) -> Jwk | None:
        """The first key that fits; None when the provider has none. Raises IssuerUnavailable when it can't be asked."""
        found = self._held(fits)
        if found is not None:
            return found
        if not self._asking.acquire(timeout=self._seconds):
            raise IssuerUnavailable(math.ceil(PAUSE))
        try:
            if self._held(fits) is None:
                self._ask()
            return self._held(fits)
        finally:
            self._asking.release()

    def _held(self, fits: Callable[[Jwk], bool]) -> Jwk | None:
        if self._clock() >= self._trusted_until:
            return None
        return next(filter(fits, self._keys), None)

    def _ask(self) -> None:
        """Fetch the keys, unless that was done a moment ago. Raises IssuerUnavailable while there are none to be trusted."""
        now = self._clock()
        if now >= self._next_attempt:
            try:
                self._keys = self._fetched()
                self._trusted_until = self._clock() + KEPT
            except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError) as error:
                _log.warning("the keys of %s can't be had (%s: %s)", self._issuer, type(error).__name__, error)
            self._next_attempt = self._clock() + PAUSE
        if self._clock() >= self._trusted_until:
            raise IssuerUnavailable(max(1, math.ceil(self._next_attempt - self._clock())))

    def _fetched(self) -> tuple[Jwk, ...]:
        document = _fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", self._seconds)
        if document["issuer"] != self._issuer:  # section 4.3: else somebody might speak for another
            raise ValueError(f"the document is of {document['issuer']!r}")
        address = str(document["jwks_uri"])
        _require_safe(address)
        return tuple(key for key in _fetch(address, self._seconds)["keys"] if isinstance(key, dict))


def _require_safe(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        raise ValueError(f"{address!r} is neither https nor on this machine")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _fetch(address: str, seconds: float) -> Any:
    """The JSON at an address, whole within some seconds. Raises OSError, HTTPException, ValueError."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = (
        HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, parts.port, timeout=seconds)
    )
    with closing(connection):
        connection.connect()
        # A timeout of the socket starts anew with every byte; this one does not.
        deadline = Timer(seconds, connection.sock.shutdown, (SHUT_RDWR,))
        deadline.daemon = True
        deadline.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"Accept": "application/json", "User-Agent": "referentiel"})
            response = connection.getresponse()
            body = response.read(LONGEST + 1)
        finally:
            deadline.cancel()
    if response.status != 200 or response.length or len(body) > LONGEST:
        raise ValueError(f"{address}: status {response.status}, {len(body)} bytes; expected 200, whole, {LONGEST} bytes at most")
    return json.loads(body)
