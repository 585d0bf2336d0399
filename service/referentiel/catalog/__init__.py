"""What the store holds, described for harvesters (DCAT-AP 3) and for query planners (VoID), in one graph of the store itself.

Addresses are those that the operator gives (`public_url`), else those below the base: a store does not depend on the port that it
is served at. Nothing is dated: the data carry no dates, and a clock would make the same store differ from itself at each start.
The catalogue's version is a digest of what it says, so that a harvester sees at once whether anything changed; that of a dataset
with a graph of its own is a digest of the graph's triples, so that it sees which one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import Literal

from referentiel.catalog.dcat import TYPED, catalog, dataset, service, whole
from referentiel.catalog.held import digest, held_graphs, version_of
from referentiel.catalog.names import ADDRESSES, Names, Triple
from referentiel.catalog.relocation import relocated
from referentiel.catalog.void import linksets, statistics
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.vocabulary import DCAT, empty_graph

__all__ = ["ADDRESSES", "TYPED", "Names", "Triple", "describe", "relocated"]


LISTED_AT_MOST: Final = 1000
"""Beyond so many graphs certifications have no dataset of their own in the catalogue; the whole register has one."""


def describe(engine: Engine, settings: Settings) -> bool:
    """Write the catalogue of what the store holds, where it is not the one that the store has; whether it was written."""
    names = Names.of(settings)
    described = set(_triples(engine, names, settings.publisher))
    version = digest(" ".join(term.n3() for term in triple).encode() for triple in described)
    if _held_version(engine, names) == (version, len(described) + 1):
        return False
    graph = empty_graph()
    for triple in described:
        graph.add(triple)
    graph.add((names.catalog, DCAT.version, Literal(version)))
    engine.replace([(names.catalog, graph)])
    return True


def _held_version(engine: Engine, names: Names) -> tuple[str | None, int]:
    """The version of the catalogue that the store has, and how many triples it is; reading them all would take longer."""
    held = f"GRAPH {names.catalog.n3()}"
    versions = engine.query(f"SELECT ?v {{ {held} {{ {names.catalog.n3()} {DCAT.version.n3()} ?v }} }}").rows()
    sizes = engine.query(f"SELECT (COUNT(*) AS ?n) {{ {held} {{ ?s ?p ?o }} }}").rows()
    return versions[0][0] if versions else None, int(sizes[0][0] or 0)


def _triples(engine: Engine, names: Names, publisher: str) -> Iterator[Triple]:
    graphs = held_graphs(engine, names)
    listed = [graph for graph in graphs if names.lists(graph.name)]
    register = len(listed) > LISTED_AT_MOST  # thousands are one dataset: nobody harvests its parts one by one
    if register:
        listed = [graph for graph in listed if not names.certifies(graph.name)]
    yield from catalog(names, publisher, listed, register=register)
    yield from service(names)
    yield from whole(names, graphs, listed)
    yield from statistics(engine, names)
    yield from linksets(engine, names)
    for graph in listed:
        yield from dataset(names, graph, version_of(engine, graph.name))
