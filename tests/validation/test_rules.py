"""Reading the rules: a shape that can't be told in words is refused."""

from __future__ import annotations

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.validation import InvalidShapes, Severity, read_rules
from referentiel.vocabulary import DCT, RDF, RDFS, REF, SH, SHAPES


def test_a_rule_is_read() -> None:
    rule = read_rules(resources.shapes())[SHAPES["CORE-01"]]
    assert rule.code == "CORE-01"
    assert rule.severity is Severity.VIOLATION
    assert rule.source == "Code du travail, art. L6113-1"
    assert rule.label.get("fr") == "chaque compétence a au moins un critère d'évaluation"
    assert rule.message.get("en").startswith("This competency has no assessment criterion.")


def test_no_rule_is_an_error() -> None:
    with pytest.raises(InvalidShapes, match="no shape"):
        read_rules(Graph())


@pytest.mark.parametrize("predicate", [REF.ruleCode, SH.severity, SH.message, RDFS.label, DCT.bibliographicCitation])
def test_a_missing_word_is_refused(predicate: URIRef) -> None:
    shapes = resources.shapes() + Graph()
    shapes.remove((SHAPES["CORE-01"], predicate, None))
    with pytest.raises(InvalidShapes, match="CORE-01"):
        read_rules(shapes)


def test_two_french_messages_are_refused() -> None:
    shapes = resources.shapes() + Graph()
    shapes.add((SHAPES["CORE-01"], SH.message, Literal("Encore.", "fr")))
    with pytest.raises(InvalidShapes, match="once in French"):
        read_rules(shapes)


def test_an_unknown_severity_is_refused() -> None:
    shapes = resources.shapes() + Graph()
    shapes.set((SHAPES["CORE-01"], SH.severity, SH.NodeShape))
    with pytest.raises(InvalidShapes, match="CORE-01"):
        read_rules(shapes)


def test_an_anonymous_shape_is_refused() -> None:
    shapes = resources.shapes() + Graph()
    shapes.add((BNode(), RDF.type, SH.NodeShape))
    with pytest.raises(InvalidShapes, match="no IRI"):
        read_rules(shapes)
