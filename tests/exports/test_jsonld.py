from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pyld import jsonld
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from referentiel import resources
from referentiel.exports.jsonld import CONTEXT, to_jsonld
from referentiel.vocabulary import DEFAULT_BASE, INVERSES, ONTOLOGY, REF, SHAPES_GRAPH, XSD, empty_graph

ADDRESS = "https://example.org/context.jsonld"
ROOT = URIRef(DEFAULT_BASE + "certification/000_dc92d59401fb9067")


def load(url: str, _options: object) -> dict[str, Any]:
    assert url == ADDRESS
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXT}}


def triples(written: bytes) -> Graph:
    """The graph that a document says, as an independent processor reads it with our context."""
    lines = jsonld.to_rdf(json.loads(written), {"format": "application/n-quads", "documentLoader": load})
    return Graph().parse(data=lines, format="nt")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(resources.certification_files()[0])


@pytest.fixture(scope="module")
def tree(graph: Graph) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_jsonld(graph, ROOT, ADDRESS))
    return document


def test_the_context_is_named_by_its_address(tree: dict[str, Any]) -> None:
    assert tree["@context"] == ADDRESS


def test_nothing_is_lost(graph: Graph) -> None:
    assert isomorphic(triples(to_jsonld(graph, ROOT, ADDRESS)), graph)


@pytest.mark.parametrize(("document", "root"), [(resources.ontology, ONTOLOGY), (resources.shapes, SHAPES_GRAPH)])
def test_nothing_is_lost_of_documents_of_terms(document: Any, root: URIRef) -> None:
    written = to_jsonld(document(), root, ADDRESS)
    assert isomorphic(triples(written), document())
    assert json.loads(written)["@graph"][0]["id"] == str(root)


def test_a_certification_is_one_tree(tree: dict[str, Any]) -> None:
    blocks = tree["hasBlock"]
    assert [block["notation"] for block in blocks] == ["1", "2", "3"]
    competencies = [competency for block in blocks for competency in block["hasCompetency"]]
    assert [competency["notation"] for competency in competencies] == [f"C{number}" for number in range(1, 22)]
    criteria = [criterion for competency in competencies for criterion in competency["hasCriterion"]]
    assert len(criteria) == 42
    activities = [activity for block in blocks for activity in block["hasActivity"]]
    assert len(activities) == 8
    assert sum(len(activity.get("hasTask", [])) for activity in activities) == 11
    assert all("sourceText" in excerpt for criterion in criteria for excerpt in criterion["hasExcerpt"])
    assert all(evidence["predicate"] in {"requires", "assessedBy"} for item in competencies for evidence in item["hasEvidence"])
    assert competencies[0]["prefLabel"]["fr"].startswith("Déterminer")
    assert criteria[0]["hasExcerpt"][0]["sourcePage"] == 1


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, dict):
        if "id" in value:
            yield value
        for item in value.values():
            yield from nodes(item)


def test_each_node_is_told_once_and_named_elsewhere(tree: dict[str, Any], graph: Graph) -> None:
    told = [node["id"] for node in nodes(tree)]
    assert len(told) == len(set(told))
    assert set(told) == set(map(str, graph.subjects()))


def test_a_part_is_a_tree_of_its_own(graph: Graph) -> None:
    root = ROOT + "/competency/C1"
    part = empty_graph()
    for triple in graph:
        if f"{triple[0]}/".startswith(f"{root}/"):
            part.add(triple)
    document = json.loads(to_jsonld(part, root, ADDRESS))
    assert document["id"] == str(root)
    assert "@graph" not in document
    assert [criterion["notation"] for criterion in document["hasCriterion"]] == ["CE1.1", "CE1.2"]
    assert document["competencyOf"] == str(ROOT + "/block/1")


def test_awkward_graphs_come_back() -> None:
    graph = empty_graph()
    root = URIRef("https://example.org/a")
    for value in (Literal(7), Literal(-7), Literal(True), Literal("1.50", datatype=XSD.decimal)):
        graph.add((root, REF.sourcePage, value))
    graph.add((root, REF.sourceText, Literal("sans langue")))
    graph.add((root, REF.unknown, BNode()))
    Collection(graph, head := BNode(), [Literal("b"), Literal("a")])
    graph.add((root, REF.list, head))
    assert isomorphic(triples(to_jsonld(graph, root, ADDRESS)), graph)


def test_a_root_that_is_not_described_is_no_node() -> None:
    graph = empty_graph()
    graph.add((URIRef("https://example.org/a"), REF.fileName, Literal("a")))
    assert [node["id"] for node in json.loads(to_jsonld(graph, ROOT, ADDRESS))["@graph"]] == ["https://example.org/a"]


def test_every_link_of_the_ontology_has_a_key() -> None:
    for predicate in (*INVERSES, *INVERSES.values()):
        assert predicate.removeprefix(str(REF)) in CONTEXT


def test_every_class_of_the_ontology_has_a_key() -> None:
    terms = (str(subject) for subject in resources.ontology().subjects())
    classes = {term.removeprefix(str(REF)) for term in terms if term.startswith(str(REF))}
    assert {name for name in classes if name[:1].isupper()} - set(CONTEXT) <= {"Element"}
