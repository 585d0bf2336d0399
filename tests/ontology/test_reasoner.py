"""An OWL 2 RL reasoner finds ontology, schemes, alignments and the shipped certifications consistent, and broken data not."""

from __future__ import annotations

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph, Namespace

from referentiel import resources
from referentiel.vocabulary import CEASN, OWL, RDF, REF, SKOS

ERRORS = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")
"""owlrl adds what it finds inconsistent to the graph, as messages in this namespace."""

NAMESPACES = {"ref": REF, "owl": OWL, "skos": SKOS, "x": "https://example.org/"}

BROKEN = {
    "an activity that is a competency": "x:a a ref:Activity, ref:Competency .",
    "kinds that follow from the ends of a link": "x:block ref:hasCompetency x:c . x:c ref:hasCriterion x:block .",
    "a criterion of two competencies": "x:c1 ref:hasCriterion x:ce . x:c2 ref:hasCriterion x:ce . x:c1 owl:differentFrom x:c2 .",
    "a concept that is a concept scheme": "x:s a skos:Concept, skos:ConceptScheme .",
    "a competency framework that is a concept": "x:f a ref:CompetencyFramework, skos:Concept .",
}


def vocabulary() -> Graph:
    """The broken data are inconsistent with these alone; without the certifications the closure takes a tenth of the time."""
    graph = Graph()
    for path in resources.files("ontology", "*.ttl"):
        graph.parse(path)
    return graph


def messages(graph: Graph) -> set[str]:
    return {str(message) for message in graph.objects(None, ERRORS.error)}


def inconsistencies(data: str) -> set[str]:
    """What the reasoner finds wrong in some data."""
    graph = vocabulary()
    graph.parse(data="".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in NAMESPACES.items()) + data)
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return messages(graph)


@pytest.fixture(scope="module")
def closure() -> Graph:
    """Everything shipped, and what follows from it."""
    graph = Graph()
    for path in (*resources.files("ontology", "**/*.ttl"), *resources.certification_files()):
        graph.parse(path)
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def test_everything_shipped_is_consistent(closure: Graph) -> None:
    assert messages(closure) == set()


def test_concludes_what_ontology_and_alignments_say(closure: Graph) -> None:
    competencies = set(closure.subjects(RDF.type, REF.Competency))
    assert len(competencies) >= 21
    assert competencies <= set(closure.subjects(RDF.type, REF.Element))
    assert competencies <= set(closure.subjects(RDF.type, CEASN.Competency))


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_data_are_inconsistent(data: str) -> None:
    assert inconsistencies(data)


def test_the_same_data_made_sound_are_consistent() -> None:
    sound = """
        x:c1 a ref:Competency, skos:Concept ; ref:hasCriterion x:ce1 ; owl:differentFrom x:c2 .
        x:c2 ref:hasCriterion x:ce2 .
    """
    assert inconsistencies(sound) == set()
