"""Every competency question runs and gives its recorded answer, and together they use every term of the ontology."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from referentiel import resources
from referentiel.graph import to_turtle
from referentiel.store import Engine, QueryForm, ResultFormat
from referentiel.vocabulary import OWL, PREFIXES, RDF, REF, empty_graph

FOLDER = resources.HOME / "queries" / "competency"
QUESTIONS = resources.files("queries/competency", "*.rq")
AUDIENCES = {"ministry", "researcher", "certifying-body"}
HEADER = re.compile(
    r"# @question-fr (?P<fr>\S.+ \?)\n"
    r"# @question-en (?P<en>\S.+\?)\n"
    r"# @audience (?P<audience>\S+)\n"
    r"(?:# @expects none: (?P<none>\S.+)\n)?"
    r"(?=BASE |PREFIX )",
)


def answer_of(store: Engine, question: Path) -> tuple[str, bytes]:
    """Suffix and bytes of the answer: CSV with plain line ends, or sorted Turtle with the project's prefixes."""
    answer = store.query(question.read_text("utf-8"))
    if answer.form is QueryForm.GRAPH:
        return ".ttl", to_turtle(empty_graph().parse(data=answer.serialize(ResultFormat.N_TRIPLES), format="nt"))
    return ".csv", answer.serialize(ResultFormat.CSV).replace(b"\r\n", b"\n")


def header_of(question: Path) -> re.Match[str]:
    header = HEADER.match(question.read_text("utf-8"))
    assert header, f"{question.name}: no header, or not in the fixed form"
    return header


def components(part: object) -> Iterator[CompValue]:
    """Every component of a parsed query."""
    if isinstance(part, CompValue):
        yield part
        for value in part.values():
            yield from components(value)
    elif not isinstance(part, str) and hasattr(part, "__iter__"):
        for item in part:
            yield from components(item)


def terms_of(question: Path) -> set[str]:
    """Local names in our namespace that the query itself uses; what its comments name does not count."""
    names = (part for part in components(parseQuery(question.read_text("utf-8"))) if part.name == "pname")
    return {str(name["localname"]) for name in names if name["prefix"] == "ref" and "localname" in name}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_gives_its_recorded_answer(store: Engine, question: Path, record: bool) -> None:
    suffix, given = answer_of(store, question)
    recorded = question.with_suffix(suffix)
    if record:
        recorded.write_bytes(given)
    if suffix == ".ttl":
        assert isomorphic(Graph().parse(data=given), Graph().parse(recorded))
    else:
        assert given.decode() == recorded.read_bytes().decode()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_answer_is_empty_only_where_expected(store: Engine, question: Path) -> None:
    suffix, given = answer_of(store, question)
    empty = not Graph().parse(data=given) if suffix == ".ttl" else given.count(b"\n") == 1
    assert empty == bool(header_of(question)["none"])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_orders_its_rows(store: Engine, question: Path) -> None:
    text = question.read_text("utf-8")
    rows = store.query(text).serialize(ResultFormat.CSV).count(b"\n") - 1 if re.search(r"^SELECT", text, re.MULTILINE) else 0
    assert rows <= 1 or re.search(r"^ORDER BY ", text, re.MULTILINE)


def test_every_file_is_a_question_or_its_answer(store: Engine) -> None:
    expected = {name for question in QUESTIONS for name in (question.name, question.stem + answer_of(store, question)[0])}
    assert {path.name for path in FOLDER.iterdir()} == expected


def test_questions_are_numbered_and_distinct() -> None:
    assert [question.name[:3] for question in QUESTIONS] == [f"{number:02}-" for number in range(1, len(QUESTIONS) + 1)]
    for language in ("fr", "en"):
        assert not [text for text, times in Counter(header_of(q)[language] for q in QUESTIONS).items() if times > 1]


def test_every_audience_asks_at_least_five() -> None:
    audiences = Counter(header_of(question)["audience"] for question in QUESTIONS)
    assert set(audiences) == AUDIENCES
    assert min(audiences.values()) >= 5
    assert audiences.total() >= 25


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_declares_the_prefixes_that_it_uses_and_no_other(question: Path) -> None:
    parts = list(components(parseQuery(question.read_text("utf-8"))))
    declared = {str(part["prefix"]) for part in parts if part.name == "PrefixDecl"}
    assert declared == {str(part["prefix"]) for part in parts if part.name == "pname"}
    assert declared <= set(PREFIXES)


def test_every_term_of_the_ontology_is_used_by_a_question() -> None:
    ontology = resources.ontology()
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    iris = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    terms = {iri.removeprefix(REF) for iri in iris if iri.startswith(REF)}
    assert len(terms) > 40
    assert terms - set[str]().union(*map(terms_of, QUESTIONS)) == set()
