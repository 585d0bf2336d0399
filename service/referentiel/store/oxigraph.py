"""Asking Oxigraph: what a store that is written to and a checkpoint that is only read have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import IO, TypeVar

import pyoxigraph as ox
from rdflib import Literal, URIRef

from referentiel.store.engine import BadQuery, Bindings, QueryForm, ResultFormat, ServiceRefused, StoreUnavailable
from referentiel.store.inspection import inspect
from referentiel.store.stacks import QUERY_LIMIT
from referentiel.vocabulary import PREFIXES

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


class OxigraphAnswer:
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
        written = BytesIO()
        self.write(form, written)
        return written.getvalue()

    def write(self, form: ResultFormat, sink: IO[bytes]) -> None:
        result = self._results.pop()
        try:
            with told():
                if isinstance(result, ox.QueryTriples):
                    ox.serialize(result, sink, format=_of(_GRAPHS, form), prefixes=PREFIXES)
                else:
                    result.serialize(sink, format=_of(_RESULTS, form))
        finally:
            del result

    def rows(self) -> list[tuple[str | None, ...]]:
        result = self._results.pop()
        try:
            if not isinstance(result, ox.QuerySolutions):
                raise TypeError("only a SELECT has rows")
            with told():
                return [tuple(getattr(term, "value", None) for term in solution) for solution in result]
        finally:
            del result


def ask(
    store: ox.Store,
    text: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    bindings: Bindings | None = None,
) -> OxigraphAnswer:
    """Ask a query of a store, as Engine.query does. Raises BadQuery, StoreUnavailable."""
    if len(text.encode()) > QUERY_LIMIT:
        raise BadQuery(f"the query is longer than {QUERY_LIMIT} bytes")
    inspection = inspect(text)
    if inspection.calls_service:
        raise ServiceRefused("SERVICE is refused: this endpoint calls no other")
    chosen = bool(default_graphs or named_graphs)
    with told(SyntaxError, ValueError):
        return OxigraphAnswer(
            store.query(
                text,
                use_default_graph_as_union=not (chosen or inspection.names_dataset),
                default_graph=[ox.NamedNode(name) for name in default_graphs] if chosen else None,
                named_graphs=[ox.NamedNode(name) for name in named_graphs] if chosen else None,
                substitutions={ox.Variable(name): _term(value) for name, value in bindings.items()} if bindings else None,
            )
        )


def _term(value: URIRef | Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(value, URIRef):
        return ox.NamedNode(value)
    if value.language:
        return ox.Literal(str(value), language=value.language)
    return ox.Literal(str(value), datatype=ox.NamedNode(value.datatype) if value.datatype else None)


@contextmanager
def told(*refusals: type[Exception]) -> Iterator[None]:
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
