"""The embedded engine: Oxigraph on disk, or in memory."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
from rdflib import Graph, URIRef

from referentiel.store.changes import Changes, GraphChange, Name, Statements
from referentiel.store.disk import confirm, require_room, try_writing
from referentiel.store.engine import Bindings, StorageFull, StoreDamaged, StoreUnavailable
from referentiel.store.opening import opened, opened_again
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
        self._opening = threading.Lock()
        self._stuck = False
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                _move_in(folder)
            self._store: ox.Store | None = opened(folder and folder / LIVE)
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
        operations = [operation for name, graph in graphs for operation in _replacement(name, graph)]
        if operations:
            try:
                self._write(operations)
            except OSError as error:
                raise _full(error) from error
            self._tell()

    def statements(self, name: Name) -> Statements:
        with told():
            return statements_of(self._open, name)

    def among(self, name: Name, statements: Statements) -> Statements:
        graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        lines = sorted(statements)
        quads = ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
        return frozenset(
            line
            for line, read in zip(lines, quads, strict=True)
            if ox.Quad(read.subject, read.predicate, read.object, graph) in self._open
        )

    def apply(self, changes: Changes) -> None:
        operations = [operation for change in changes.graphs for operation in self._operations(change)]
        if not operations:
            return
        try:
            self._write(operations)
        except OSError as error:
            if not self._can_write():
                raise _full(error) from error
            # The disk may have failed after the engine took the write: who asked must not be told that nothing was written.
            if not self._holds(changes):
                self._write_again(operations)
        self._tell()

    def _write_again(self, operations: Iterable[str]) -> None:
        """Once the store is open anew: it was the engine's own work of before, in the background, that had found no room."""
        try:
            self._write(operations)
        except OSError as error:
            raise _full(error) from error

    def _write(self, operations: Iterable[str]) -> None:
        """Make changes, all or none, and have them on the disk. Raises OSError, StorageFull."""
        # One update of several operations is atomic in Oxigraph, in memory and on disk; there is no other transaction.
        self._mend()
        self._require_room()
        try:
            self._update(";\n".join(operations))
            if self.folder is not None:
                confirm(self.folder / LIVE)
        except OSError:
            self._stuck = True
            raise

    def _require_room(self) -> None:
        if self.folder is not None:
            try:
                require_room(self.folder / LIVE)
            except OSError as error:
                raise _full(error) from error

    def _update(self, text: str) -> None:
        try:
            self._open.update(text)
        except RuntimeError as error:
            raise StoreDamaged(str(error)) from error

    def _mend(self) -> None:
        """Open the store anew after a write that failed: until then the engine refuses every other. Raises StorageFull.

        While there is no room for that, what can be read stays so.
        """
        with self._opening:
            if not self._stuck or self.folder is None:
                return
            live = self.folder / LIVE
            try:
                require_room(live)
                try_writing(live)
                self._store = None
                self._store = opened_again(live)
                self._stuck = False
            except OSError as error:
                raise _full(error) from error
            finally:
                if self._store is None:
                    with suppress(OSError, RuntimeError):
                        self._store = ox.Store.read_only(str(live))

    def _can_write(self) -> bool:
        try:
            self._mend()
        except StorageFull:
            return False
        return True

    def _holds(self, changes: Changes) -> bool:
        """Whether changes were made. They are made all together, so that one statement tells."""
        change = changes.graphs[0]
        statement = frozenset([next(iter(change.added or change.removed))])
        return bool(self.among(change.name, statement)) is bool(change.added)

    def _tell(self) -> None:
        for changed in self._watchers:
            changed()

    def _operations(self, change: GraphChange) -> Iterator[str]:
        """The operations of one change. A graph whose last triple goes is dropped: Oxigraph would keep its name."""
        if change.name is not None and self._empties(change):
            yield f"DROP SILENT GRAPH {change.name.n3()}"
            return
        for verb, statements in (("DELETE DATA", change.removed), ("INSERT DATA", change.added)):
            if statements:
                data = "\n".join(statements)
                yield f"{verb} {{ {data} }}" if change.name is None else f"{verb} {{ GRAPH {change.name.n3()} {{\n{data}\n}} }}"

    def _empties(self, change: GraphChange) -> bool:
        if change.name is None or change.added:
            return False
        held = self._open.quads_for_pattern(None, None, None, ox.NamedNode(change.name))
        few = len(list(islice(held, len(change.removed) + 1))) == len(
            change.removed
        )  # a large graph is not read for a small change
        return few and self.statements(change.name) == change.removed

    def load(self, data: IO[bytes], syntax: ox.RdfFormat, *, base: str, graph: URIRef | None = None) -> None:
        """Add what is read, all of it or nothing; triples in no graph go to `graph`, the unnamed one without it.

        Raises SyntaxError, StoreUnavailable, and what `data` raises unless that is an OSError.
        """
        with told():
            self._open.bulk_load(data, format=syntax, base_iri=base, to_graph=ox.NamedNode(graph) if graph else None)
            self._open.optimize()  # what is loaded at once is then read as quickly as it can be
        self._tell()

    def checkpoint(self, folder: Path) -> None:
        self._mend()
        try:
            with told():
                self._copy(folder)
        except StoreUnavailable:
            self._stuck = True
            raise

    def _copy(self, folder: Path) -> None:
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
        with self._opening:
            store = self._store
        if store is None:
            raise StoreUnavailable("the store is closed")
        return store


def _replacement(name: URIRef, graph: Graph) -> Iterator[str]:
    yield f"DROP SILENT GRAPH {name.n3()}"
    if len(graph):
        triples = graph.serialize(format="nt")
        yield f"INSERT DATA {{ GRAPH {name.n3()} {{\n{triples}}} }}"


def _full(error: OSError) -> StorageFull:
    return StorageFull(str(error), f"le disque est plein, ou n'admet pas d'écriture ({error})")


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
