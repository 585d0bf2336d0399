"""The W3C's SHACL suite as it lies in its archive: data, shapes, and the report that is expected."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rdflib import BNode, Graph, Namespace
from rdflib.namespace import RDF, SH
from rdflib.term import Node

ARCHIVE: Final = Path(__file__).parents[3] / "shared" / "w3c" / "shacl-tests.tar.gz"
ABSENT: Final = "the W3C's SHACL suite is not on this machine (../shared/w3c/shacl-tests.tar.gz)"
BASE: Final = "http://w3c.example/shacl/"
"""Where the files are said to live."""

_ROOT: Final = "data-shapes-test-suite/tests/"
_MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")
_COMPARED: Final = (
    SH.focusNode,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)
"""What a result must have exactly as the suite has it; its messages are the processor's own."""
_PATH: Final = frozenset(
    {
        RDF.first,
        RDF.rest,
        SH.inversePath,
        SH.alternativePath,
        SH.zeroOrMorePath,
        SH.oneOrMorePath,
        SH.zeroOrOnePath,
    }
)


@dataclass(frozen=True)
class Case:
    """A test: files by their path in the archive. `report`: what must come of it, None where it must fail."""

    name: str
    data: str
    shapes: str
    report: Graph | None

    @property
    def part(self) -> str:
        """`core` or `sparql`."""
        return self.name.partition("/")[0]


@cache
def files() -> dict[str, bytes]:
    """Every file of the archive, by its path below the suite's root."""
    with tarfile.open(ARCHIVE) as archive:
        return {
            member.name.removeprefix(_ROOT): stream.read()
            for member in archive
            if (stream := archive.extractfile(member)) is not None
        }


def turtle(path: str) -> bytes:
    """A file, as one that says where it lives."""
    return f"@base <{BASE}{path}> .\n".encode() + files()[path]


def cases() -> list[Case]:
    """All tests of the archive, the one included that no manifest lists."""
    return sorted((case for path in files() for case in _of_file(path)), key=lambda case: case.name)


def _of_file(path: str) -> Iterator[Case]:
    graph = Graph().parse(data=files()[path], format="turtle", publicID=BASE + path)
    for test in graph.subjects(RDF.type, _SHT.Validate):
        action, result = graph.value(test, _MF.action), graph.value(test, _MF.result)
        assert result is not None
        yield Case(
            str(test).removeprefix(BASE),
            str(graph.value(action, _SHT.dataGraph)).removeprefix(BASE),
            str(graph.value(action, _SHT.shapesGraph)).removeprefix(BASE),
            None if result == _SHT.Failure else compared(graph, result),
        )


def compared(graph: Graph, report: Node) -> Graph:
    """What of a report the suite compares."""
    kept = Graph()
    for value in graph.objects(report, SH.conforms):
        kept.add((BNode("report"), SH.conforms, value))
    for result in graph.objects(report, SH.result):
        kept.add((BNode("report"), SH.result, result))
        for predicate in _COMPARED:
            for value in graph.objects(result, predicate):
                kept.add((result, predicate, _path(graph, value, kept) if predicate == SH.resultPath else value))
    return kept


def _path(graph: Graph, node: Node, kept: Graph) -> Node:
    """A property path, with nodes of its own where two results share one."""
    if not isinstance(node, BNode):
        return node
    copy = BNode()
    for _, predicate, value in graph.triples((node, None, None)):
        if predicate in _PATH:
            kept.add((copy, predicate, _path(graph, value, kept)))
    return copy
