"""What goes into a store together: a certification's graph with the record of the document it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef

from referentiel import resources
from referentiel.iris import Minter
from referentiel.store.engine import Engine
from referentiel.vocabulary import DEFAULT_BASE, REF, empty_graph


@dataclass(frozen=True, slots=True)
class Document:
    """A document as received: the name of its file, and the SHA-256 digest of its bytes in hexadecimal."""

    file_name: str
    sha256: str

    @classmethod
    def of(cls, file_name: str, data: bytes) -> Document:
        """The record of a file."""
        return cls(file_name, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Change:
    """How many triples a deposit added to a certification's graph and removed from it."""

    added: int
    removed: int


def provenance_name(base: str) -> URIRef:
    """The graph that says of each certification which document it was read from."""
    return URIRef(f"{base}provenance")


def deposit(engine: Engine, mint: Minter, graph: Graph, document: Document) -> Change:
    """Put a certification's graph in the place of what the store held of it. Depositing again changes nothing."""
    held = engine.graph(mint.certification)
    change = Change(added=len(graph - held), removed=len(held - graph))
    provenance = engine.graph(provenance_name(mint.base))
    provenance.remove((mint.source, None, None))
    for triple in _record(mint.source, document):
        provenance.add(triple)
    engine.replace([(mint.certification, graph), (provenance_name(mint.base), provenance)])
    return change


def install(engine: Engine, base: str) -> None:
    """Put in what the project ships: vocabularies as they are now, and its certifications.

    A certification that the store holds from another document than ours is left as its operator put it.
    """
    engine.replace([(name, graph) for name, graph in resources.vocabulary_graphs() if set(engine.graph(name)) != set(graph)])
    for path in resources.certification_files():
        mint = Minter(path.stem, base)
        source = resources.source_file(path.stem)
        document = Document.of(source.name, source.read_bytes())
        held = engine.graph(provenance_name(base)).value(mint.source, REF.sha256)
        if held is None or str(held) == document.sha256:
            text = path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
            deposit(engine, mint, empty_graph().parse(data=text, format="turtle"), document)


def _record(source: URIRef, document: Document) -> Iterator[tuple[URIRef, URIRef, Literal]]:
    """What is said of a document. Not its type: a triple that stood in two graphs would be counted twice in their union."""
    yield source, REF.fileName, Literal(document.file_name)
    yield source, REF.sha256, Literal(document.sha256)
