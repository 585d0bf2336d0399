"""Each rule over its fixtures of tests/shapes: base.ttl changed by a SPARQL update, named valid.ru or invalid.<cause>.ru.

A fixture that cannot help breaking other rules says so in its first line: `# also: CODE ...`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from referentiel import resources
from referentiel.validation import Report, Rule, validate
from referentiel.vocabulary import DEFAULT_BASE, RDF, RDFS, SH, empty_graph


def test_folders_are_the_rules(rules: dict[str, Rule], fixtures_folder: Path) -> None:
    assert {path.name for path in fixtures_folder.iterdir()} == {*rules, "base.ttl"}


def test_a_folder_holds_a_valid_and_invalid_fixtures(code: str, fixtures_folder: Path) -> None:
    names = {path.name for path in (fixtures_folder / code).iterdir()}
    assert "valid.ru" in names
    invalid = {name for name in names if name.startswith("invalid.") and name.endswith(".ru") and name.count(".") == 2}
    assert invalid
    assert names == {"valid.ru", *invalid}


def test_the_base_keeps_every_rule(base: Graph, shapes: Graph) -> None:
    assert validate(base, shapes, resources.background()).results == ()


def test_valid(
    valid: Path,
    one_rule: Callable[[str], Graph],
    check: Callable[[Path, Graph], Report],
    fixture_graph: Callable[[Path], Graph],
    slim_background: Graph,
) -> None:
    rule = one_rule(valid.parent.name)
    assert check(valid, rule).results == ()
    assert targets(rule, fixture_graph(valid), slim_background), "the rule does not apply"


def test_invalid(
    invalid: Path, one_rule: Callable[[str], Graph], rules: dict[str, Rule], check: Callable[[Path, Graph], Report]
) -> None:
    report = check(invalid, one_rule(invalid.parent.name))
    assert {result.rule for result in report.results} == {rules[invalid.parent.name]}


ANONYMOUS = "ID-16"
WHOLE_GRAPH = {ANONYMOUS, "ID-18", "VOC-08", "VOC-09"}
"""The rules that look at the whole graph: over all fixtures together they would take too long, or see a number borne many times."""


@pytest.fixture(scope="module")
def broken_rules(
    fixture_graph: Callable[[Path], Graph],
    invalid_of: Callable[[str], list[Path]],
    rules: dict[str, Rule],
    slim_background: Graph,
    shapes: Graph,
) -> dict[Path, set[str]]:
    """Invalid fixture file -> codes of the rules that it breaks, all rules but WHOLE_GRAPH being applied.

    The fixtures are moved each below a root of its own and validated together: half the time of one by one.
    """
    others = Graph(bind_namespaces="none")
    others += shapes
    for code in WHOLE_GRAPH:
        others.remove((rules[code].iri, None, None))
    roots = {f"{DEFAULT_BASE}{code}/{path.stem}/": path for code in rules for path in invalid_of(code) if code != ANONYMOUS}
    together = empty_graph()
    for root, path in roots.items():
        for triple in fixture_graph(path):
            assert not any(isinstance(term, BNode) for term in triple), f"{path} breaks {ANONYMOUS}"
            subject, predicate, value = (moved(term, root) for term in triple)
            together.add((subject, predicate, value))
    found: dict[Path, set[str]] = {path: set() for path in roots.values()}
    for result in validate(together, others, slim_background).results:
        code, cause = str(result.focus).removeprefix(DEFAULT_BASE).split("/")[:2]
        found[roots[f"{DEFAULT_BASE}{code}/{cause}/"]].add(result.code)
    return found


def moved(term: Node, root: str) -> Node:
    return URIRef(root + term.removeprefix(DEFAULT_BASE)) if isinstance(term, URIRef) and term.startswith(DEFAULT_BASE) else term


@pytest.mark.thorough
def test_invalid_breaks_no_other_rule(broken_rules: dict[Path, set[str]]) -> None:
    for path, codes in broken_rules.items():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        also = first.removeprefix("# also: ").split() if first.startswith("# also: ") else []
        assert codes == {path.parent.name, *also} - WHOLE_GRAPH, path


def targets(rule: Graph, data: Graph, background: Graph) -> set[object]:
    """The focus nodes of a rule (SHACL, 2.1.3)."""
    found: set[object] = set()
    for cls in rule.objects(None, SH.targetClass):
        for kind in background.transitive_subjects(RDFS.subClassOf, cls):
            found.update(data.subjects(RDF.type, kind))
    for predicate in rule.objects(None, SH.targetSubjectsOf):
        found.update(data.subjects(predicate))
    return found
