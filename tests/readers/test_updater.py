"""Updates that take too much end with their process and nothing else; the next one is worked out as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import URIRef

from endpoint import until
from referentiel.readers.updater import Updater, UpdateTimeout, UpdateTooHeavy
from referentiel.settings import Settings, Writing
from referentiel.store import Changes, Engine, GraphChange, StoreError, open_store
from referentiel.store.embedded import GENERATIONS
from referentiel.store.update import BadUpdate, TooManyChanges, Update

ENDPOINT = "http://x.example/sparql"
GRAPH = URIRef("http://x.example/g")
SMALL = Update("INSERT DATA { <http://x.example/s> <http://x.example/p> 1 }", ENDPOINT)
ENDLESS = "INSERT { ?a ?b ?n } WHERE { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } } }"
HUNGRY = "INSERT { ?a ?b ?n } WHERE { { SELECT (GROUP_CONCAT(CONCAT(?c, ?f)) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } }"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store of a few hundred triples."""
    store = open_store(tmp_path_factory.mktemp("updater") / "store")
    lines = frozenset(f'<http://x.example/{number}> <http://x.example/p> "{"x" * 1000}{number}" .' for number in range(300))
    store.apply(Changes.of([GraphChange(GRAPH, lines)]))
    yield store
    store.close()


@pytest.fixture(scope="module")
def updater() -> Iterator[Updater]:
    updater = Updater(replace(Settings(), writing=Writing(seconds=3, memory=128, changes=100)))
    yield updater
    updater.close()


def process_of(updater: Updater) -> int:
    """The number of its process."""
    assert updater._process is not None
    return updater._process.pid


def works(updater: Updater, engine: Engine) -> bool:
    """Whether it works a small update out."""
    return updater.work_out(engine, SMALL).added == 1


def test_the_process_is_kept_and_no_copy_is_left(updater: Updater, engine: Engine) -> None:
    assert works(updater, engine)
    first = process_of(updater)
    with pytest.raises(BadUpdate, match=r"error at 1:\d+"):
        updater.work_out(engine, Update("INSERT", ENDPOINT))
    with pytest.raises(TooManyChanges):
        updater.work_out(engine, Update("CLEAR ALL", ENDPOINT))
    changes = updater.work_out(engine, Update("CLEAR NAMED ; INSERT DATA {}", ENDPOINT), kept=[GRAPH])
    assert not changes
    assert works(updater, engine)
    assert process_of(updater) == first
    assert engine.folder is not None
    assert not list((engine.folder / GENERATIONS).iterdir())
    assert len(engine.statements(GRAPH)) == 300, "nothing is written by working out"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ENDLESS, UpdateTimeout),
        (HUNGRY, UpdateTooHeavy),
        (f"INSERT DATA {{ <{GRAPH}> <{GRAPH}> {'<<(' * 1_000_000}", StoreError),
        (f"INSERT {{ ?s ?p ?o }} WHERE {{ {'{' * 60_000}{'}' * 60_000} }}", None),
    ],
    ids=["endless", "hungry", "deep data", "deep pattern"],
)
def test_what_takes_too_much_ends(updater: Updater, engine: Engine, text: str, kind: type[StoreError] | None) -> None:
    if kind is None:
        assert not updater.work_out(engine, Update(text, ENDPOINT))
    else:
        with pytest.raises(kind) as caught:
            updater.work_out(engine, Update(text, ENDPOINT))
        assert kind is StoreError or caught.value.french
    assert works(updater, engine)


def test_a_process_that_was_killed_is_replaced(updater: Updater, engine: Engine) -> None:
    assert works(updater, engine)
    os.kill(process_of(updater), signal.SIGKILL)
    with pytest.raises(UpdateTooHeavy):
        updater.work_out(engine, SMALL)
    assert works(updater, engine)


def test_several_at_once_take_turns(updater: Updater, engine: Engine) -> None:
    updates = [Update(f"INSERT DATA {{ <{GRAPH}> <{GRAPH}> {number} }}", ENDPOINT) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda update: updater.work_out(engine, update), updates))
    for number, changes in enumerate(found):
        assert f'"{number}"' in next(iter(changes.graphs[0].added))


def test_it_works_for_a_store_in_memory(updater: Updater) -> None:
    assert works(updater, open_store(None))


def test_closing_ends_the_process(engine: Engine) -> None:
    updater = Updater(Settings())
    updater.prepare()
    number = process_of(updater)
    updater.close()
    assert not Path(f"/proc/{number}").exists()
    assert works(updater, engine), "the next update begins anew"
    updater.close()


SERVICE = f"""
import sys
from pathlib import Path
from referentiel.readers.updater import Updater
from referentiel.settings import Settings
from referentiel.store import Changes, GraphChange, open_store
from referentiel.store.update import Update
store = open_store(Path(sys.argv[1]))
lines = frozenset(f"<x:{{n}}> <x:p> {{n}} ." for n in range(300))
store.apply(Changes.of([GraphChange(None, lines)]))
updater = Updater(Settings())
updater.prepare()
print(updater._process.pid, flush=True)
updater.work_out(store, Update({ENDLESS!r}, "x:"))
"""


def test_an_endless_update_ends_with_its_service(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVICE, tmp_path / "store"], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        number = int(service.stdout.readline())
        until(lambda: busy(number))
        service.kill()
    until(lambda: not Path(f"/proc/{number}").exists())


def busy(number: int) -> bool:
    """Whether a process has a query under way: it has used a second of the processor."""
    fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) > 2 * os.sysconf("SC_CLK_TCK")
