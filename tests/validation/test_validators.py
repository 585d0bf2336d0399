"""Processes that validate: they give what the engine gives, end at their limits, and are replaced."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from referentiel import resources
from referentiel.validation import InvalidData, InvalidShapes, ValidationLimit, Validators, validate
from referentiel.vocabulary import DCT, DEFAULT_BASE, SH, SHAPES, empty_graph
from remote import Remote

X = DEFAULT_BASE + "certification/X"
BOMB = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<x:shape> a sh:NodeShape ; sh:targetNode "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" ; sh:pattern "^(a+)+$" .
"""


@pytest.fixture(scope="module")
def validators() -> Iterator[Validators]:
    made = Validators(2, 60, 1024)
    yield made
    made.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Validators]:
    """One process, with little time and little memory."""
    made = Validators(1, 3, 128)
    yield made
    made.close()


def lines(graph: Graph) -> list[str]:
    return graph.serialize(format="nt").splitlines()


def shapes_of(turtle: str) -> bytes:
    return Graph().parse(data=turtle).serialize(format="nt", encoding="utf-8")


def children(parent: int) -> list[int]:
    """Processes of which this one is the parent."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def test_a_report_crosses_whole(
    validators: Validators, fixture_graph: Callable[[Path], Graph], fixtures_folder: Path, shapes: Graph
) -> None:
    data = fixture_graph(fixtures_folder / "SRC-08" / "invalid.skips-one.ru")
    crossed, here = validators.validate(lines(data)), validate(data, shapes, resources.background())
    assert crossed == here
    assert crossed.summary("en") == here.summary("en")
    assert crossed.to_turtle() == here.to_turtle()
    assert validators.validate("".join(f"{line}\n" for line in lines(data)).encode()) == here


def test_data_without_a_certification_are_no_error(validators: Validators) -> None:
    report = validators.validate([f'<{X}/a> <{DCT.title}> "Rien"@fr .'])
    assert report.conforms
    assert report.contents.certifications == 0


def test_only_the_data_are_judged_and_of_them_the_focus(validators: Validators, base: Graph) -> None:
    data = base + Graph()
    for competency in ("C1", "C2"):
        data.remove((URIRef(f"{X}/competency/{competency}"), None, None))
        data.add((URIRef(f"{X}/competency/{competency}"), RDF.type, URIRef("https://w3id.org/referentiel/ns#Competency")))
    assert {str(r.focus)[-2:] for r in validators.validate(lines(data)).results if r.code == "CORE-01"} == {"C1", "C2"}
    chosen = validators.validate(lines(data), focus=[f"{X}/competency/C2"])
    assert {str(result.focus) for result in chosen.results} == {f"{X}/competency/C2"}
    assert validators.validate([], background=lines(data)).results == ()


def test_the_background_is_looked_up(validators: Validators, base: Graph) -> None:
    other = f"<{X}2> <{RDF.type}> <https://w3id.org/referentiel/ns#Certification> ."
    same = f'<{X}2> <https://w3id.org/referentiel/ns#registerNumber> "RNCP1" .'
    assert validators.validate(lines(base), background=[other]).results == ()
    (result,) = validators.validate(lines(base), background=[other, same]).results
    assert (result.code, result.value) == ("ID-18", URIRef(f"{X}2"))


def test_rules_in_force_take_the_place_of_the_bundled_ones(
    validators: Validators, base: Graph, one_rule: Callable[[str], Graph]
) -> None:
    data = base + Graph()
    data.remove((None, DCT.identifier, None))
    data.add((URIRef(X), DCT.identifier, Literal("Y")))
    found = {
        code: validators.validate(lines(data), shapes=one_rule(code).serialize(format="nt").encode()) for code in ("ID-13", "ID-14")
    }
    assert [len(report.results) for report in found.values()] == [2, 0]


def test_rules_that_cannot_run_are_told(validators: Validators, base: Graph) -> None:
    bad = resources.shapes() + Graph()
    bad.add((SHAPES["CORE-01"], SH.minCount, Literal("one")))
    with pytest.raises(InvalidShapes, match="minCount"):
        validators.validate(lines(base), shapes=bad.serialize(format="nt").encode())
    with pytest.raises(InvalidShapes):
        validators.validate(lines(base), shapes=b"nothing")


@pytest.mark.parametrize("data", [b"nothing", b"<x:a> <x:b> <<( <x:c> <x:d> <x:e> )>> .\n"])
def test_what_is_no_rdf_is_told(validators: Validators, data: bytes) -> None:
    with pytest.raises(InvalidData):
        validators.validate(data)


def test_a_sender_s_shapes(validators: Validators) -> None:
    shapes = shapes_of("@prefix sh: <http://www.w3.org/ns/shacl#> . <x:s> a sh:NodeShape ; sh:targetNode 5 ; sh:nodeKind sh:IRI .")
    report = validators.run_foreign(b"<x:a> <x:b> <x:c> .\n", shapes)
    assert not report.conforms
    graph = Graph().parse(data=report.graph, format="nt")
    assert [str(node) for node in graph.objects(None, SH.focusNode)] == ["5"]
    assert validators.run_foreign(b"<x:a> <x:b> <x:c> .\n", b"").conforms


FAILURES = {
    "ill-formed": "<x:s> a sh:PropertyShape ; sh:targetNode 5 .",
    "a bad regular expression": '<x:s> a sh:NodeShape ; sh:targetNode 5 ; sh:pattern "(" .',
    "a circular path": "<x:s> a sh:PropertyShape ; sh:targetNode <x:a> ; sh:path _:p ; sh:minCount 1 . _:p sh:inversePath _:p .",
}


@pytest.mark.parametrize("body", FAILURES.values(), ids=FAILURES)
def test_shapes_that_make_no_sense_are_a_failure(validators: Validators, body: str) -> None:
    with pytest.raises(InvalidShapes):
        validators.run_foreign(b"<x:a> <x:b> <x:c> .\n", shapes_of(f"@prefix sh: <http://www.w3.org/ns/shacl#> . {body}"))


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    with Remote() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE {{ $this a ?kind . SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}",
        "PREFIX x: <{iri}> SELECT $this WHERE {{ $this a ?kind . SERVICE x: {{ ?s ?p ?o }} }}",
        "SELECT $this WHERE {{ $this a ?kind . BIND (<{iri}> AS ?there)\nSERVICE?there {{ ?s ?p ?o }} }}",
        "SELECT $this FROM <{iri}> WHERE {{ $this a ?kind }}",
        "SELECT $this FROM <file:///etc/hostname> WHERE {{ $this a ?kind }}",
    ],
)
def test_nothing_is_fetched(validators: Validators, remote: Remote, query: str) -> None:
    shapes = empty_graph()
    shapes.add((SHAPES.s, RDF.type, SH.NodeShape))
    shapes.add((SHAPES.s, SH.targetNode, URIRef("http://example.org/a")))
    shapes.add((SHAPES.s, SH.sparql, SHAPES.c))
    shapes.add((SHAPES.c, SH.select, Literal(query.format(iri=remote.iri))))
    with contextlib.suppress(InvalidShapes):
        validators.run_foreign(
            b"<http://example.org/a> a <http://example.org/c> .\n".replace(b" a ", f" <{RDF.type}> ".encode()),
            shapes.serialize(format="nt").encode(),
        )
    assert remote.connections == 0


def test_a_regular_expression_that_never_ends_ends_at_the_limit(hasty: Validators) -> None:
    with pytest.raises(ValidationLimit) as limit:
        hasty.run_foreign(b"", shapes_of(BOMB))
    assert limit.value.reason == "time"
    assert hasty.run_foreign(b"", b"").conforms, "another takes its place"


def test_data_that_need_too_much_memory_end_at_the_limit(hasty: Validators) -> None:
    with pytest.raises(ValidationLimit) as limit:
        hasty.run_foreign(b"".join(b'<x:%d> <x:p> "%d" .\n' % (number, number) for number in range(150_000)), b"")
    assert limit.value.reason in {"memory", "time"}
    with pytest.raises(ValidationLimit) as limit:
        hasty.run_foreign(b"#" * 160 * 2**20, b"")
    assert limit.value.reason == "memory"
    assert hasty.run_foreign(b"", b"").conforms


def test_who_waits_too_long_is_told(hasty: Validators) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(hasty.run_foreign, b"", shapes_of(BOMB)) for _ in range(2)]
        reasons = {error.reason for each in asked if isinstance(error := each.exception(), ValidationLimit)}
    assert reasons <= {"time", "busy"}
    assert "time" in reasons
    assert hasty.run_foreign(b"", b"").conforms


def test_many_ask_at_once(validators: Validators, base: Graph) -> None:
    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(lambda _: validators.validate(lines(base)), range(12)))
    assert all(report.results == () and report.contents.competencies == 2 for report in reports)


def test_whatever_is_killed_is_replaced_and_inherits_no_socket() -> None:
    before = set(children(os.getpid()))
    made = Validators(1, 30, 1024)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            served = f"socket:[{os.fstat(listening.fileno()).st_ino}]"
            assert made.run_foreign(b"", b"").conforms
        (maker,) = set(children(os.getpid())) - before
        (validator,) = children(maker)
        for process in (maker, validator):
            assert served not in {str(descriptor.readlink()) for descriptor in Path(f"/proc/{process}/fd").iterdir()}
        os.kill(validator, signal.SIGKILL)
        assert made.run_foreign(b"", b"").conforms
        assert children(maker) != [validator]
        for process in (maker, *children(maker)):
            os.kill(process, signal.SIGKILL)
        assert made.run_foreign(b"", b"").conforms
    finally:
        made.close()
    assert set(children(os.getpid())) == before


def test_what_is_closed_says_so() -> None:
    made = Validators(1, 30, 1024)
    made.close()
    with pytest.raises(ValidationLimit) as limit:
        made.run_foreign(b"", b"")
    assert limit.value.reason == "busy"
