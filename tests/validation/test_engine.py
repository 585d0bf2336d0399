"""Running the rules: over the seed, at the border of the data, and with shapes that can't be used."""

from __future__ import annotations

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.graph import to_graph
from referentiel.model import Certification
from referentiel.validation import InvalidShapes, NothingToValidate, Report, Severity, validate
from referentiel.vocabulary import DCT, DEFAULT_BASE, PROV, RDF, REF, SH, SHAPES, SKOS

CERTIFICATION = DEFAULT_BASE + "certification/000_dc92d59401fb9067"
EXAMPLE = DEFAULT_BASE + "certification/X"


@pytest.fixture(scope="module")
def seed_graph(seed: Certification) -> Graph:
    return to_graph(seed, DEFAULT_BASE)


@pytest.fixture(scope="module")
def report(seed_graph: Graph, shapes: Graph) -> Report:
    return validate(seed_graph, shapes, resources.background())


def test_the_seed_conforms_and_shows_its_faults_only(report: Report) -> None:
    found = [(r.code, r.severity, str(r.focus).removeprefix(CERTIFICATION), r.value and str(r.value)) for r in report.results]
    assert report.conforms
    assert found == [
        ("SRC-05", Severity.INFO, "", None),
        ("SRC-06", Severity.INFO, "", None),
        ("SRC-07", Severity.INFO, "/competency/C14/criterion/CE14.2", "C14.2"),
        ("SRC-08", Severity.INFO, "/competency/C3", "CE3.3"),
        ("SRC-09", Severity.INFO, "/block/3/activity/A2/task/T3", "T2"),
    ]


def test_the_seed_is_counted(report: Report) -> None:
    held = report.contents
    assert (held.certifications, held.blocks, held.activities, held.tasks) == (1, 3, 8, 11)
    assert (held.competencies, held.criteria, held.assessments) == (21, 42, 4)


def test_no_graph_is_changed(base: Graph) -> None:
    shapes, background = resources.shapes(), resources.background()
    before = [set(graph) for graph in (base, shapes, background)]
    validate(base, shapes, background)
    assert [set(graph) for graph in (base, shapes, background)] == before


def test_the_w3c_report_is_kept_with_its_languages(report: Report) -> None:
    (whole,) = report.graph.subjects(RDF.type, SH.ValidationReport)
    assert report.graph.value(whole, SH.conforms) == Literal(False), "any result counts for the W3C"
    results = list(report.graph.objects(whole, SH.result))
    assert len(results) == len(report.results)
    for result in results:
        messages = list(report.graph.objects(result, SH.resultMessage))
        assert sorted(m.language or "" for m in messages if isinstance(m, Literal)) == ["en", "fr"]


def test_results_are_about_the_data_only(base: Graph, shapes: Graph) -> None:
    """What links lead to is not judged: here a certification of which only the type and a block are known."""
    background = resources.background()
    other = URIRef(DEFAULT_BASE + "certification/other")
    background.add((other, RDF.type, REF.Certification))
    background.add((other, REF.hasBlock, URIRef(f"{other}/block/1")))
    report = validate(base, shapes, background)
    assert report.results == ()
    assert not list(report.graph.subjects(RDF.type, SH.ValidationResult))
    assert validate(background, shapes, Graph()).results, "judged as data, it would fail"


def test_a_link_into_the_background_is_not_broken(base: Graph, shapes: Graph) -> None:
    broader = URIRef(DEFAULT_BASE + "certification/other/competency/C1")
    data = base + Graph()
    data.add((URIRef(EXAMPLE + "/competency/C1"), SKOS.broader, broader))
    background = resources.background()
    assert [result.code for result in validate(data, shapes, background).results] == ["SKOS-10"]
    background.add((broader, RDF.type, SKOS.Concept))
    assert validate(data, shapes, background).results == ()


def test_a_blank_node_is_told_once(base: Graph, shapes: Graph) -> None:
    data = base + Graph()
    node = BNode()
    data.add((URIRef(EXAMPLE + "/source"), DCT.creator, node))
    data.add((node, RDF.type, PROV.Agent))
    results = validate(data, shapes, resources.background()).results
    assert [(result.code, result.value_place and result.value_place.fr) for result in results] == [("ID-16", "nœud sans adresse")]


def test_nothing_to_validate(shapes: Graph) -> None:
    with pytest.raises(NothingToValidate):
        validate(Graph(), shapes, resources.background())


@pytest.mark.parametrize(
    ("rule", "predicate", "value"),
    [
        ("CORE-01", SH.minCount, Literal("one")),
        ("CORE-01", SH.path, SKOS.notation),
        ("CORE-07-count", SH.select, Literal("SELECT $this WHERE { VALUES ?a { 1 } }")),
        ("CORE-07-count", SH.select, Literal("SELECT $this WHERE { $this nothing }")),
    ],
)
def test_shapes_that_cannot_run_are_refused(base: Graph, rule: str, predicate: URIRef, value: Literal) -> None:
    bad = resources.shapes() + Graph()
    if predicate == SH.select:
        bad.remove((SHAPES[rule], predicate, None))
    bad.add((SHAPES[rule], predicate, value))
    with pytest.raises(InvalidShapes):
        validate(base, bad, resources.background())
