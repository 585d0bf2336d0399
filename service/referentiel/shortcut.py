"""A request that came before, byte for byte, gets the answer that it got: written where its bytes arrive, past all layers.

Most of what a kept answer costs is reading the request and building the headers anew. This protocol of uvicorn's keeps the bytes
that asked for an answer beside it. Anything that is not plainly a repetition takes the usual way.
"""

from __future__ import annotations

import re
from itertools import count
from secrets import token_hex
from time import perf_counter
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from referentiel.guard import GuardedProtocol
from referentiel.readers import Answers, Entry
from referentiel.web.http import ALWAYS
from referentiel.web.metrics import Metrics
from referentiel.web.sparql import RAW_REQUEST

_START: Final = b"GET /sparql?"
_LONGEST: Final = 8192
_WHOLE: Final = re.compile(rb"GET /sparql\?[^ \r\n]* HTTP/1\.1\r\n(?:[^\r\n]+\r\n)+\r\n")
_NOT_REPEATED: Final = re.compile(
    rb"\n(?:connection|x-request-id|expect|if-[a-z-]+|upgrade|transfer-encoding|content-length) *:", re.IGNORECASE
)
"""Headers whose answer is not the same each time, or that something follows."""


class ShortcutProtocol(GuardedProtocol):
    """HTTP/1.1 on one connection. Subclasses say whose answers are given, and where that is counted."""

    answers: Answers
    metrics: Metrics
    _prefix: Final = token_hex(6)
    _numbers: Final = count(1)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._raw: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """Answer a repetition at once; hand on anything else."""
        self._raw = None
        if data.startswith(_START) and self._is_idle():
            start = perf_counter()
            entry = self.answers.at_hand(data)
            if entry is not None:
                self._repeat(entry, start)
                return
            if len(data) <= _LONGEST and _WHOLE.fullmatch(data) and not _NOT_REPEATED.search(data):
                self._raw = data
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The first byte of a request; its bytes are told, when they are all there."""
        super().on_message_begin()
        self.scope[RAW_REQUEST] = self._raw  # type: ignore[typeddict-unknown-key]

    def _is_idle(self) -> bool:
        """Whether nothing of a request has arrived that is not answered, and what was answered has been taken."""
        cycle: RequestResponseCycle | None = self.cycle
        answered = cycle is None or cycle.response_complete
        return self.between_requests and answered and not self.flow.write_paused

    def _repeat(self, entry: Entry, start: float) -> None:
        if entry.written is None:
            headers, _ = entry.prepared
            entry.written = b"HTTP/1.1 200 OK\r\n" + b"".join(b"%s: %s\r\n" % field for field in (*headers, *ALWAYS))
        self._stop_waiting()
        self._unset_keepalive_if_required()
        dated = b"".join([b"%s: %s\r\n" % field for field in self.server_state.default_headers])
        named = b"x-request-id: %s-%x\r\n\r\n" % (self._prefix.encode(), next(self._numbers))
        self.transport.write(entry.written + dated + named + entry.answer.body)
        self.server_state.total_requests += 1
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        self.metrics.question("cached")
        self.metrics.request("sparql", "GET", 200, perf_counter() - start, len(entry.answer.body))


def shortcut(its_answers: Answers, its_metrics: Metrics) -> type[GuardedProtocol]:
    """The protocol that gives these answers."""

    class Protocol(ShortcutProtocol):
        answers = its_answers
        metrics = its_metrics

    return Protocol
