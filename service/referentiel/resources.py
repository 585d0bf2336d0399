"""Finds ontology/, shapes/, queries/ and data/ in an installed wheel or in a checkout, and reads the graphs they hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import Graph, URIRef

from referentiel import library
from referentiel.library import LibraryQuestion
from referentiel.vocabulary import LIBRARY_GRAPH, ONTOLOGY, ROOT, SHAPES_GRAPH, empty_graph

_PACKAGE = Path(__file__).parent
_BUNDLE = _PACKAGE / "_bundle"
HOME = _BUNDLE if _BUNDLE.is_dir() else _PACKAGE.parent.parent
"""The folder that holds ontology/, shapes/, queries/ and data/."""


def files(folder: str, pattern: str) -> tuple[Path, ...]:
    """The files of a folder that match, sorted. Raises FileNotFoundError when none does: a moved folder must not pass unseen."""
    found = tuple(sorted((HOME / folder).glob(pattern)))
    if not found:
        raise FileNotFoundError(f"{HOME / folder}: no file matches {pattern}")
    return found


@cache
def ontology() -> Graph:
    """The ontology alone. Shared: copy it before changing it."""
    return _read(files("ontology", "referentiel.ttl"))


@cache
def shapes() -> Graph:
    """All shapes. Shared: copy it before changing it."""
    return _read(files("shapes", "*.ttl"))


@cache
def questions() -> tuple[LibraryQuestion, ...]:
    """The library: questions with parameters, by name."""
    return library.read(files("queries/library", "*.rq"), files("queries/library", "parameters.toml")[0])


def vocabulary_graphs() -> Iterator[tuple[URIRef, Graph]]:
    """The graphs that every store holds: ontology, concept schemes, alignments, shapes, library, each under its name."""
    yield ONTOLOGY, ontology()
    for path in files("ontology/schemes", "*.ttl"):
        yield URIRef(f"{ROOT}scheme/{path.stem}"), _read((path,))
    for path in files("ontology/alignments", "*.ttl"):
        yield URIRef(f"{ROOT}alignment/{path.stem}"), _read((path,))
    yield SHAPES_GRAPH, shapes()
    yield LIBRARY_GRAPH, library.graph(questions())


def background() -> Graph:
    """What the links of a certification lead to: the ontology and our concept schemes, in one graph."""
    return _read((*files("ontology", "referentiel.ttl"), *files("ontology/schemes", "*.ttl")))


def certification_files() -> tuple[Path, ...]:
    """The graphs of certifications that the project ships, under the default base."""
    return files("data/graph", "*.ttl")


def source_file(certification_id: str) -> Path:
    """The document, as received, that a shipped certification was read from. Raises FileNotFoundError."""
    return files("data/source", f"{certification_id}.*")[0]


def mapping_files() -> tuple[Path, ...]:
    """The mapping sets that the project ships (SSSOM/TSV), under the default base. There may be none."""
    return tuple(sorted((HOME / "data" / "mappings").glob("*.sssom.tsv")))


def _read(paths: tuple[Path, ...]) -> Graph:
    graph = empty_graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph
