"""Screening finds what pySHACL finds, no more and no less, and leaves alone what it is not sure of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from referentiel import resources
from referentiel.store.reading import read
from referentiel.validation import Report
from referentiel.validation.engine import judge
from referentiel.validation.screening import screens
from referentiel.validation.shapes import Shapes
from referentiel.vocabulary import OWL, REF, SH, SHAPES, SKOS

Found = set[tuple[str, str, str]]
REPEATED = {SHAPES["SKOS-07"], SHAPES["SKOS-08"]}
"""The rules whose constraint goes a path any number of times."""
SCREENED = sorted(
    str(resources.shapes().value(shape, REF.ruleCode)) for shape in {*resources.shapes().subjects(SH.sparql)} - REPEATED
)
"""The codes of the rules that have another SPARQL constraint."""


def ntriples(graph: Graph) -> bytes:
    """A graph as the store writes it."""
    return "".join(
        f"{line}\n" for line in read(graph.serialize(format="nt").encode(), "application/n-triples", base="x:")[None]
    ).encode()


def found(report: Report) -> Found:
    return {(result.code, str(result.focus), repr(result.value)) for result in report.results}


@pytest.fixture(scope="module")
def background(slim_background: Graph) -> bytes:
    return ntriples(slim_background)


@pytest.fixture(scope="module")
def ready(shapes: Graph) -> Shapes:
    return Shapes(shapes)


@pytest.fixture(scope="module")
def both(background: bytes) -> Callable[[Graph, Shapes], tuple[Found, Found]]:
    """What is found with screening and without."""

    def run(graph: Graph, shapes: Shapes) -> tuple[Found, Found]:
        data = ntriples(graph)
        return found(judge(data, background, shapes)), found(judge(data, background, shapes, screen=False))

    return run


def test_constraints_of_ours_are_screened(ready: Shapes, shapes: Graph) -> None:
    left = set(shapes.subject_objects(SH.sparql)) - {(each.shape, each.constraint) for each in ready.screens}
    assert {shape for shape, _ in left} == REPEATED


@pytest.mark.parametrize("screened_code", SCREENED)
def test_each_fixture_gives_the_same(
    screened_code: str,
    one_rule: Callable[[str], Graph],
    fixture_graph: Callable[[Path], Graph],
    fixtures_folder: Path,
    both: Callable[[Graph, Shapes], tuple[Found, Found]],
) -> None:
    rule = Shapes(one_rule(screened_code))
    assert rule.screens
    for path in sorted((fixtures_folder / screened_code).glob("*.ru")):
        screened, whole = both(fixture_graph(path), rule)
        assert screened == whole, path
        assert bool(whole) == path.name.startswith("invalid."), path


def test_the_constraints_without_rows_are_not_put_to_pyshacl(
    ready: Shapes, base: Graph, background: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    query = Graph.query

    def count(graph: Graph, text: Any, *arguments: Any) -> Any:
        asked.append(text)
        return query(graph, text, *arguments)

    monkeypatch.setattr(Graph, "query", count)
    assert judge(ntriples(base), background, ready).results == ()
    assert not asked
    judge(ntriples(base), background, ready, screen=False)
    assert len(asked) > 100


WEIRD: list[Node] = [
    *(
        Literal(text)
        for text in ("", "C1", "c1", "C1.1", "CE1.9", "CE1.03", "CE1.٣", "T9", "T99999999999999999999", "C1\n", "RS12", "é")
    ),
    *(Literal(text, lang) for text in ("C1", "RS12") for lang in ("fr", "en-GB", "fr-CA")),
    *(Literal(value) for value in (5, True, 1.5)),
    *(Literal(text, datatype=datatype) for text, datatype in (("x", XSD.integer), ("2024-13-45", XSD.date), ("C1", XSD.token))),
    Literal("C1", datatype=RDF.HTML),
    URIRef("http://example.org/%C3%A9"),
    BNode("b"),
]
PREDICATES = [SKOS.broader, SKOS.narrower, SKOS.related, SKOS.exactMatch, REF.sourceNotation, REF.registerNumber]


def edited(base: Graph, random: Random) -> Graph:
    """A certification with some of its triples taken, changed or added."""
    triples = sorted(base, key=str)
    subjects = sorted({subject for subject, _, _ in triples}, key=str)
    predicates = sorted({predicate for _, predicate, _ in triples} | set(PREDICATES), key=str)
    graph = base + Graph()
    for _ in range(random.randint(1, 6)):
        subject, predicate, _ = triple = random.choice(triples)
        kind = random.random()
        if kind < 0.5:
            graph.remove(triple)
        if kind > 0.2:
            values = random.choice((WEIRD, subjects, [value for _, _, value in triples]))
            other = random.choice(subjects), random.choice(predicates)
            graph.add((*((subject, predicate) if kind < 0.6 else other), random.choice(values)))
    return graph


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8))
def test_random_edits_give_the_same(
    seed: int, base: Graph, ready: Shapes, both: Callable[[Graph, Shapes], tuple[Found, Found]]
) -> None:
    random = Random(seed)
    for number in range(5):
        screened, whole = both(edited(base, random), ready)
        assert screened == whole, number


@pytest.mark.thorough
def test_the_seed_gives_the_same(ready: Shapes) -> None:
    data = ntriples(Graph().parse(resources.certification_files()[0]))
    background = ntriples(resources.background())
    screened = judge(data, background, ready)
    whole = judge(data, background, ready, screen=False)
    assert screened == whole
    assert len(whole.results) == 5


def test_long_numbers_are_left_to_pyshacl(base: Graph, ready: Shapes, both: Callable[[Graph, Shapes], tuple[Found, Found]]) -> None:
    graph = base + Graph()
    criterion = URIRef("https://w3id.org/referentiel/id/certification/X/competency/C1/criterion/CE1.1")
    graph.set((criterion, SKOS.notation, Literal("CE1.99999999999999999999")))
    screened, whole = both(graph, ready)
    assert screened == whole
    assert "SRC-08" in {code for code, _, _ in whole}


def test_blank_nodes_are_left_to_pyshacl(base: Graph, ready: Shapes, both: Callable[[Graph, Shapes], tuple[Found, Found]]) -> None:
    graph = base + Graph()
    competency = next(iter(base.subjects(RDF.type, REF.Competency)))
    graph.set((competency, SKOS.notation, BNode("b")))
    screened, whole = both(graph, ready)
    assert screened == whole
    assert "ID-03" in {code for code, _, _ in whole}, "rdflib has a text for it"


UNSURE = {
    "MINUS": "SELECT $this WHERE { $this a ?kind MINUS { $this a ref:Task } }",
    "a path of the shape": "SELECT $this WHERE { $this $PATH ?value }",
    "rows counted over all": "SELECT $this WHERE { $this a ?kind } HAVING (COUNT(?kind) > 1)",
    "a group by another": "SELECT (SAMPLE(?that) AS ?this) WHERE { ?that a ?kind } GROUP BY ?kind",
    "rows chosen": "SELECT $this WHERE { $this a ?kind } LIMIT 1",
    "a filter that looks for $this from inside": "SELECT $this ?value WHERE { { ?value a ?kind FILTER (?value = $this) } }",
    "a nested OPTIONAL": "SELECT $this ?value WHERE { { ?value a ?kind OPTIONAL { ?value a ?other . $this a ?other } } }",
    "a nested EXISTS": "SELECT $this WHERE { { ?value a ?kind FILTER EXISTS { $this a ?kind } } }",
    "a select without $this": "SELECT $this WHERE { { SELECT ?value WHERE { ?value a ?kind } } }",
    "a path gone again and again": "SELECT $this WHERE { $this skos:broader+ $this }",
    "a named graph": "SELECT $this WHERE { GRAPH ?g { $this a ?kind } }",
    "values": "SELECT $this WHERE { VALUES ?kind { ref:Task } $this a ?kind }",
    "a service": "SELECT $this WHERE { SERVICE <http://localhost/> { $this a ?kind } }",
    "an error": "SELECT $this WHERE { $this nothing }",
}


@pytest.mark.parametrize("select", UNSURE.values(), ids=UNSURE)
def test_an_unsure_form_is_left_alone(shapes: Graph, one_rule: Callable[[str], Graph], select: str) -> None:
    rule = one_rule("ID-03") + Graph()
    assert len(screens(rule)) == 1
    rule.set((SHAPES["ID-03-ending"], SH.select, Literal(select)))
    assert screens(rule) == ()


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (SH.targetNode, URIRef("http://example.org/x")),
        (SH.target, SHAPES.other),
        (SH.deactivated, Literal(True)),
        (RDF.type, OWL.Class),
        (SH.targetClass, Literal("x")),
    ],
)
def test_a_shape_with_other_targets_is_left_alone(one_rule: Callable[[str], Graph], predicate: URIRef, value: Literal) -> None:
    rule = one_rule("ID-03") + Graph()
    rule.add((SHAPES["ID-03"], predicate, value))
    assert screens(rule) == ()


def test_shapes_that_lead_to_shapes_are_left_alone(one_rule: Callable[[str], Graph]) -> None:
    rule = one_rule("ID-03") + Graph()
    rule.add((SHAPES.other, SH.property, SHAPES["ID-03"]))
    assert screens(rule) == ()


def test_a_query_of_two_shapes_is_left_alone(one_rule: Callable[[str], Graph]) -> None:
    rule = one_rule("ID-03") + Graph()
    rule.add((SHAPES.other, SH.sparql, SHAPES["ID-03-ending"]))
    assert screens(rule) == ()
