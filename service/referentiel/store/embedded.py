"""The embedded engine: Oxigraph on disk, or in memory. The only module that knows pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
from rdflib import Graph, URIRef

from referentiel.store.engine import BadQuery, QueryForm, ResultFormat, StoreUnavailable
from referentiel.store.inspection import inspect
from referentiel.store.stacks import QUERY_LIMIT
from referentiel.vocabulary import PREFIXES, empty_graph

F = TypeVar("F")
_BRIEF = 160
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
    """An answer of Oxigraph, serialised by Oxigraph.

    Oxigraph's result may be let go only in the thread that asked. The frame that an exception remembers would keep it, and
    whichever thread collects garbage would let it go: so it is taken out before it is used, and no frame is left with it.
    """

    def __init__(self, result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> None:
        self._results = [result]
        forms = {ox.QueryTriples: QueryForm.GRAPH, ox.QueryBoolean: QueryForm.ASK, ox.QuerySolutions: QueryForm.SELECT}
        self.form = forms[type(result)]

    def discard(self) -> None:
        self._results.clear()

    def serialize(self, form: ResultFormat) -> bytes:
        result = self._results.pop()
        try:
            with _told():
                if isinstance(result, ox.QueryTriples):
                    return ox.serialize(result, format=_of(_GRAPHS, form), prefixes=PREFIXES) or b""
                return result.serialize(format=_of(_RESULTS, form)) or b""
        finally:
            del result

    def rows(self) -> list[tuple[str | None, ...]]:
        result = self._results.pop()
        try:
            if not isinstance(result, ox.QuerySolutions):
                raise TypeError("only a SELECT has rows")
            with _told():
                return [tuple(getattr(term, "value", None) for term in solution) for solution in result]
        finally:
            del result


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
        if len(text.encode()) > QUERY_LIMIT:
            raise BadQuery(f"the query is longer than {QUERY_LIMIT} bytes")
        inspection = inspect(text)
        if inspection.calls_service:
            raise BadQuery("SERVICE is refused: this endpoint calls no other")
        chosen = bool(default_graphs or named_graphs)
        with _told(SyntaxError, ValueError):
            return EmbeddedAnswer(
                self._open.query(
                    text,
                    prefixes=None,
                    use_default_graph_as_union=not (chosen or inspection.names_dataset),
                    default_graph=[ox.NamedNode(name) for name in default_graphs] if chosen else None,
                    named_graphs=[ox.NamedNode(name) for name in named_graphs] if chosen else None,
                )
            )

    def graph(self, name: URIRef) -> Graph:
        with _told():
            data = self._open.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(name))
        return empty_graph().parse(data=data or b"", format="nt")

    def graph_names(self) -> tuple[URIRef, ...]:
        return tuple(sorted(URIRef(name.value) for name in self._open.named_graphs() if isinstance(name, ox.NamedNode)))

    def replace(self, graphs: Iterable[tuple[URIRef, Graph]]) -> None:
        # One update of several operations is atomic in Oxigraph, in memory and on disk; there is no other transaction.
        operations = [operation for name, graph in graphs for operation in _replacement(name, graph)]
        if operations:
            with _told():
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


@contextmanager
def _told(*refusals: type[Exception]) -> Iterator[None]:
    """The engine's errors as the protocol's: RuntimeError is a function that it lacks, found while answering."""
    refused: tuple[type[Exception], ...] = (RuntimeError, *refusals)
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(str(error)) from error
    except refused as error:
        raise BadQuery(_brief(error)) from error


def _of(formats: Mapping[ResultFormat, F], form: ResultFormat) -> F:
    if form not in formats:
        raise ValueError(f"this answer has no form {form.media_type}")
    return formats[form]


def _brief(error: Exception) -> str:
    """The first line of the engine's words; a list of every token that it would have taken helps nobody."""
    line = str(error).partition("\n")[0]
    return line if len(line) <= _BRIEF else f"{line[:_BRIEF]}…"


def _replacement(name: URIRef, graph: Graph) -> Iterator[str]:
    yield f"DROP SILENT GRAPH {name.n3()}"
    if len(graph):
        triples = graph.serialize(format="nt")
        yield f"INSERT DATA {{ GRAPH {name.n3()} {{\n{triples}}} }}"
