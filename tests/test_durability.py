"""Nothing is lost: a server that is killed at any moment, under load, has what it acknowledged, whole, and nothing else."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from durability.load import BASE, Book, Client, books, certification
from endpoint import until
from referentiel import resources
from referentiel.access import OPERATIONS, Tokens
from referentiel.history import History
from referentiel.store import Engine, open_store
from referentiel.store.deposit import install_vocabularies
from referentiel.validation import validate

CLIENTS = 4


class Nursery:
    """Our end of durability.nursery."""

    def __init__(self, tests: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "durability.nursery"],
            cwd=tests,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def conceive(self, store: Path, last: int = 0, when: str = "after") -> int:
        """A server that opens a store and will end at its `last`-th write: its process."""
        assert self.process.stdin is not None
        print(json.dumps([str(store), last, when]), file=self.process.stdin)
        while (told := self._told())[1]:
            pass  # of a server that is gone
        return told[0]

    def bear(self, pid: int) -> int:
        """The port of a server, once it listens."""
        while (told := self._told())[0] != pid:
            pass
        return told[1]

    def _told(self) -> tuple[int, int]:
        assert self.process.stdout is not None
        pid, port = json.loads(self.process.stdout.readline())
        return pid, port


@pytest.fixture(scope="module")
def nursery(root: Path) -> Iterator[Nursery]:
    made = Nursery(root / "tests")
    yield made
    made.process.communicate()


class Life:
    """A store that servers open one after the other, and what its clients know of it."""

    def __init__(self, nursery: Nursery, folder: Path, seed: int) -> None:
        self._nursery = nursery
        self._folder = folder
        self.chance = random.Random(seed)
        self.books = books(4, 4)
        engine = open_store(folder)
        install_vocabularies(engine)
        self._others = set(engine.graph_names())
        engine.close()
        self._token = Tokens(folder / "tokens.json").create("load", operations=OPERATIONS)
        self.came_through = 0

    def live(self, last: int = 0, when: str = "after") -> None:
        """Have a server written to until it is killed: at its `last`-th write, else a moment after it acknowledged a few."""
        pid = self._nursery.conceive(self._folder, last, when)
        port = self._nursery.bear(pid)
        shares = [self.books[number::CLIENTS] for number in range(CLIENTS)]
        clients = [Client(port, self._token, share, self.chance.randrange(2**32)) for share in shares]
        enough = self.acknowledged + self.chance.randrange(8)
        for client in clients:
            client.start()
        if last == 0:
            until(lambda: self.acknowledged >= enough or not any(client.is_alive() for client in clients), pause=0.001)
            self._kill(pid)
        for client in clients:
            client.join(60)
            assert not client.is_alive(), "the server did not end"
            assert client.unexpected is None
        self.check()

    def die_young(self) -> None:
        """Have a server killed while it opens the store, or thereabouts."""
        self._kill(self._nursery.conceive(self._folder))
        self.check()

    def _kill(self, pid: int) -> None:
        time.sleep(self.chance.uniform(0, 0.1))
        os.kill(pid, signal.SIGKILL)
        until(lambda: not lives(pid), pause=0.001)

    def check(self) -> None:
        """Compare what the store holds with what the clients know."""
        engine = open_store(self._folder)
        try:
            history = History(engine, BASE)
            history.check()
            self._check_revisions(engine, history)
            for book in self.books:
                self._check_graph(book, engine, history)
        finally:
            engine.close()

    def _check_revisions(self, engine: Engine, history: History) -> None:
        numbers = [revision.number for revision in history.revisions()]
        assert numbers == list(range(1, history.head + 1))
        kept = [number for book in self.books for number, _ in book.acknowledged]
        assert len(set(kept)) == len(kept), "no number was given twice"
        assert max(kept, default=0) <= history.head
        patches = {int(path.name.partition(".")[0]) for path in (self._folder / "history").glob("[0-9]*.gz")}
        assert patches - {history.head + 1} == set(numbers), "at most one is of a write that came to nothing"
        assert set(engine.graph_names()) - self._others <= {history.name, *(book.name for book in self.books)}

    def _check_graph(self, book: Book, engine: Engine, history: History) -> None:
        """It is as its last acknowledged write left it, or as the one that was under way would have; all versions come back."""
        held, latest = engine.statements(book.name), history.latest(book.name) or 0
        known = book.acknowledged[-1][0] if book.acknowledged else 0
        if latest != known:
            assert latest > known, "an acknowledged write is gone"
            assert held == book.pending, "neither the old state nor the new"
            assert [number for number in history.numbers(book.name) if number > known] == [latest]
            self.came_through += 1
            book.acknowledged.append((latest, held))
        assert held == book.acknowledged[-1][1] if book.acknowledged else not held
        for number, state in book.acknowledged[-5:]:
            assert history.statements(book.name, number) == state
        book.present, book.pending = held, None

    @property
    def acknowledged(self) -> int:
        """How many writes the server said were kept."""
        return sum(len(book.acknowledged) for book in self.books) - self.came_through

    def check_rules(self) -> None:
        """See that no certification breaks a rule."""
        engine = open_store(self._folder)
        judged = 0
        for book in self.books:
            if book.make is certification and len(book.present) > 10:
                judged += 1
                assert validate(engine.graph(book.name), resources.shapes(), resources.background()).conforms
        engine.close()
        assert judged


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_that_ends_at_a_write_has_all_of_it_or_nothing(nursery: Nursery, tmp_path: Path, when: str) -> None:
    life = Life(nursery, tmp_path / "store", seed=1)
    for last in (1, 2, 5):
        before = life.came_through
        life.live(last, when)
        assert life.came_through - before == (when == "after"), "the write that it ended at"
    life.check_rules()


def test_a_server_that_is_killed_at_some_moment_loses_nothing(nursery: Nursery, tmp_path: Path) -> None:
    die(Life(nursery, tmp_path / "store", seed=2), 5)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(3, 7))
def test_servers_that_are_killed_fifty_times_lose_nothing(nursery: Nursery, tmp_path: Path, seed: int) -> None:
    die(Life(nursery, tmp_path / "store", seed), 50)


def lives(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def die(life: Life, times: int) -> None:
    """Have servers of one store killed so many times: while they start, while they write, and whenever."""
    for number in range(times):
        if number % 5 == 0:
            life.die_young()
        elif number % 5 in {1, 3}:
            life.live(life.chance.randint(1, 6), "during")
        else:
            life.live()
    assert life.acknowledged > times
    life.check_rules()
