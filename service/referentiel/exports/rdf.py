"""The formats in which a graph goes out as RDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from rdflib import Graph, URIRef

from referentiel.exports.jsonld import to_jsonld
from referentiel.graph import to_turtle
from referentiel.store import ResultFormat

Writer: TypeAlias = Callable[[Graph, URIRef, str], bytes]
"""A graph, what it is about, and the address of the JSON-LD context -> the graph written."""


def to_ntriples(graph: Graph) -> bytes:
    """N-Triples, one triple a line, sorted."""
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    return b"".join(sorted(line for line in lines if line.strip()))


def to_rdf_xml(graph: Graph) -> bytes:
    """RDF/XML, one description for each subject."""
    return graph.serialize(format="xml", encoding="utf-8")


WRITERS: Final[dict[ResultFormat, Writer]] = {
    ResultFormat.TURTLE: lambda graph, _root, _context: to_turtle(graph),
    ResultFormat.JSON_LD: to_jsonld,
    ResultFormat.RDF_XML: lambda graph, _root, _context: to_rdf_xml(graph),
    ResultFormat.N_TRIPLES: lambda graph, _root, _context: to_ntriples(graph),
}
"""Every format of a graph document, in the order in which the service prefers them; suffix and media type are the key's."""
