"""What the benchmark of the endpoint measures with: its register, its questions, its comparison of answers, its tables."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from string import Template

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from benchmarks.endpoint.answers import canonical, whole
from benchmarks.endpoint.questions import Question, questions
from benchmarks.endpoint.register import Register, write
from benchmarks.endpoint.report import PEER, Report, Sample
from benchmarks.endpoint.runaway import ATTACKS, Attack
from benchmarks.endpoint.timing import Figures
from referentiel import resources
from referentiel.graph import from_graph, to_graph
from referentiel.validation import validate
from referentiel.vocabulary import DEFAULT_BASE, REF

SIZE = 40_000
QUESTIONS = questions()


@pytest.fixture(scope="module")
def register() -> tuple[Register, list[str]]:
    made = Register(SIZE)
    return made, list(made.lines())


@pytest.fixture(scope="module")
def store(register: tuple[Register, list[str]]) -> ox.Store:
    held = ox.Store()
    held.load("".join(register[1]), format=ox.RdfFormat.N_QUADS)
    return held


@pytest.fixture(scope="module")
def detailed(register: tuple[Register, list[str]]) -> tuple[URIRef, Graph]:
    """A certification with the whole matrix, and its graph."""
    made, lines = register
    name = made.constants["certification"][0]
    ending = f" <{name}> .\n"
    data = "".join(line.removesuffix(ending) + " .\n" for line in lines if line.endswith(ending))
    return URIRef(name), Graph().parse(data=data, format="nt")


def test_the_same_seed_makes_the_same_register_and_another_makes_another(register: tuple[Register, list[str]]) -> None:
    again, other = Register(SIZE), Register(SIZE, seed=2)
    assert list(again.lines()) == register[1]
    assert again.constants == register[0].constants
    assert list(other.lines()) != register[1]


def test_it_has_the_size_that_is_asked_for_and_no_triple_twice(register: tuple[Register, list[str]], store: ox.Store) -> None:
    lines = register[1]
    assert SIZE <= len(lines) < SIZE * 1.1
    triples = {line.rsplit(" <", 1)[0] for line in lines}
    assert len(triples) == len(lines) == len(store)


def test_each_certification_has_a_graph_of_its_own(store: ox.Store) -> None:
    found = list(store.quads_for_pattern(None, None, ox.NamedNode(REF.Certification)))
    assert len(found) > 100
    assert all(quad.graph_name == quad.subject for quad in found)


def test_every_term_of_ours_is_in_the_ontology(store: ox.Store) -> None:
    ontology = resources.ontology()
    used = {term.value for quad in store for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    ours = {term for term in used if term.startswith(str(REF))}
    assert len(ours) > 30
    assert not {term for term in ours if (URIRef(term), None, None) not in ontology}


def test_a_detailed_certification_is_as_an_import_writes_it(detailed: tuple[URIRef, Graph]) -> None:
    name, graph = detailed
    written = to_graph(from_graph(graph, name), DEFAULT_BASE)
    assert len(written) > 300
    assert set(written) <= set(graph)


def test_a_detailed_certification_breaks_no_rule(detailed: tuple[URIRef, Graph]) -> None:
    report = validate(detailed[1], resources.shapes(), resources.background())
    assert report.conforms, report.summary("en")


def test_it_is_written_with_its_constants_once(tmp_path: Path) -> None:
    register = Register(1000)
    data = write(register, tmp_path)
    before = data.stat().st_mtime_ns
    assert data.read_text(encoding="utf-8") == "".join(Register(1000).lines())
    assert json.loads((tmp_path / "constants.json").read_text(encoding="utf-8")) == register.constants
    assert write(Register(1000), tmp_path).stat().st_mtime_ns == before


def test_there_are_twenty_questions_of_nine_classes() -> None:
    assert len(QUESTIONS) == 20
    kinds = {kind: len(list(group)) for kind, group in groupby(QUESTIONS, key=lambda question: question.kind)}
    assert kinds == {"point": 3, "star": 1, "join": 5, "filter": 1, "path": 2, "aggregate": 3, "sort": 2, "text": 1, "graph": 2}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_question_answers_the_same_whatever_its_number(
    question: Question, register: tuple[Register, list[str]], store: ox.Store
) -> None:
    constants = register[0].constants
    texts = [question.text(constants, 1, n) for n in (7, 8)]
    assert texts[0] != texts[1]
    answers = [_answer(store, question, text) for text in texts]
    assert answers[0] == answers[1]
    assert answers[0]


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if len(Template(q.template).get_identifiers()) > 1], ids=lambda q: q.name
)
def test_a_question_about_something_else_answers_otherwise(
    question: Question, register: tuple[Register, list[str]], store: ox.Store
) -> None:
    texts = [question.text(register[0].constants, position, 1) for position in range(40)]
    assert len({str(_answer(store, question, text)) for text in texts}) > 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_runaway_is_a_query(attack: str, store: ox.Store) -> None:
    empty = ox.Store()
    empty.query(attack.replace("NONCE", "1"))  # raises SyntaxError where it is none
    assert "NONCE" in attack


TABLE = Question("01-point-x", "point", "SELECT ?x ?y { ?x ?p ?y }")


def _table(*rows: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"head": {"vars": ["x", "y"]}, "results": {"bindings": rows}}).encode()


def test_answers_are_the_same_however_a_server_spells_them() -> None:
    a = {"x": {"type": "uri", "value": "urn:a"}, "y": {"type": "literal", "value": "1.50", "datatype": _xsd("decimal")}}
    b = {"x": {"type": "uri", "value": "urn:a"}, "y": {"type": "typed-literal", "value": "1.5", "datatype": _xsd("decimal")}}
    c = {"x": {"type": "uri", "value": "urn:b"}}
    assert canonical(_table(a, c), TABLE) == canonical(_table(c, b), TABLE)
    ordered = Question("16-sort-x", "sort", TABLE.template + " ORDER BY ?x")
    assert canonical(_table(a, c), ordered) != canonical(_table(c, a), ordered)


@pytest.mark.parametrize(
    "other",
    [
        {"x": {"type": "literal", "value": "urn:a"}},
        {"x": {"type": "uri", "value": "urn:b"}},
        {"y": {"type": "uri", "value": "urn:a"}},
        {"x": {"type": "literal", "value": "urn:a", "xml:lang": "fr"}},
    ],
)
def test_answers_that_differ_are_told_apart(other: dict[str, dict[str, str]]) -> None:
    assert canonical(_table({"x": {"type": "uri", "value": "urn:a"}}), TABLE) != canonical(_table(other), TABLE)


def test_a_cut_answer_is_no_answer() -> None:
    body = _table({"x": {"type": "uri", "value": "urn:a"}})
    assert whole(body, graph=False)
    assert not whole(body[:-1], graph=False)
    assert not whole(b'{"head":{"vars":["x"]},"results":{"bindings":[The query has been cancelled', graph=False)
    assert whole(b"<urn:a> <urn:b> <urn:c> .\n", graph=True)
    assert not whole(b"<urn:a> <urn:b> <urn", graph=True)


def test_a_rate_counts_right_answers_only() -> None:
    assert Figures(1000, 10, 2.0, 1, 2).rate == 500
    assert Figures(1000, 11, 2.0, 1, 2).rate == 0


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    samples = []
    for turn, (ours, theirs) in enumerate([(200, 100), (300, 100), (50, 100)]):
        samples += [
            Sample("cold", "01-point-x", "point", 8, turn, name, Figures(rate, 0, 1.0, 1.0, 2.0))
            for name, rate in (("referentiel", ours), (PEER, theirs))
        ]
    quiet, attacked = Figures(100, 0, 1.0, 1.0, 2.0), Figures(0, 3, 10.0, 0, 0)
    report = Report(samples, [Attack("referentiel", "retry", 12, quiet, attacked, {"503": 4}, 1)], {})
    assert report.ratio("referentiel", "cold", "01-point-x", 8) == 2
    lines = report.text().splitlines()
    assert "| cold point look-ups | 0.6 | 2.00 | 2.00 | 01-point-x, 8 clients |" in lines
    assert "| referentiel | 12, retry | 1.00, 2.00 | 0.00, 10000.00 | 5000.0 | 0, 3 | 4 x 503; 1 broken |" in lines


def _answer(store: ox.Store, question: Question, text: str) -> list[tuple[str, ...]]:
    found = store.query(text, use_default_graph_as_union=True)
    if isinstance(found, ox.QueryTriples):
        return sorted((str(triple.subject), str(triple.predicate), str(triple.object)) for triple in found)
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(str(value) for value in row) for row in found]
    return rows if "ORDER BY" in question.template else sorted(rows)


def _xsd(name: str) -> str:
    return f"http://www.w3.org/2001/XMLSchema#{name}"
