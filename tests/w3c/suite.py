"""The W3C's SPARQL 1.1 suites as they lie in their archive: files, and the tests that the manifests list."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

ARCHIVE: Final = Path(__file__).parents[3] / "shared" / "w3c" / "sparql11-tests.tar.gz"
ABSENT: Final = "the W3C's suites are not on this machine (../shared/w3c/sparql11-tests.tar.gz)"
BASE: Final = "http://w3c.example/"
"""Where the files are said to live: `http://w3c.example/<folder>/<file>` is the base of a file, and the name of its graph."""

MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
HT: Final = "http://www.w3.org/2011/http#"
CNT: Final = "http://www.w3.org/2011/content#"
UT: Final = "http://www.w3.org/2009/sparql/tests/test-update#"
LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

SYNTAXES: Final = {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@cache
def files() -> dict[str, bytes]:
    """Every file of the archive, by `folder/name`."""
    with tarfile.open(ARCHIVE) as archive:
        return {
            member.name.removeprefix("sparql/sparql11/"): stream.read()
            for member in archive
            if (stream := archive.extractfile(member)) is not None
        }


class Facts:
    """The triples of one file of RDF, to be walked."""

    def __init__(self, path: str) -> None:
        self._values: dict[tuple[Node, str], list[Node]] = {}
        self._types: dict[str, list[Node]] = {}
        for quad in ox.parse(files()[path], format=SYNTAXES[path.rpartition(".")[2]], base_iri=BASE + path):
            self._values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
            if quad.predicate.value == f"{RDF}type" and isinstance(quad.object, ox.NamedNode):
                self._types.setdefault(quad.object.value, []).append(quad.subject)

    def of_type(self, name: str) -> list[Node]:
        """What is said to be of a class."""
        return self._types.get(name, [])

    def all(self, subject: Node, predicate: str) -> list[Node]:
        """The values of a property."""
        return self._values.get((subject, predicate), [])

    def one(self, subject: Node, predicate: str) -> Node | None:
        """The value of a property, if it has any."""
        return next(iter(self.all(subject, predicate)), None)

    def text(self, subject: Node, predicate: str) -> str:
        """The value of a property as text, empty where it has none."""
        return str(getattr(self.one(subject, predicate), "value", ""))

    def members(self, head: Node | None) -> Iterator[Node]:
        """The members of a list."""
        while head is not None and (first := self.one(head, f"{RDF}first")) is not None:
            yield first
            head = self.one(head, f"{RDF}rest")


@dataclass(frozen=True)
class Case:
    """A test of query evaluation, result format or syntax; files by their path in the archive, graphs by their IRI."""

    name: str
    kind: str
    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    result: str | None = None


def entries(manifest: str) -> Iterator[tuple[str, str, Node, Facts]]:
    """Name, kind and node of every test of a manifest, with its facts."""
    facts = Facts(manifest)
    for subject in facts.of_type(f"{MF}Manifest"):
        for test in facts.members(facts.one(subject, f"{MF}entries")):
            name = f"{manifest.partition('/')[0]}/{str(getattr(test, 'value', '')).rpartition('#')[2]}"
            yield name, facts.text(test, f"{RDF}type").removeprefix(MF), test, facts


def cases(folder: str) -> Iterator[Case]:
    """The tests of a folder."""
    for name, kind, test, facts in entries(f"{folder}/manifest.ttl"):
        action = facts.one(test, f"{MF}action")
        assert action is not None, name
        query = (
            action.value
            if isinstance(action, ox.NamedNode)
            else facts.text(action, f"{QT}query") or facts.text(action, f"{UT}request")
        )
        result = facts.text(test, f"{MF}result")
        yield Case(
            name,
            kind,
            query.removeprefix(BASE),
            tuple(_iris(facts.all(action, f"{QT}data"))),
            tuple(_iris(facts.all(action, f"{QT}graphData"))),
            result.removeprefix(BASE) or None,
        )


def _iris(nodes: list[Node]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ox.NamedNode))


def quads(path: str, graph: str) -> bytes:
    """A file of data as N-Quads in a graph, its blank nodes like those of no other file."""
    data = files()[path]
    return in_graph(data, SYNTAXES[path.rpartition(".")[2]], BASE + path, graph)


def in_graph(data: bytes, syntax: ox.RdfFormat, base: str, graph: str) -> bytes:
    """Triples as N-Quads in a graph."""
    name = ox.NamedNode(graph)
    parsed = ox.parse(data, format=syntax, base_iri=base, rename_blank_nodes=True)
    moved = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed)
    return ox.serialize(moved, format=ox.RdfFormat.N_QUADS) or b""
