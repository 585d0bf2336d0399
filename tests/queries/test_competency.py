"""Every competency question runs and gives its recorded answer, and together they use every term of the ontology.

A store holds many certifications. A question is about one, which it names; or about each, and then says in every row which; or
about the vocabulary alone. In all three, what it answers of the shipped certification stays the same when another one comes in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from referentiel import resources
from referentiel.graph import to_turtle
from referentiel.iris import Minter
from referentiel.store import Engine, QueryForm, ResultFormat, open_store
from referentiel.vocabulary import OWL, PREFIXES, RDF, REF, SKOS, empty_graph

FOLDER = resources.HOME / "queries" / "competency"
QUESTIONS = resources.files("queries/competency", "*.rq")
SHIPPED, OTHER = "000_dc92d59401fb9067", Minter("AUTRE")
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


def lines_of(store: Engine, question: Path) -> tuple[str, Counter[str]]:
    """First line of an answer, and how often it has each of the others."""
    first, *others = answer_of(store, question)[1].decode().splitlines()
    return first, Counter(others)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_tells_certifications_apart(store: Engine, crowded: Engine, question: Path) -> None:
    columns, alone = lines_of(store, question)
    _, together = lines_of(crowded, question)
    if SHIPPED in question.read_text("utf-8") or "certification" not in columns.split(","):
        assert together == alone
    else:
        assert all(SHIPPED in line for line in alone)
        assert together == alone + Counter(line.replace(SHIPPED, OTHER.certification_id) for line in alone.elements())


Ask = Callable[[Graph, int], list[tuple[str | None, ...]]]
"""What a question that is asked of each certification answers of the other one, once its graph is this one."""


@pytest.fixture(scope="module")
def ask(shipped: Mapping[URIRef, Graph]) -> Iterator[Ask]:
    engine = open_store(None)
    engine.replace(shipped.items())

    def asked(graph: Graph, number: int) -> list[tuple[str | None, ...]]:
        engine.replace([(OTHER.certification, graph)])
        rows = engine.query(QUESTIONS[number - 1].read_text("utf-8")).rows()
        return [row[1:] for row in rows if row[0] == OTHER.certification_id]

    yield asked
    engine.close()


Pattern = tuple[URIRef | None, URIRef, URIRef | None]


def without(graph: Graph, pattern: Pattern) -> Graph:
    """A graph less what matches."""
    assert pattern in graph
    rest = empty_graph() + graph
    rest.remove(pattern)
    return rest


C5, BLOCK, FRAMEWORK = OTHER.competency("C5"), OTHER.block("1"), OTHER.framework("activity")
GAPS: dict[str, Pattern] = {
    "no activity framework": (None, REF.hasFramework, FRAMEWORK),
    "no competency framework": (None, REF.hasFramework, OTHER.framework("competency")),
    "no assessment framework": (None, REF.hasFramework, OTHER.framework("assessment")),
    "no block": (None, REF.hasBlock, None),
    "a block without activity": (BLOCK, REF.hasActivity, None),
    "a block without competency": (BLOCK, REF.hasCompetency, None),
    "a block without assessment": (BLOCK, REF.hasAssessment, None),
    "a competency without activity": (C5, REF.requiredBy, None),
    "a competency without criterion": (C5, REF.hasCriterion, None),
    "a competency without assessment": (C5, REF.assessedBy, None),
}


def test_a_certification_without_gap_is_complete(ask: Ask, other: Graph) -> None:
    assert ask(other, 3) == [()]


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS)
def test_a_certification_with_a_gap_is_not_complete(ask: Ask, other: Graph, gap: Pattern) -> None:
    assert ask(without(other, gap), 3) == []


def test_a_framework_that_is_missing_is_not_an_empty_one(ask: Ask, other: Graph) -> None:
    assert ask(other, 2)[0] == ("activity framework", "1", "19")
    assert ask(without(other, (FRAMEWORK, REF.hasElement, None)), 2)[0] == ("activity framework", "1", "0")
    assert ask(without(other, (None, REF.hasFramework, FRAMEWORK)), 2)[0] == ("activity framework", "0", "0")


def test_a_title_that_is_given_is_not_missing(ask: Ask, other: Graph) -> None:
    assert ask(other, 4) == [("register number",), ("title",)]
    titled = other + empty_graph().add((OTHER.certification, SKOS.prefLabel, Literal("Expert", lang="fr")))
    assert ask(titled, 4) == [("register number",)]


@pytest.mark.parametrize(("number", "link"), [(5, REF.hasCriterion), (6, REF.assessedBy)])
def test_a_competency_that_lacks_something_is_named(ask: Ask, other: Graph, number: int, link: URIRef) -> None:
    assert ask(other, number) == []
    assert ask(without(other, (C5, link, None)), number) == [(str(C5),)]
