"""What stands in a store beside certifications: the documents that they were read from, and the vocabularies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef

from referentiel import resources
from referentiel.store.changes import Changes, Statements
from referentiel.store.engine import Engine
from referentiel.store.reading import statements
from referentiel.vocabulary import REF, SHAPES_GRAPH


@dataclass(frozen=True, slots=True)
class Document:
    """A document as received: the name of its file, and the SHA-256 digest of its bytes in hexadecimal."""

    file_name: str
    sha256: str

    @classmethod
    def of(cls, file_name: str, data: bytes) -> Document:
        """The record of a file."""
        return cls(file_name, hashlib.sha256(data).hexdigest())


def provenance_name(base: str) -> URIRef:
    """The graph that says of each certification which document it was read from."""
    return URIRef(f"{base}provenance")


def record_of(source: URIRef, document: Document) -> Statements:
    """What is said of a document. Not its type: a triple that stood in two graphs would be counted twice in their union."""
    graph = Graph()
    graph.add((source, REF.fileName, Literal(document.file_name)))
    graph.add((source, REF.sha256, Literal(document.sha256)))
    return statements(graph)


def install_vocabularies(engine: Engine) -> None:
    """Put in the vocabularies that the project ships as they are now; not the rules, once the store has some: see the gate."""
    for name, graph in resources.vocabulary_graphs():
        if name != SHAPES_GRAPH or not engine.statements(name):
            engine.apply(Changes.between({name: engine.statements(name)}, {name: statements(graph)}))
