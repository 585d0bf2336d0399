"""What a worker is asked and what it says: the records on both ends of its socket, and how they are written there.

Frames are a kind (one byte), a length (four bytes, big-endian) and a payload.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

from rdflib import Literal as RdfLiteral
from rdflib import URIRef

from referentiel.store import BadQuery, Bindings, QueryForm, ResultFormat, ServiceFailed, ServiceRefused, StoreError, TooManyRows

Coding = Literal["identity", "gzip", "zstd"]
"""Content coding of an answer (RFC 9110, section 8.4.1)."""

HEADER: Final = struct.Struct("!cI")
READY, JOB, HEAD, DATA, END, FAILED = (bytes([letter]) for letter in b"RJHDEF")


class Failure(StoreError):
    """Root of the ways in which a question ends without an answer, through no fault of its syntax."""


class Overloaded(Failure):
    """Too many questions wait already, or this one waited too long. `retry_after`: seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class QueryTimeout(Failure):
    """The question took longer than allowed."""


class OutOfMemory(Failure):
    """The worker ended over the question: it asked for more memory than allowed, or the engine broke."""


class NoFormat(Failure):
    """No format was given for an answer of this form. `form`: what kind of answer it is."""

    def __init__(self, form: QueryForm) -> None:
        super().__init__(form.value)
        self.form = form


class AnswerCut(Failure):
    """An answer that had begun can't be ended: it must not look like a whole one."""


@dataclass(frozen=True, eq=False)
class Job:
    """A question and how to write its answer: `table` for SELECT and ASK, `graph` for the others, None to refuse.

    `base`: of relative IRIs in the text. With `excerpt`, the answer is at most that many rows or triples, in SPARQL JSON,
    whatever the formats.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: tuple[tuple[str, URIRef | RdfLiteral], ...] = ()
    table: ResultFormat | None = None
    graph: ResultFormat | None = None
    coding: Coding = "identity"
    excerpt: int | None = None
    base: str | None = None

    @cached_property
    def key(self) -> bytes:
        """A digest of all that decides the answer: jobs of the same key are the same."""
        terms = [(name, term.n3()) for name, term in self.bindings]
        written = (self.table and self.table.suffix, self.graph and self.graph.suffix, self.coding, self.excerpt, self.base)
        parts = (self.text, self.default_graphs, self.named_graphs, terms, written)  # written so that nothing is two things
        return blake2b(repr(parts).encode(), digest_size=12).hexdigest().encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class Head:
    """How an answer is written, known when it begins."""

    form: QueryForm
    format: ResultFormat
    coding: Coding


class Refusal(Enum):
    """Why a worker gives no answer, as its frame says it."""

    BAD_QUERY = "bad-query"
    SERVICE = "service"
    SERVICE_FAILED = "service-failed"
    TOO_MANY_ROWS = "rows"
    NO_FORMAT = "format"
    MEMORY = "memory"
    UNAVAILABLE = "unavailable"


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame."""
    return HEADER.pack(kind, len(payload)) + payload


def frames(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """The whole frames at the start of a buffer, taken out of it."""
    while len(buffer) >= HEADER.size:
        kind, length = HEADER.unpack_from(buffer)
        end = HEADER.size + length
        if len(buffer) < end:
            return
        payload = bytes(buffer[HEADER.size : end])
        del buffer[:end]
        yield kind, payload


def write_job(job: Job, generation: Path) -> bytes:
    """A job as a payload, with the checkpoint to ask."""
    written = (
        str(generation),
        job.text,
        job.default_graphs,
        job.named_graphs,
        [_write_term(name, term) for name, term in job.bindings],
        job.table and job.table.name,
        job.graph and job.graph.name,
        job.coding,
        job.excerpt,
        job.base,
    )
    return json.dumps(written, ensure_ascii=False).encode()


def read_job(payload: bytes) -> tuple[Job, str]:
    """The other way round; the checkpoint as its path."""
    generation, text, default_graphs, named_graphs, bindings, table, graph, coding, excerpt, base = json.loads(payload)
    job = Job(
        text=text,
        default_graphs=tuple(default_graphs),
        named_graphs=tuple(named_graphs),
        bindings=tuple(_read_bindings(bindings).items()),
        table=table and ResultFormat[table],
        graph=graph and ResultFormat[graph],
        coding=coding,
        excerpt=excerpt,
        base=base,
    )
    return job, generation


def write_head(head: Head) -> bytes:
    """A head as a payload."""
    return f"{head.form.name} {head.format.name} {head.coding}".encode()


def read_head(payload: bytes) -> Head:
    """The other way round."""
    form, written, coding = payload.decode().split()
    return Head(QueryForm[form], ResultFormat[written], coding)  # type: ignore[arg-type]


def write_refusal(refusal: Refusal, detail: str = "", french: str | None = None) -> bytes:
    """A refusal as a payload; its detail in English, and in French where that is known."""
    return json.dumps((refusal.value, detail, french)).encode()


def read_refusal(payload: bytes) -> StoreError:
    """The refusal as the exception that it is for the asker."""
    name, detail, french = json.loads(payload)
    refusal = Refusal(name)
    if refusal is Refusal.NO_FORMAT:
        return NoFormat(QueryForm[detail])
    kinds: dict[Refusal, type[StoreError]] = {
        Refusal.BAD_QUERY: BadQuery,
        Refusal.SERVICE: ServiceRefused,
        Refusal.SERVICE_FAILED: ServiceFailed,
        Refusal.TOO_MANY_ROWS: TooManyRows,
        Refusal.MEMORY: OutOfMemory,
    }
    return kinds.get(refusal, StoreError)(detail, french)


def _write_term(name: str, term: URIRef | RdfLiteral) -> tuple[str, str, str | None, str | None, bool]:
    if isinstance(term, RdfLiteral):
        return name, str(term), term.datatype and str(term.datatype), term.language, True
    return name, str(term), None, None, False


def _read_bindings(written: list[tuple[str, str, str | None, str | None, bool]]) -> Bindings:
    return {name: _read_term(value, datatype, language, literal) for name, value, datatype, language, literal in written}


def _read_term(value: str, datatype: str | None, language: str | None, literal: bool) -> URIRef | RdfLiteral:
    if not literal:
        return URIRef(value)
    return RdfLiteral(value, datatype=datatype and URIRef(datatype), lang=language, normalize=False)
