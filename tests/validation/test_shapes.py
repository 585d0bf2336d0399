"""The rules of shapes/ themselves: what each says of itself, and that each constraint is proved by a fixture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.validation import Report, Rule, Severity
from referentiel.vocabulary import DCT, INVERSES, OWL, RDF, RDFS, REF, SH, SHAPES, SHAPES_GRAPH, SKOS

FAMILIES = {
    "core": "CORE",
    "evidence": "EV",
    "identity": "ID",
    "language": "LANG",
    "link": "LINK",
    "quality": "QA",
    "skos": "SKOS",
    "source": "SRC",
    "vocabulary": "VOC",
}
"""File of shapes/ -> family of its codes."""

WORDS = {SH.path, SH.severity, SH.message}
"""What a rule says with SHACL's terms that is not a constraint nor a target."""


def test_no_blank_node(shapes: Graph) -> None:
    assert len(shapes) > 1000
    assert not [triple for triple in shapes if any(isinstance(term, BNode) for term in triple)]


def test_the_graph_is_described(shapes: Graph) -> None:
    assert (SHAPES_GRAPH, RDF.type, OWL.Ontology) in shapes
    assert (SHAPES_GRAPH, DCT.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in shapes
    assert shapes.value(SHAPES_GRAPH, OWL.versionInfo)
    for predicate in (DCT.title, RDFS.label):
        assert {text.language for text in shapes.objects(SHAPES_GRAPH, predicate) if isinstance(text, Literal)} == {"fr", "en"}


def test_declared_prefixes_are_the_project_s(shapes: Graph) -> None:
    declared = {
        str(shapes.value(d, SH.prefix)): str(shapes.value(d, SH.namespace)) for d in shapes.objects(SHAPES_GRAPH, SH.declare)
    }
    project = dict(shapes.namespaces())
    assert declared
    assert declared == {prefix: str(project[prefix]) for prefix in declared}
    queries = " ".join(map(str, shapes.objects(None, SH.select)))
    assert all(f"{prefix}:" in queries for prefix in declared), "a declared prefix serves no query"


def test_each_rule_stands_in_the_file_of_its_family(rules: dict[str, Rule]) -> None:
    found = {}
    for path in resources.files("shapes", "*.ttl"):
        graph = Graph().parse(path)
        found.update({str(code): path.stem for code in graph.objects(None, REF.ruleCode)})
    assert found.keys() == rules.keys()
    assert set(found.values()) == FAMILIES.keys()
    for code, stem in found.items():
        assert re.fullmatch(rf"{FAMILIES[stem]}-\d\d", code)


def test_codes_are_stable_names(rules: dict[str, Rule]) -> None:
    assert len(rules) >= 100
    for code, rule in rules.items():
        assert rule.iri == SHAPES[code]


def test_each_rule_is_told_in_words(rules: dict[str, Rule]) -> None:
    """`read_rules` already refuses a rule without its texts; here they must say something."""
    for rule in rules.values():
        for text in (rule.label.fr, rule.label.en, rule.message.fr, rule.message.en, rule.source):
            assert text == text.strip()
            assert len(text) > 5
        assert rule.label.fr != rule.label.en
        assert rule.message.fr != rule.message.en
        assert rule.message.fr.endswith(".")
        assert rule.message.en.endswith(".")
    assert len({rule.label.fr for rule in rules.values()}) == len(rules), "two rules ask the same"


def test_every_shape_is_a_rule(shapes: Graph, rules: dict[str, Rule]) -> None:
    """No shape refers to another: a rule run alone, or on chosen focus nodes, gives the same verdict."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targeting = {shape for target in targets for shape in shapes.subjects(target)}
    assert targeting == {rule.iri for rule in rules.values()}
    nested = (SH.node, SH.property, SH["not"], SH["or"], SH["and"], SH.xone, SH.qualifiedValueShape)
    assert not [predicate for predicate in nested if (None, predicate, None) in shapes]


def test_every_pair_of_links_has_its_rule(shapes: Graph) -> None:
    paths = {shapes.value(shape, SH.path) for shape in shapes.subjects(SH["class"]) if "LINK" in str(shape)}
    anything = {REF.excerptOf}
    assert {*INVERSES.keys(), *INVERSES.values()} - anything <= paths


def test_closed_lists_are_the_published_schemes(shapes: Graph) -> None:
    """The values are written out in the rules, so that data can't add its own: the two must say the same."""
    schemes = "https://w3id.org/referentiel/scheme/"
    published = {str(node) for node in resources.background().subjects(RDF.type, SKOS.Concept) if str(node).startswith(schemes)}
    listed: set[str] = set()
    for pattern in shapes.objects(None, SH.pattern):
        if scheme := re.fullmatch(r"\^https://w3id\\\.org/referentiel/scheme/([a-z-]+)#\(([a-z|-]+)\)\$", str(pattern)):
            listed.update(f"{schemes}{scheme[1]}#{name}" for name in scheme[2].split("|"))
    assert listed == published


def test_the_heart_is_an_obligation(rules: dict[str, Rule]) -> None:
    for code in ("CORE-01", "CORE-02"):
        assert rules[code].severity is Severity.VIOLATION
        assert "L6113-1" in rules[code].source


def test_a_fault_of_the_source_is_only_told(rules: dict[str, Rule]) -> None:
    assert {rule.code for rule in rules.values() if rule.severity is Severity.INFO} == {f"SRC-{n:02d}" for n in range(5, 10)}


def test_removing_any_constraint_makes_a_fixture_fail(
    code: str,
    one_rule: Callable[[str], Graph],
    rules: dict[str, Rule],
    check: Callable[[Path, Graph], Report],
    invalid_of: Callable[[str], list[Path]],
) -> None:
    whole = one_rule(code)
    constraints = [t for t in whole.triples((rules[code].iri, None, None)) if str(t[1]).startswith(str(SH)) and t[1] not in WORDS]
    assert len(constraints) >= 2, "a target and a constraint"
    for constraint in constraints:
        mutant = Graph(bind_namespaces="none")
        mutant += whole
        mutant.remove(constraint)
        assert any(not check(path, mutant).results for path in invalid_of(code)), f"no fixture of {code} needs {constraint[1:]}"
