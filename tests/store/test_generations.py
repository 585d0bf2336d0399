from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef

from referentiel.store import ResultFormat, StoreUnavailable, open_store
from referentiel.store.generations import Generations
from referentiel.store.snapshot import Snapshot
from referentiel.vocabulary import RDFS

NAME = URIRef("http://graph.example/")


def graph(text: str) -> Graph:
    made = Graph()
    made.add((NAME, RDFS.label, Literal(text)))
    return made


def labels(folder: Path) -> str:
    return Snapshot(folder).query("SELECT ?l { ?s ?p ?l }").serialize(ResultFormat.CSV).decode()


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_checkpoint_stays_as_it_was_while_the_store_changes(tmp_path: Path, on_disk: bool) -> None:
    store = open_store(tmp_path / "store" if on_disk else None)
    generations = Generations(store)
    store.replace([(NAME, graph("one"))])
    first = generations.publish()
    store.replace([(NAME, graph("two"))])
    second = generations.publish()
    assert (labels(first), labels(second)) == ("l\r\none\r\n", "l\r\ntwo\r\n")
    assert first.name < second.name, "names grow, so that no later process gives one again"
    generations.prune({first})
    assert second.exists(), "it is about to be read"
    generations.prune({second})
    assert not first.exists()
    assert labels(second) == "l\r\ntwo\r\n"
    generations.close()
    assert not second.exists()
    store.close()


def test_what_an_earlier_process_left_is_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    left = Generations(store).publish()
    assert labels(Generations(store).publish()) == labels(left), "several may read a store"
    store.close()
    open_store(tmp_path / "store").close()
    assert not left.exists()


def test_a_store_tells_who_watches_it_of_each_change() -> None:
    store = open_store(None)
    changes: list[int] = []
    store.watch(lambda: changes.append(len(store)))
    store.replace([(NAME, graph("one"))])
    store.replace([])
    store.replace([(NAME, Graph())])
    assert changes == [1, 0]


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Snapshot(tmp_path / "nothing")


def test_a_store_of_the_former_version_is_moved_to_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    old = ox.Store(str(folder))
    old.add(ox.Quad(ox.NamedNode(NAME), ox.NamedNode(RDFS.label), ox.Literal("mine"), ox.NamedNode(NAME)))
    with pytest.raises(StoreUnavailable):
        open_store(folder)
    del old
    for _ in range(2):
        store = open_store(folder)
        assert len(store) == 1
        store.close()
    assert {path.name for path in folder.iterdir()} == {"live"}


def test_two_stores_in_one_folder_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    open_store(folder).close()
    ox.Store(str(folder))
    with pytest.raises(StoreUnavailable, match="deux magasins"):
        open_store(folder)


def test_what_is_not_ours_in_the_folder_stays(tmp_path: Path) -> None:
    kept = tmp_path / "store" / "generations" / "of-somebody"
    kept.mkdir(parents=True)
    open_store(tmp_path / "store").close()
    assert kept.exists()
