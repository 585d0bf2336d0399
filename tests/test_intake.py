"""Reading what strangers send, in processes that can be killed: what comes back, what is refused, what ends at a limit."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processes import all_end
from referentiel.graph import to_graph
from referentiel.intake import Intake, Rdf, ReadingLimit, Table, Verbatim
from referentiel.model import Certification
from referentiel.sources import UnreadableSource
from referentiel.store.reading import BadData, statements

BASE = "http://ex.example/"
LONG = b"<a:a> <a:b> " + b"(" * 800_000 + b")" * 800_000 + b" ."
"""A list inside a list inside a list: seconds of work, and hundreds of MiB."""


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    found = Intake(30, 512)
    yield found
    found.close()


def children(intake: Intake) -> int:
    """The process that makes the others."""
    assert intake._maker is not None
    return intake._maker.pid


def test_a_table_is_a_record_and_statements(intake: Intake, seed: Certification, seed_file: Path) -> None:
    found, said = intake.table(Table(seed_file.name, seed_file.read_bytes(), BASE))
    assert found == seed
    assert said == statements(to_graph(seed, BASE))


def test_rdf_is_read_as_the_store_holds_it_or_to_the_letter(intake: Intake) -> None:
    document = b"<a> <b> 007 ."
    assert intake.rdf(Rdf(document, "text/turtle", BASE)) != {None: intake.verbatim(Verbatim(document, "text/turtle", BASE))}


def test_refusals_cross_over_whole(intake: Intake) -> None:
    with pytest.raises(BadData) as bad:
        intake.rdf(Rdf(b"<a> <b> <c> .\n<a>", "text/turtle", BASE))
    assert (bad.value.syntax, bad.value.line) == ("Turtle", 2)
    with pytest.raises(UnreadableSource) as unread:
        intake.table(Table("mon.csv", b"bonjour", BASE))
    assert unread.value.name == "mon.csv"
    assert unread.value.faults[0].remedy


@pytest.mark.parametrize(("seconds", "memory", "reason"), [(1, 4096, "time"), (30, 64, "memory")])
def test_whatever_takes_too_much_ends_and_the_next_goes_on(seconds: float, memory: int, reason: str) -> None:
    narrow = Intake(seconds, memory)
    try:
        with pytest.raises(ReadingLimit) as caught:
            narrow.rdf(Rdf(LONG, "text/turtle", BASE))
        assert caught.value.reason == reason
        with pytest.raises(BadData):
            narrow.rdf(Rdf(b"<", "text/turtle", BASE))
    finally:
        narrow.close()


def test_many_read_at_once(intake: Intake) -> None:
    def one(number: int) -> int:
        return len(intake.rdf(Rdf(f"<a> <b> {', '.join(map(str, range(number)))} .".encode(), "text/turtle", BASE))[None])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(1, 30))) == list(range(1, 30))


def test_it_starts_anew_when_somebody_has_ended_it(intake: Intake) -> None:
    intake.prepare()
    first = children(intake)
    os.killpg(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert intake.rdf(Rdf(b"<a> <b> <c> .", "text/turtle", BASE))
    assert children(intake) != first


def test_no_process_is_left(seed_file: Path) -> None:
    intake = Intake(30, 512)
    intake.table(Table(seed_file.name, seed_file.read_bytes(), BASE))
    group = children(intake)
    intake.close()
    assert all_end(group)
