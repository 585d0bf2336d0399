from __future__ import annotations

import pytest
from hypothesis import given, settings
from rdflib import BNode, URIRef

from records import certifications
from referentiel import resources
from referentiel.graph import from_graph, to_graph, to_turtle
from referentiel.iris import Minter
from referentiel.model import Certification
from referentiel.vocabulary import DEFAULT_BASE, EVIDENCE_STATUS, INVERSES, RDF, REF, SKOS, empty_graph

BASE = "https://example.org/id/"


@settings(max_examples=60, deadline=None)
@given(certifications())
def test_any_records_come_back_from_their_graph(certification: Certification) -> None:
    graph = to_graph(certification, BASE)
    assert from_graph(graph, Minter(certification.code, BASE).certification) == certification
    assert set(empty_graph().parse(data=to_turtle(graph), format="turtle")) == set(graph)


def test_the_seed_comes_back_from_its_graph(seed: Certification) -> None:
    assert from_graph(to_graph(seed, BASE), Minter(seed.code, BASE).certification) == seed


def test_a_graph_without_the_certification_is_refused() -> None:
    with pytest.raises(LookupError):
        from_graph(empty_graph(), URIRef(BASE))


def test_no_blank_node_and_every_link_both_ways(seed: Certification) -> None:
    graph = to_graph(seed, BASE)
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    for forward, inverse in INVERSES.items():
        pairs = set(graph.subject_objects(forward))
        assert pairs == {(subject, target) for target, subject in graph.subject_objects(inverse)}
        assert pairs, f"the seed shows {forward}"


def test_types_counted(seed: Certification) -> None:
    graph = to_graph(seed, BASE)
    counts = {
        cls: len(set(graph.subjects(RDF.type, REF[cls])))
        for cls in ("SkillBlock", "Competency", "AssessmentCriterion", "Assessment", "Activity", "Task")
    }
    assert counts == {"SkillBlock": 3, "Competency": 21, "AssessmentCriterion": 42, "Assessment": 4, "Activity": 8, "Task": 11}


def test_stated_and_inferred_differ_in_the_data(seed: Certification) -> None:
    graph = to_graph(seed, BASE)
    links = len(set(graph.subject_objects(REF.requires))) + len(set(graph.subject_objects(REF.assessedBy)))
    evidence = list(graph.subjects(RDF.type, REF.LinkEvidence))
    assert len(evidence) == links
    assert {graph.value(e, REF.evidenceStatus) for e in evidence} == {EVIDENCE_STATUS.inferred}
    assert all((graph.value(e, RDF.subject), graph.value(e, RDF.predicate), graph.value(e, RDF.object)) in graph for e in evidence)


def test_iris_do_not_change_with_labels(seed: Certification) -> None:
    from dataclasses import replace

    renamed = replace(seed, blocks=tuple(replace(block, label="Autre") for block in seed.blocks))
    before, after = to_graph(seed, BASE), to_graph(renamed, BASE)
    assert set(before.subjects()) == set(after.subjects())
    assert {p for _, p, _ in before - after} == {SKOS.prefLabel}


def test_the_shipped_graph_is_what_its_source_gives(seed: Certification) -> None:
    path = resources.certification_files()[0]
    assert path.read_bytes() == to_turtle(to_graph(seed, DEFAULT_BASE))
