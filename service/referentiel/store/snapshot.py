"""A checkpoint of a store, opened for reading only: what a worker process asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from referentiel.store.engine import Bindings
from referentiel.store.federation import NOWHERE, Federation
from referentiel.store.oxigraph import OxigraphAnswer, ask, told
from referentiel.store.text_index import Hit, TextIndex, build


class Snapshot:
    """An immutable copy of a store, with its text index. Raises StoreUnavailable when the folder holds none."""

    def __init__(self, folder: Path, federation: Federation = NOWHERE) -> None:
        self._federation = federation
        self._index: TextIndex | None = None
        self._index_file = index_file(folder)
        with told():
            self._store = ox.Store.read_only(str(folder))

    def query(
        self,
        text: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        bindings: Bindings | None = None,
        base: str | None = None,
    ) -> OxigraphAnswer:
        """Answer a query, as Engine.query does; it may search texts, and call the services allowed. `base`: of relative IRIs."""
        return ask(self._store, text, default_graphs, named_graphs, bindings, self._federation, self._search, base)

    def _search(self, text: str, predicates: tuple[str, ...], language: str | None, limit: int) -> list[Hit]:
        """Search the index; made by the first reader that needs it."""
        if self._index is None:
            self._index = TextIndex.of(self._index_file, self._store)
        return self._index.search(text, predicates, language, limit)


def index_file(folder: Path) -> Path:
    """Where the text index of a checkpoint stands."""
    return folder.with_name(f"{folder.name}.text.sqlite")


def make_index(folder: Path) -> None:
    """Make the text index of a checkpoint, in a process that gives way to all others."""
    os.nice(15)
    with told():
        build(index_file(folder), ox.Store.read_only(str(folder)))
