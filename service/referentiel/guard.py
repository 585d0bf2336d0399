"""What a connection may send, and how long it may take to: HTTP/1.1 with bounds, below everything else."""

from __future__ import annotations

import socket
from asyncio import BaseTransport, TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from referentiel.web.authentication import LOCAL_SCOPE

HEAD_LIMIT: Final = 256 * 1024
"""Bytes of the longest head of a request; its address alone may have 64 KiB, which is what the parser takes."""
HEAD_SECONDS: Final = 10.0
"""Seconds in which the head of a request must have arrived, from its first byte or from the opening of the connection."""

_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s"
)
_MESSAGE: Final = (
    f"Au plus {HEAD_LIMIT} octets d'adresse et d'en-têtes sont lus ; envoyer la question par POST.\n"
    f"At most {HEAD_LIMIT} bytes of address and headers are read; send the query by POST.\n"
).encode()


class GuardedProtocol(HttpToolsProtocol):
    """HTTP/1.1 on one connection that nobody can hold open by saying nothing, or fill by saying too much."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.between_requests = True
        self._in_head = True
        self._head = 0
        self._patience: TimerHandle | None = None
        self._is_local = False

    def connection_made(self, transport: BaseTransport) -> None:
        """A client has connected."""
        super().connection_made(transport)  # type: ignore[arg-type]
        connected = transport.get_extra_info("socket")
        self._is_local = connected is not None and connected.family == socket.AF_UNIX
        self._patience = self.loop.call_later(HEAD_SECONDS, self._lose_patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes: a body is bounded by who reads it, a head here."""
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self.transport.write(_TOO_LARGE % (len(_MESSAGE), _MESSAGE))
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self.between_requests, self._in_head, self._head = False, True, 0
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self._lose_patience)
        super().on_message_begin()
        if self._is_local:
            self.scope[LOCAL_SCOPE] = True  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """The end of its head."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The last byte of a request."""
        super().on_message_complete()
        self.between_requests, self._in_head, self._head = True, True, 0

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        self.transport.close()
