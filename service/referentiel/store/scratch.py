"""A graph in memory that is asked, read as rdflib's terms, and thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
from rdflib import XSD, BNode, Literal, URIRef
from rdflib.term import Node

from referentiel.store.engine import BadQuery
from referentiel.store.inspection import inspect
from referentiel.store.oxigraph import told
from referentiel.store.reading import BadData


class Scratch:
    """One graph, as the engine reads it: what rdflib is given of it is just what a query of it sees."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self.anonymous = False
        """Whether a node of it is blank."""

    def add(self, data: bytes) -> set[Node]:
        """Add N-Triples, the labels of blank nodes being kept. Returns the subjects. Raises BadData."""
        try:
            quads = list(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            raise BadData("N-Triples", str(error.msg), error.lineno, error.offset) from error
        self._store.extend(quads)
        self.anonymous |= any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object))
        read = _reader()
        return {read(quad.subject) for quad in quads}

    def triples(self) -> Iterator[tuple[Node, Node, Node]]:
        """All of it. Raises BadData for what RDF 1.1 has no words for."""
        read = _reader()
        return ((read(quad.subject), read(quad.predicate), read(quad.object)) for quad in self._store)

    def column(self, query: str, variable: str) -> set[Node]:
        """The values of one variable in the rows of a SELECT that calls no service. Raises BadQuery and StoreUnavailable."""
        if inspect(query).calls_service:
            raise BadQuery("a service is called")
        with told(SyntaxError, ValueError):
            rows = self._store.query(query)
            if not isinstance(rows, ox.QuerySolutions):
                raise BadQuery("only a SELECT has rows")
            found = {row[variable] for row in rows}
        read = _reader()
        return {read(term) for term in found if term is not None}


def _reader() -> Callable[[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple], Node]:
    """Terms of the engine as rdflib's; one that comes again is the same object, which spares time and memory."""
    known: dict[object, Node] = {}

    def read(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        found = known.get(term)
        if found is None:
            found = known[term] = _term(term)
        return found

    return read


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Triple):
        raise BadData("N-Triples", "a triple is an object of another: RDF 1.2, which is not validated here")
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype)
