"""What a disk may do to a store: fill up, fail while it confirms, hold something else than was written."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import URIRef

from disks import files_of_at_most, fill, small_disk
from referentiel.store import Changes, Engine, GraphChange, StorageFull, StoreDamaged, StoreUnavailable, open_store
from referentiel.store.disk import RESERVE

NAME = URIRef("http://graph.example/")


def change(number: int, size: int = 10) -> Changes:
    text = os.urandom(size).hex()
    return Changes((GraphChange(NAME, frozenset([f'<http://graph.example/{number}> <http://p.example/> "{text}" .'])),))


def numbers(store: Engine) -> set[int]:
    return {int(line.partition(">")[0].rpartition("/")[2]) for line in store.statements(NAME)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(tmp_path / "store")
    engine.apply(change(0, 100_000))
    yield engine
    engine.close()


def test_a_write_that_does_not_fit_is_refused_and_the_next_one_finds_its_way(store: Engine, tmp_path: Path) -> None:
    with files_of_at_most(150_000):
        for number in (1, 2):
            with pytest.raises(StorageFull):
                store.apply(change(number, 100_000))
            assert numbers(store) == {0}, "what can be read stays so"
        with pytest.raises(StorageFull):
            store.checkpoint(tmp_path / "checkpoint")
    store.apply(change(3))
    assert numbers(store) == {0, 3}
    store.close()
    again = open_store(tmp_path / "store")
    assert numbers(again) == {0, 3}
    again.close()


def test_a_checkpoint_mends_a_store_too(store: Engine, tmp_path: Path) -> None:
    with files_of_at_most(150_000), pytest.raises(StorageFull):
        store.apply(change(1, 100_000))
    store.checkpoint(tmp_path / "checkpoint")
    assert numbers(store) == {0}


def test_who_reads_keeps_a_store_from_being_opened_anew_for_a_moment_only(store: Engine) -> None:
    answer = store.query("SELECT ?s { ?s ?p ?o }")
    with files_of_at_most(150_000), pytest.raises(StorageFull):
        store.apply(change(1, 100_000))
    with pytest.raises(StorageFull, match="lock"):
        store.apply(change(2))
    assert numbers(store) == {0}
    assert len(answer.rows()) == 1
    store.apply(change(3))
    assert numbers(store) == {0, 3}


def test_a_write_that_the_disk_does_not_confirm_counts_once_the_store_holds_it(store: Engine, tmp_path: Path) -> None:
    told: list[set[int]] = []
    store.watch(lambda: told.append(numbers(store)))
    broken = tmp_path / "store" / "live" / "broken.log"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(broken))  # a journal that can't be opened, hence not confirmed
    store.apply(change(1))
    assert list(broken.parent.glob("LOG.old.*")), "the store was opened anew, which has the journals read and written as tables"
    broken.unlink()
    store.apply(change(2))
    assert told == [{0, 1}, {0, 1, 2}]


def test_a_full_disk_leaves_the_engine_its_reserve(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2 * RESERVE) as disk:
        store = open_store(disk / "store")
        store.apply(change(0))
        ballast = fill(disk, RESERVE // 2)
        with pytest.raises(StorageFull, match="are free, 17 are needed"):
            store.apply(change(1))
        store.checkpoint(disk / "checkpoint")
        store.close()
        store = open_store(disk / "store")
        assert numbers(store) == {0}, "the reserve is enough to read, to make checkpoints and to open it anew"
        ballast.unlink()
        store.apply(change(2))
        assert numbers(store) == {0, 2}
        store.close()


@pytest.mark.parametrize("written_to", [True, False])
def test_a_disk_that_can_only_be_read(store: Engine, tmp_path: Path, *, written_to: bool) -> None:
    if written_to:
        store.close()
    with files_of_at_most(0), pytest.raises(StoreUnavailable):
        open_store(tmp_path / "store")
    if not written_to:
        assert numbers(store) == {0}


def test_a_graph_goes_with_its_last_triple_in_the_same_step(store: Engine) -> None:
    held = store.statements(NAME)
    other = GraphChange(URIRef("http://other.example/"), held)
    store.apply(Changes((GraphChange(NAME, removed=held), other)))
    assert store.graph_names() == (other.name,)
    store.apply(change(1))
    store.apply(change(2))
    store.apply(Changes((GraphChange(NAME, removed=frozenset(sorted(store.statements(NAME))[:1])),)))
    assert numbers(store) == {2}
    elsewhere = change(3).graphs[0].added
    store.apply(Changes((GraphChange(NAME, removed=elsewhere),)))
    assert numbers(store) == {2}, "what is not there is not removed, and nothing else for it"


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(byte ^ 0xFF for byte in data[middle : middle + 40])
    path.write_bytes(data)


def filled(folder: Path) -> Path:
    """A store whose engine has written tables."""
    store = open_store(folder)
    store.apply(change(0, 1_000_000))
    store.checkpoint(folder.with_name("tables"))
    store.close()
    return folder / "live"


def test_a_store_without_the_file_that_names_its_tables_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    live = filled(tmp_path / "store")
    for lost in (live / "CURRENT", *live.glob("*.log")):
        lost.unlink()
    left = {path.name for path in live.iterdir()}
    with pytest.raises(StoreDamaged, match="CURRENT"):
        open_store(tmp_path / "store")
    assert {path.name for path in live.iterdir()} == left


@pytest.mark.parametrize("pattern", ["MANIFEST-*", "*.sst"])
def test_a_damaged_store_is_told(tmp_path: Path, pattern: str) -> None:
    damage(max(filled(tmp_path / "store").glob(pattern), key=lambda path: path.stat().st_size))
    with pytest.raises(StoreDamaged):  # when it is opened, or when what is damaged is read
        open_store(tmp_path / "store").statements(NAME)


def test_a_table_that_is_damaged_while_the_store_is_open_is_no_fault_of_who_asks(tmp_path: Path) -> None:
    live = filled(tmp_path / "store")
    store = open_store(tmp_path / "store")
    for table in live.glob("*.sst"):
        damage(table)
    with pytest.raises(StoreDamaged):
        store.query("SELECT ?o { GRAPH ?g { ?s ?p ?o } }").rows()
    store.close()
