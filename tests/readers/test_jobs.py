from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from referentiel.readers.jobs import (
    DATA,
    END,
    Head,
    Job,
    NoFormat,
    OutOfMemory,
    Refusal,
    frame,
    frames,
    read_head,
    read_job,
    read_refusal,
    write_head,
    write_job,
    write_refusal,
)
from referentiel.store import BadQuery, QueryForm, ResultFormat, ServiceFailed, ServiceRefused, StoreError, TooManyRows
from referentiel.vocabulary import XSD

JOBS = [
    Job("ASK {}", table=ResultFormat.JSON),
    Job(
        "é\n\0",
        ("http://a.example/",),
        ("http://b.example/", "http://c.example/"),
        graph=ResultFormat.TURTLE,
        coding="zstd",
        excerpt=7,
        base="http://a/",
    ),
    Job(
        "SELECT *",
        bindings=(
            ("a", URIRef("http://a.example/")),
            ("b", Literal('"} DROP ALL')),
            ("c", Literal("é", lang="fr")),
            ("d", Literal("007", datatype=XSD.integer, normalize=False)),
        ),
    ),
]


@pytest.mark.parametrize("job", JOBS)
def test_a_job_arrives_as_it_was_sent(job: Job) -> None:
    assert read_job(write_job(job, Path("/some/where"))) == (job, "/some/where")


def test_a_head_arrives_as_it_was_sent() -> None:
    head = Head(QueryForm.ASK, ResultFormat.XML, "gzip")
    assert read_head(write_head(head)) == head


@pytest.mark.parametrize("size", [1, 4, 5, 1000])
def test_frames_are_found_however_they_are_cut(size: int) -> None:
    sent = frame(DATA, b"abc") + frame(END) + frame(DATA, b"x" * 300)
    buffer = bytearray()
    found: list[tuple[bytes, bytes]] = []
    for start in range(0, len(sent), size):
        buffer += sent[start : start + size]
        found += frames(buffer)
    assert found == [(DATA, b"abc"), (END, b""), (DATA, b"x" * 300)]
    assert not buffer


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal.BAD_QUERY, BadQuery),
        (Refusal.SERVICE, ServiceRefused),
        (Refusal.SERVICE_FAILED, ServiceFailed),
        (Refusal.TOO_MANY_ROWS, TooManyRows),
        (Refusal.MEMORY, OutOfMemory),
        (Refusal.UNAVAILABLE, StoreError),
    ],
)
def test_a_refusal_becomes_the_exception_that_it_was(refusal: Refusal, kind: type[StoreError]) -> None:
    for french in ("ligne 1, é\n", None):
        error = read_refusal(write_refusal(refusal, "line 1, é", french))
        assert type(error) is kind
        assert (str(error), error.french) == ("line 1, é", french)


def test_a_missing_format_names_the_form() -> None:
    error = read_refusal(write_refusal(Refusal.NO_FORMAT, QueryForm.GRAPH.name))
    assert isinstance(error, NoFormat)
    assert error.form is QueryForm.GRAPH


def test_two_jobs_are_the_same_only_if_everything_is() -> None:
    text, graph = "ASK {} #", "http://a.example/"
    jobs = [
        Job(text),
        Job(text, default_graphs=(graph,)),
        Job(text, named_graphs=(graph,)),
        Job(f"{text}\0{graph}"),
        Job(text, bindings=(("a", URIRef(graph)),)),
        Job(text, bindings=(("a", Literal(graph)),)),
        Job(text, table=ResultFormat.JSON),
        Job(text, graph=ResultFormat.TURTLE),
        Job(text, coding="gzip"),
        Job(text, excerpt=1),
        Job(text, base=graph),
    ]
    assert len(set(jobs)) == len({job.key for job in jobs}) == len(jobs)
    assert Job(text) == Job(text)
