"""Questions that need no worker: those whose cost is bounded by the length of their answer.

A single triple pattern, projected and at most limited, is answered by a walk along one index: each step gives a row. Stopping at a
number of bytes stops it, and nothing needs to be killed. Handing such a question to a worker costs more than answering it.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final

from referentiel.readers.jobs import Head, Job
from referentiel.store import QueryForm, StoreError
from referentiel.store.snapshot import Snapshot

LONGEST: Final = 16 * 1024
"""Bytes of an answer that is given at once: some tenths of a millisecond."""

_IRI: Final = r"""<[^<>"{}|^`\\\s]*+>"""
_NAME: Final = r"[A-Za-z][\w-]*+:[A-Za-z_][\w-]*+"
_VARIABLE: Final = r"[?$]\w++"
_TEXT: Final = r'"[^"\\\r\n]*+"'
_PATTERN: Final = re.compile(
    rf"""\s*+(?:PREFIX\s++(?:[A-Za-z][\w-]*+)?:\s*+{_IRI}\s*+)*+
    SELECT(?:\s*+\*\s*+|\s++(?:{_VARIABLE}\s*+)++)(?:WHERE\s*+)?+\{{\s*+
    (?P<s>{_IRI}|{_NAME}|{_VARIABLE})\s++(?P<p>{_IRI}|{_NAME}|{_VARIABLE}|a)\s++(?P<o>{_IRI}|{_NAME}|{_VARIABLE}|{_TEXT})\s*+
    (?:\.\s*+)?+\}}\s*+(?:LIMIT\s++\d++\s*+)?+(?:\#[^\r\n]*+)?+\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""Possessive throughout: a text that does not match is given up at once."""
_LONGEST_QUERY: Final = 2000


def is_bounded(job: Job) -> bool:
    """Whether each step towards the answer of a job gives a row of it. No for anything that is not plainly so."""
    if job.default_graphs or job.named_graphs or job.bindings or job.excerpt or job.table is None or len(job.text) > _LONGEST_QUERY:
        return False
    match = _PATTERN.match(job.text)
    if match is None or "jena" in job.text.lower():  # text:query looks like a triple pattern, and is none
        return False
    variables = [term[1:] for term in match.group("s", "p", "o") if term[0] in "?$"]
    return len(variables) == len(set(variables))  # a variable that stands twice is a filter


def answer(snapshot: Snapshot, job: Job) -> tuple[Head, bytes] | None:
    """The answer to a bounded job; None when it is too long to be given at once, or there is none: a worker says why."""
    assert job.table is not None
    sink = _Bounded()
    try:
        snapshot.query(job.text, base=job.base).write(job.table, sink)
    except (StoreError, _TooLong):
        return None
    return Head(QueryForm.SELECT, job.table, "identity"), sink.getvalue()


class _TooLong(Exception):
    """The answer is longer than what is given at once."""


class _Bounded(BytesIO):
    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > LONGEST:
            raise _TooLong
        return super().write(data)
