"""Asking Oxigraph: what a store that is written to and a checkpoint that is only read have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import IO, Final, TypeVar

import pyoxigraph as ox
from rdflib import Literal, URIRef

from referentiel.store.engine import BadQuery, Bindings, QueryForm, ResultFormat, StoreDamaged, StoreUnavailable, TooManyRows
from referentiel.store.federation import NOWHERE, Federation
from referentiel.store.inspection import inspect
from referentiel.store.relay import Calls
from referentiel.store.rows import BoundedSink
from referentiel.store.sorting import sorted_outside
from referentiel.store.stacks import QUERY_LIMIT
from referentiel.store.text_query import Search, expand
from referentiel.vocabulary import PREFIXES

F = TypeVar("F")
_BRIEF = 2000
_UNWRITABLE: Final = "does not support RDF 1.2"
"""What the engine says of a triple in a triple, or of a text's direction, in a format that has no way to write it."""
_DAMAGED: Final = "Corruption: "
"""What the engine says of a block whose checksum is wrong begins so."""
_TRIPLE: Final = ("subject", "predicate", "object")
_EXCERPT: Final = 2**20
"""Characters of the longest excerpt, unless its first row alone has more."""
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

    def __init__(self, result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, calls: Calls | None = None) -> None:
        self._results = [result]
        self._calls = calls
        forms = {ox.QueryTriples: QueryForm.GRAPH, ox.QueryBoolean: QueryForm.ASK, ox.QuerySolutions: QueryForm.SELECT}
        self.form = forms[type(result)]

    def discard(self) -> None:
        self._results.clear()

    def serialize(self, form: ResultFormat) -> bytes:
        written = BytesIO()
        self.write(form, written)
        return written.getvalue()

    def write(self, form: ResultFormat, sink: IO[bytes], limit: int | None = None) -> None:
        result = self._results.pop()
        try:
            with told(calls=self._calls):
                if isinstance(result, ox.QueryTriples):
                    triples = result if limit is None else _bounded(result, limit)
                    ox.serialize(triples, sink, format=_of(_GRAPHS, form), prefixes=PREFIXES)
                elif limit is None or isinstance(result, ox.QueryBoolean):
                    result.serialize(sink, format=_of(_RESULTS, form))
                else:
                    _write_bounded(result, form, BoundedSink(sink, form, limit))
        finally:
            del result

    def excerpt(self, rows: int) -> tuple[bytes, bool]:
        result = self._results.pop()
        try:
            with told(calls=self._calls):
                if isinstance(result, ox.QueryBoolean):
                    return result.serialize(format=ox.QueryResultsFormat.JSON) or b"", False
                names = list(_TRIPLE) if isinstance(result, ox.QueryTriples) else [variable.value for variable in result.variables]
                found, more = _excerpt((_terms(row, names) for row in result), rows)
        finally:
            del result
        document = {"head": {"vars": names}, "results": {"bindings": found}}
        return json.dumps(document, ensure_ascii=False).encode(), more

    def rows(self) -> list[tuple[str | None, ...]]:
        result = self._results.pop()
        try:
            if not isinstance(result, ox.QuerySolutions):
                raise TypeError("only a SELECT has rows")
            with told(calls=self._calls):
                return [tuple(getattr(term, "value", None) for term in solution) for solution in result]
        finally:
            del result


def ask(
    store: ox.Store,
    text: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    bindings: Bindings | None = None,
    federation: Federation = NOWHERE,
    search: Search | None = None,
    base: str | None = None,
) -> OxigraphAnswer:
    """Ask a query of a store, as Engine.query does. Raises BadQuery, ServiceFailed, StoreUnavailable."""
    if len(text.encode()) > QUERY_LIMIT:
        raise BadQuery(f"the query is longer than {QUERY_LIMIT} bytes", f"la question dépasse {QUERY_LIMIT} octets")
    text = expand(text, search, bindings)
    inspection = inspect(text)
    calls = federation.prepare(text) if inspection.calls_service else None
    chosen = bool(default_graphs or named_graphs)
    with told(SyntaxError, ValueError, calls=calls):
        run = partial(
            store.query,
            base_iri=base,
            use_default_graph_as_union=not (chosen or inspection.names_dataset),
            default_graph=[ox.NamedNode(name) for name in default_graphs] if chosen else None,
            named_graphs=[ox.NamedNode(name) for name in named_graphs] if chosen else None,
            substitutions={ox.Variable(name): _term(value) for name, value in bindings.items()} if bindings else None,
        )
        if calls:  # services may be asked once only, and sorting here may come to nothing
            return OxigraphAnswer(run(calls.text), calls)
        return OxigraphAnswer(sorted_outside(inspection.text, run) or run(inspection.text))


def _term(value: URIRef | Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(value, URIRef):
        return ox.NamedNode(value)
    if value.language:
        return ox.Literal(str(value), language=value.language)
    return ox.Literal(str(value), datatype=ox.NamedNode(value.datatype) if value.datatype else None)


def _bounded(triples: ox.QueryTriples, limit: int) -> Iterator[ox.Triple]:
    for count, triple in enumerate(triples):
        if count >= limit:
            raise TooManyRows
        yield triple


def _write_bounded(result: ox.QuerySolutions, form: ResultFormat, sink: BoundedSink) -> None:
    try:
        result.serialize(sink.file(), format=_of(_RESULTS, form))
    except Exception as error:  # what the sink raised comes back through the engine, as whatever it makes of it
        if sink.full:
            raise TooManyRows from error
        raise


def _terms(row: ox.QuerySolution | ox.Triple, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """A row, or a triple, as the object of SPARQL's JSON results."""
    values = (row.subject, row.predicate, row.object) if isinstance(row, ox.Triple) else [row[name] for name in names]
    return {name: _json_term(term) for name, term in zip(names, values, strict=True) if term is not None}


def _excerpt(rows: Iterable[dict[str, dict[str, str]]], limit: int) -> tuple[list[dict[str, dict[str, str]]], bool]:
    """The first rows, and whether there are more; few of them where they are long."""
    found: list[dict[str, dict[str, str]]] = []
    size = 0
    for row in rows:
        size += sum(len(term["value"]) for term in row.values())
        if len(found) == limit or (found and size > _EXCERPT):
            return found, True
        found.append(row)
    return found, False


def _json_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, str]:
    """SPARQL 1.1 Query Results JSON Format, section 3.2.2."""
    if isinstance(term, ox.Triple):
        return {"type": "literal", "value": str(term)}
    if not isinstance(term, ox.Literal):
        return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


@contextmanager
def told(*refusals: type[Exception], calls: Calls | None = None) -> Iterator[None]:
    """The engine's errors as the protocol's: RuntimeError is a function that it lacks, found while answering.

    A call of a service that failed comes before whatever the engine made of it.
    """
    refused: tuple[type[Exception], ...] = (RuntimeError, *refusals)
    try:
        yield
    except OSError as error:
        _check(calls)
        if _UNWRITABLE in str(error):
            raise BadQuery(str(error)) from error
        raise StoreUnavailable(str(error)) from error
    except refused as error:
        _check(calls)
        if str(error).startswith(_DAMAGED):
            raise StoreDamaged(_brief(error)) from error
        raise BadQuery(_brief(error)) from error
    _check(calls)


def _check(calls: Calls | None) -> None:
    if calls is not None:
        calls.check()


def _of(formats: Mapping[ResultFormat, F], form: ResultFormat) -> F:
    if form not in formats:
        raise ValueError(f"this answer has no form {form.media_type}")
    return formats[form]


def _brief(error: Exception) -> str:
    """The engine's words on one line."""
    line = " ".join(str(error).split())
    return line if len(line) <= _BRIEF else f"{line[:_BRIEF]}…"
