"""The operations of an update, done one after the other on a copy of the store (SPARQL 1.1 Update, sections 3.1 and 3.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox
from rdflib import URIRef

from referentiel.store.changes import Changes, GraphChange, Name
from referentiel.store.engine import ServiceRefused, StoreError
from referentiel.store.inspection import inspect
from referentiel.store.text_query import expand
from referentiel.store.update_syntax import Operation, Part
from referentiel.store.update_templates import NO_BLANK, BlankNodes, Home, Template, names, template

_Graph: TypeAlias = ox.NamedNode | ox.DefaultGraph
_Quads: TypeAlias = set[ox.Quad]

_NO_SERVICE: Final = (
    "SERVICE is refused: an update calls no other service",
    "SERVICE est refusé : une mise à jour n'appelle aucun autre service",
)


class UpdateFailed(StoreError):
    """An operation that is not SILENT takes from a graph that is not there, or creates one that is."""


class TooManyChanges(StoreError):
    """The update touches more statements than allowed."""


class Work:
    """A copy of a store, and what was done to it so far.

    `home`: see Home. `most`: statements that an operation may touch, and all of them add and remove. `base`: of relative IRIs.
    `default_graphs`, `named_graphs`: what WHERE is asked of, where the update does not say. `kept`: graphs that ALL and NAMED pass
    over.
    """

    def __init__(
        self,
        store: ox.Store,
        home: Home,
        most: int,
        base: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        kept: Collection[str] = (),
    ) -> None:
        self._store = store
        self._home = home
        self._most = most
        self._kept = kept
        self._base = base
        self._default_graphs: list[ox.NamedNode] = [ox.NamedNode(name) for name in default_graphs]
        self._named_graphs: list[ox.NamedNode] = [ox.NamedNode(name) for name in named_graphs]
        self._added: _Quads = set()
        self._removed: _Quads = set()

    def changes(self) -> Changes:
        """What came of it. Raises BlankNodes."""
        graphs: dict[Name, tuple[set[str], set[str]]] = {}
        for place, quads in enumerate((self._added, self._removed)):
            for quad in quads:
                if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                    raise BlankNodes(*NO_BLANK)
                name = URIRef(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else None
                graphs.setdefault(name, (set(), set()))[place].add(f"{quad.triple} .")
        return Changes.of(GraphChange(name, frozenset(added), frozenset(removed)) for name, (added, removed) in graphs.items())

    def do(self, operation: Operation, *, last: bool) -> None:
        """Do an operation; `last`: no other will see what it did.

        Raises BadUpdate, BadQuery, BlankNodes, UpdateFailed, TooManyChanges.
        """
        kind = operation.words[0]
        made: list[ox.NamedNode] = []
        dropped: list[_Graph] = []
        if kind == "create":
            gone, new, made = set[ox.Quad](), set[ox.Quad](), self._created(operation)
        elif kind in {"clear", "drop"}:
            graphs = self._cleared(operation)
            gone, new, dropped = self._held(graphs), set(), graphs if kind == "drop" else []
        elif kind in {"add", "move", "copy"}:
            gone, new, dropped = self._transferred(operation)
        else:
            gone, new = self._modified(operation)
        gone, new = gone - new, {quad for quad in new if quad not in self._store}
        self._note(gone, new)
        if not last:
            for quad in gone:
                self._store.remove(quad)
            self._store.extend(new)
            for graph in dropped:
                self._store.remove_graph(graph)
            for graph in made:
                self._store.add_graph(graph)

    def _note(self, gone: _Quads, new: _Quads) -> None:
        back, taken_back = new & self._removed, gone & self._added
        self._removed -= back
        self._added -= taken_back
        self._removed |= gone - taken_back
        self._added |= new - back
        self._require_few(len(self._added) + len(self._removed))

    def _require_few(self, count: int) -> None:
        if count > self._most:
            raise TooManyChanges(f"more than {self._most} statements", f"plus de {self._most} énoncés")

    def _held(self, graphs: Iterable[_Graph]) -> _Quads:
        """What graphs hold."""
        found: _Quads = set()
        for graph in graphs:
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                found.add(quad)
                self._require_few(len(found))
        return found

    # Graph management (section 3.2).

    def _created(self, operation: Operation) -> list[ox.NamedNode]:
        (name,) = names(operation, operation.parts[-1:], self._base)
        if self._store.contains_named_graph(name) and "silent" not in operation.words:
            raise UpdateFailed(
                f"the graph <{name.value}> exists already (CREATE SILENT would pass over that)",
                f"le graphe <{name.value}> existe déjà (CREATE SILENT passerait outre)",
            )
        return [name]

    def _cleared(self, operation: Operation) -> list[_Graph]:
        target = operation.words[-1]
        if target in {"named", "all"}:
            named: list[_Graph] = [
                name for name in self._store.named_graphs() if isinstance(name, ox.NamedNode) and name.value not in self._kept
            ]
            return named if target == "named" else [*named, ox.DefaultGraph()]
        graph = self._graph(operation, operation.parts[-1])
        return [graph] if self._is_there(operation, graph) else []

    def _transferred(self, operation: Operation) -> tuple[_Quads, _Quads, list[_Graph]]:
        """What ADD, MOVE and COPY remove, what they write, and the graph that they drop."""
        kind = operation.words[0]
        source = self._graph(operation, operation.parts[operation.words.index("to") - 1])
        target = self._graph(operation, operation.parts[-1])
        if source == target or not self._is_there(operation, source):
            return set(), set(), []
        held = self._held([source])
        new = {ox.Quad(quad.subject, quad.predicate, quad.object, target) for quad in held}
        gone = self._held([target]) if kind != "add" else set[ox.Quad]()
        return (gone | held, new, [source]) if kind == "move" else (gone, new, [])

    def _graph(self, operation: Operation, part: Part) -> _Graph:
        return ox.DefaultGraph() if part.word.lower() == "default" else names(operation, [part], self._base)[0]

    def _is_there(self, operation: Operation, graph: _Graph) -> bool:
        """Whether a graph exists. Raises UpdateFailed when it does not and the operation is not SILENT."""
        if isinstance(graph, ox.DefaultGraph) or self._store.contains_named_graph(graph):
            return True
        if "silent" in operation.words:
            return False
        kind = operation.words[0].upper()
        raise UpdateFailed(
            f"there is no graph <{graph.value}> ({kind} SILENT would pass over that)",
            f"il n'y a pas de graphe <{graph.value}> ({kind} SILENT passerait outre)",
        )

    # Graph update (section 3.1).

    def _modified(self, operation: Operation) -> tuple[_Quads, _Quads]:
        """What an operation with templates or data removes of what is held, and what it writes."""
        words, parts = operation.words, operation.parts
        graph = names(operation, parts[1:2], self._base)[0] if words[0] == "with" else None
        if words[:2] == ("delete", "where"):
            groups = {"delete": parts[2], "where": parts[2]}
        else:
            groups = {word: group for word, group in zip(words, parts[1:], strict=False) if group.word == "{"}
        if words[1] == "data":
            groups = {words[0]: parts[2]}
        deleted, inserted = (
            template(operation, groups[word], self._base, graph) if word in groups else Template() for word in ("delete", "insert")
        )
        gone: _Quads = set()
        new: _Quads = set()
        for solution in self._solutions(operation, groups.get("where"), sorted(deleted.variables | inserted.variables), graph):
            gone.update(quad for quad in deleted.quads(solution, self._home) if quad in self._store)
            new.update(inserted.quads(solution, self._home))
            self._require_few(len(gone) + len(new))
        return gone, new

    def _solutions(
        self, operation: Operation, where: Part | None, variables: Sequence[str], graph: ox.NamedNode | None
    ) -> Iterator[ox.QuerySolution | None]:
        """The solutions of a WHERE for some variables, each once; without any, None where it has a solution. Data have no WHERE."""
        if where is None:
            yield None
            return
        form = f"SELECT DISTINCT {' '.join(f'?{name}' for name in variables)}" if variables else "ASK"
        text = expand(f"{operation.declarations}{form} WHERE {operation.update[where.start : where.end]}", None)
        default, named = self._dataset(operation, graph)
        inspection = inspect(text)
        if inspection.calls_service:
            raise ServiceRefused(*_NO_SERVICE)
        result = self._store.query(
            inspection.text,
            base_iri=self._base,
            use_default_graph_as_union=default is None,
            default_graph=None if default is None else [*default],
            named_graphs=None if named is None else [*named],
        )
        if isinstance(result, ox.QuerySolutions):
            yield from result
        elif isinstance(result, ox.QueryBoolean) and result:
            yield None

    def _dataset(
        self, operation: Operation, graph: ox.NamedNode | None
    ) -> tuple[list[ox.NamedNode] | None, list[ox.NamedNode] | None]:
        """The default graphs and the named ones that WHERE is asked of; None for all of the store."""
        following = list(zip(operation.words, operation.parts[1:], operation.parts[2:], strict=False))
        using = [first for word, first, _ in following if word == "using" and first.word.lower() != "named"]
        named = [second for word, first, second in following if word == "using" and first.word.lower() == "named"]
        if using or named:
            return names(operation, using, self._base), names(operation, named, self._base)
        if graph is not None:
            return [graph], None
        if self._default_graphs or self._named_graphs:
            return self._default_graphs, self._named_graphs
        return None, None
