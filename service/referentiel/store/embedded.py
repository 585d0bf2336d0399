"""The embedded engine: Oxigraph on disk, or in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
from rdflib import Graph, URIRef

from referentiel.store.changes import Changes, GraphChange, Name, Statements
from referentiel.store.engine import Bindings, StorageFull, StoreUnavailable
from referentiel.store.oxigraph import OxigraphAnswer, ask, told
from referentiel.store.reading import statements_of
from referentiel.vocabulary import empty_graph

LIVE: Final = "live"
"""The part of a store's folder that is written to."""
GENERATIONS: Final = "generations"
"""The part where the checkpoints stand that are read (referentiel.store.generations)."""
CHECKPOINTS: Final = "referentiel-"
"""How the folders there begin; each is of one process."""


class EmbeddedStore:
    """An Engine over Oxigraph. With a folder, the store is on disk and this process alone may write to it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._watchers: list[Callable[[], None]] = []
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                _move_in(folder)
            self._store: ox.Store | None = ox.Store(folder and str(folder / LIVE))
            if folder is not None:  # it is ours alone: what an earlier process left, nobody reads
                for left in (folder / GENERATIONS).glob(f"{CHECKPOINTS}*"):
                    shutil.rmtree(left, ignore_errors=True)
        except OSError as error:
            raise StoreUnavailable(f"{folder} : {error}") from error

    def query(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = (), bindings: Bindings | None = None
    ) -> OxigraphAnswer:
        return ask(self._open, text, default_graphs, named_graphs, bindings)

    def graph(self, name: URIRef) -> Graph:
        with told():
            data = self._open.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(name))
        return empty_graph().parse(data=data or b"", format="nt")

    def graph_names(self) -> tuple[URIRef, ...]:
        return tuple(sorted(URIRef(name.value) for name in self._open.named_graphs() if isinstance(name, ox.NamedNode)))

    def replace(self, graphs: Iterable[tuple[URIRef, Graph]]) -> None:
        # One update of several operations is atomic in Oxigraph, in memory and on disk; there is no other transaction.
        operations = [operation for name, graph in graphs for operation in _replacement(name, graph)]
        if operations:
            with told():
                self._open.update(";\n".join(operations))
            for changed in self._watchers:
                changed()

    def statements(self, name: Name) -> Statements:
        with told():
            return statements_of(self._open, name)

    def apply(self, changes: Changes) -> None:
        # One update of several operations is atomic in Oxigraph, in memory and on disk; there is no other transaction.
        operations = [operation for change in changes.graphs for operation in _operations(change)]
        if not operations:
            return
        try:
            self._open.update(";\n".join(operations))
            for change in changes.graphs:
                self._forget_if_empty(change.name)
            if self.folder is not None:
                self._open.flush()
        except OSError as error:
            raise StorageFull(str(error)) from error
        for changed in self._watchers:
            changed()

    def _forget_if_empty(self, name: Name) -> None:
        """Oxigraph keeps the name of a graph whose last triple has gone."""
        if name is not None and next(iter(self._open.quads_for_pattern(None, None, None, ox.NamedNode(name))), None) is None:
            self._open.remove_graph(ox.NamedNode(name))

    def load(self, data: IO[bytes], syntax: ox.RdfFormat, *, base: str, graph: URIRef | None = None) -> None:
        """Add what is read, all of it or nothing; triples in no graph go to `graph`, the unnamed one without it.

        Raises SyntaxError, StoreUnavailable, and what `data` raises unless that is an OSError.
        """
        with told():
            self._open.bulk_load(data, format=syntax, base_iri=base, to_graph=ox.NamedNode(graph) if graph else None)
            self._open.optimize()  # what is loaded at once is then read as quickly as it can be
        for changed in self._watchers:
            changed()

    def checkpoint(self, folder: Path) -> None:
        with told():
            if self.folder is not None:
                self._open.backup(str(folder))  # hard links: as quick for a large store as for a small one
            else:
                ox.Store(str(folder)).bulk_load(self._open.dump(format=ox.RdfFormat.N_QUADS) or b"", format=ox.RdfFormat.N_QUADS)

    def watch(self, changed: Callable[[], None]) -> None:
        self._watchers.append(changed)

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        # Oxigraph lets go of its lock when the object goes.
        self._store = None

    @property
    def _open(self) -> ox.Store:
        if self._store is None:
            raise StoreUnavailable("the store is closed")
        return self._store


def _replacement(name: URIRef, graph: Graph) -> Iterator[str]:
    yield f"DROP SILENT GRAPH {name.n3()}"
    if len(graph):
        triples = graph.serialize(format="nt")
        yield f"INSERT DATA {{ GRAPH {name.n3()} {{\n{triples}}} }}"


def _operations(change: GraphChange) -> Iterator[str]:
    for verb, statements in (("DELETE DATA", change.removed), ("INSERT DATA", change.added)):
        if statements:
            data = "\n".join(statements)
            yield f"{verb} {{ {data} }}" if change.name is None else f"{verb} {{ GRAPH {change.name.n3()} {{\n{data}\n}} }}"


def _move_in(folder: Path) -> None:
    """Bring a store of version 0.1 to where stores are now: its files stood in the folder itself."""
    if not (folder / "CURRENT").is_file():
        return
    if (folder / LIVE / "CURRENT").is_file():
        raise StoreUnavailable(
            f"{folder} : deux magasins s'y trouvent, dans le dossier lui-même et dans {LIVE} ; en garder un seul"
        )
    ox.Store(str(folder))  # raises OSError when another process has it open
    (folder / LIVE).mkdir(exist_ok=True)
    parts = [part for part in folder.iterdir() if part.name not in {LIVE, GENERATIONS}]
    for part in sorted(parts, key=lambda part: part.name == "CURRENT"):  # without CURRENT it is no store: it goes last
        part.rename(folder / LIVE / part.name)
