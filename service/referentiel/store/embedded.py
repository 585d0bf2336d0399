"""The embedded engine: Oxigraph on disk, or in memory. The only module that knows pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, URIRef

from referentiel.store.engine import BadQuery, QueryForm, ResultFormat, StoreUnavailable
from referentiel.store.inspection import inspect
from referentiel.vocabulary import PREFIXES, empty_graph

_RESULTS = {
    ResultFormat.JSON: ox.QueryResultsFormat.JSON,
    ResultFormat.XML: ox.QueryResultsFormat.XML,
    ResultFormat.CSV: ox.QueryResultsFormat.CSV,
    ResultFormat.TSV: ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    ResultFormat.TURTLE: ox.RdfFormat.TURTLE,
    ResultFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    ResultFormat.RDF_XML: ox.RdfFormat.RDF_XML,
    ResultFormat.JSON_LD: ox.RdfFormat.JSON_LD,
}


class EmbeddedAnswer:
    """An answer of Oxigraph, serialised by Oxigraph."""

    def __init__(self, result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> None:
        self._result = result

    @property
    def form(self) -> QueryForm:
        if isinstance(self._result, ox.QueryTriples):
            return QueryForm.GRAPH
        return QueryForm.ASK if isinstance(self._result, ox.QueryBoolean) else QueryForm.SELECT

    def serialize(self, form: ResultFormat) -> bytes:
        if isinstance(self._result, ox.QueryTriples):
            if form not in _GRAPHS:
                raise ValueError(f"a graph has no form {form.media_type}")
            return ox.serialize(self._result, format=_GRAPHS[form], prefixes=PREFIXES) or b""
        if form not in _RESULTS:
            raise ValueError(f"a table has no form {form.media_type}")
        return self._result.serialize(format=_RESULTS[form]) or b""

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        if not isinstance(self._result, ox.QuerySolutions):
            raise TypeError("only a SELECT has rows")
        for solution in self._result:
            yield tuple(getattr(term, "value", None) for term in solution)


class EmbeddedStore:
    """An Engine over Oxigraph. With a folder, the store is on disk and this process alone may write to it."""

    def __init__(self, folder: Path | None = None) -> None:
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._store: ox.Store | None = ox.Store(folder and str(folder))
        except OSError as error:
            raise StoreUnavailable(f"{folder} : {error}") from error

    def query(self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> EmbeddedAnswer:
        inspection = inspect(text)
        if inspection.calls_service:
            raise BadQuery("SERVICE is refused: this service does not call others")
        chosen = bool(default_graphs or named_graphs)
        try:
            result = self._open.query(
                text,
                prefixes=None,
                use_default_graph_as_union=not (chosen or inspection.names_dataset),
                default_graph=[ox.NamedNode(name) for name in default_graphs] if chosen else None,
                named_graphs=[ox.NamedNode(name) for name in named_graphs] if chosen else None,
            )
        except (SyntaxError, ValueError) as error:
            raise BadQuery(str(error)) from error
        return EmbeddedAnswer(result)

    def graph(self, name: URIRef) -> Graph:
        data = self._open.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(name))
        return empty_graph().parse(data=data or b"", format="nt")

    def graph_names(self) -> tuple[URIRef, ...]:
        return tuple(sorted(URIRef(name.value) for name in self._open.named_graphs() if isinstance(name, ox.NamedNode)))

    def replace(self, graphs: Iterable[tuple[URIRef, Graph]]) -> None:
        # One update of several operations is atomic in Oxigraph, in memory and on disk; there is no other transaction.
        operations = [operation for name, graph in graphs for operation in _replacement(name, graph)]
        if operations:
            self._open.update(";\n".join(operations))

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
