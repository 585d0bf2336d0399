"""Revisions of one graph, one after the other, past the gate."""

from __future__ import annotations

from rdflib import URIRef

from referentiel.history import History, Kind
from referentiel.settings import Settings
from referentiel.store import Changes, Engine, GraphChange

BASE = Settings().base
NAME = URIRef(f"{BASE}certification/RNCP1")


def write(store: Engine, count: int) -> None:
    """Some more revisions of one graph."""
    history = History(store, BASE)
    for _ in range(count):
        number = history.head + 1
        added = frozenset([f'<{NAME}> <http://p.example/> "{number}" .'])
        changes = Changes.of([GraphChange(NAME, added, store.statements(NAME))])
        revision, record = history.write(changes, who="test", kind=Kind.REPLACE, shapes="1")
        assert revision.number == number
        store.apply(Changes.of([*changes.graphs, *record.graphs]))
