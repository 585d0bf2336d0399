"""The fixtures of tests/shapes, and the rules one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from referentiel import resources
from referentiel.validation import Report, Rule, read_rules, validate
from referentiel.vocabulary import ONTOLOGY, OWL, RDFS, SH, empty_graph

FIXTURES = Path(__file__).parent.parent / "shapes"


def fixture_files(pattern: str) -> list[Path]:
    """The files of the fixtures' folders that match, sorted. None is an error: a moved folder must not pass unseen."""
    found = sorted(FIXTURES.glob(f"*/{pattern}"))
    assert found, f"no file of {FIXTURES} matches {pattern}"
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`valid` and `invalid` are each fixture file, `code` each folder."""
    for name, pattern in {"valid": "valid.ru", "invalid": "invalid.*.ru"}.items():
        if name in metafunc.fixturenames:
            paths = fixture_files(pattern)
            metafunc.parametrize(name, paths, ids=[f"{path.parent.name}-{path.stem}" for path in paths])
    if "code" in metafunc.fixturenames:
        metafunc.parametrize("code", sorted({path.parent.name for path in fixture_files("*")}))


@pytest.fixture(scope="session")
def fixtures_folder() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def base() -> Graph:
    """The certification that fixtures change. Shared: copy it before changing it."""
    return empty_graph().parse(FIXTURES / "base.ttl")


@pytest.fixture(scope="session")
def fixture_graph(base: Graph) -> Callable[[Path], Graph]:
    """The graph of a fixture file, built once: base.ttl changed by its SPARQL update. One that changes nothing is an error."""

    @cache
    def build(path: Path) -> Graph:
        graph = empty_graph()
        graph += base
        graph.update(path.read_text(encoding="utf-8"))
        assert set(graph) != set(base), f"{path} changes nothing"
        return graph

    return build


@pytest.fixture(scope="session")
def invalid_of() -> Callable[[str], list[Path]]:
    """The invalid fixture files of a rule."""
    files = fixture_files("invalid.*.ru")
    return lambda code: [path for path in files if path.parent.name == code]


@pytest.fixture(scope="session")
def slim_background() -> Graph:
    """What the rules look up in the background, and no more: class tree, inverse pairs, terms. It keeps tests fast."""
    slim = empty_graph()
    for triple in resources.background():
        if triple[1] in {RDFS.subClassOf, OWL.inverseOf} or triple[1:] == (RDFS.isDefinedBy, ONTOLOGY):
            slim.add(triple)
    return slim


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return resources.shapes()


@pytest.fixture(scope="session")
def rules(shapes: Graph) -> dict[str, Rule]:
    return {rule.code: rule for rule in read_rules(shapes).values()}


@pytest.fixture(scope="session")
def one_rule(shapes: Graph, rules: dict[str, Rule]) -> Callable[[str], Graph]:
    """The shapes graph of one rule alone: its shape, its SPARQL constraints and the prefixes."""

    @cache
    def cut(code: str) -> Graph:
        graph = Graph(bind_namespaces="none")
        pending = [rules[code].iri]
        while pending:
            subject = pending.pop()
            for triple in shapes.triples((subject, None, None)):
                graph.add(triple)
                if triple[1] in {SH.sparql, SH.prefixes, SH.declare}:
                    assert isinstance(triple[2], URIRef)
                    pending.append(triple[2])
        return graph

    return cut


@pytest.fixture(scope="session")
def check(fixture_graph: Callable[[Path], Graph], slim_background: Graph) -> Callable[[Path, Graph], Report]:
    """The report of some rules over a fixture file."""
    return lambda path, shapes: validate(fixture_graph(path), shapes, slim_background)
