"""Every question of the library gives the recorded answer to its example, and what is bound to its parameters is only a value.

`pytest tests/queries --record` writes the answers anew.
"""

from __future__ import annotations

import json
import re

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.parser import parseQuery

from referentiel import resources
from referentiel.graph import to_turtle
from referentiel.iris import Minter
from referentiel.library import LibraryQuestion, Parameter, Type
from referentiel.store import Bindings, Engine, QueryForm, ResultFormat, open_store
from referentiel.vocabulary import RDF, REF, SKOS, empty_graph

FOLDER = resources.HOME / "queries" / "library"
QUESTIONS = {question.name: question for question in resources.questions()}
SHIPPED, OTHER = "000_dc92d59401fb9067", "AUTRE"
HOSTILE = ('"', "'", '"}', "}DROP", '"}#', "\\", "${x}", "?x", "<x>", "%7D", "{{7*7}}", "\\u0022}", "é\u202e", "C5\\'")
PAIRS = [(question, parameter) for question in QUESTIONS.values() for parameter in question.parameters]

OPTIONAL = [(question, parameter) for question, parameter in PAIRS if not parameter.required and not parameter.default]
ABOUT_ONE = [
    question for name, question in QUESTIONS.items() if "certification" in question.example and name != "shared-competencies"
]
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def answer(store: Engine, question: LibraryQuestion, bindings: Bindings) -> bytes:
    """The answer as CSV with plain line ends, or as sorted Turtle with the project's prefixes."""
    given = store.query(question.text, bindings=bindings)
    if given.form is QueryForm.GRAPH:
        return to_turtle(empty_graph().parse(data=given.serialize(ResultFormat.N_TRIPLES), format="nt"))
    return given.serialize(ResultFormat.CSV).replace(b"\r\n", b"\n")


@EACH
def test_gives_the_recorded_answer_to_its_example(store: Engine, question: LibraryQuestion, record: bool) -> None:
    given = answer(store, question, question.bindings(question.example))
    graph = question.form == "CONSTRUCT"
    recorded = FOLDER / f"{question.name}.{'ttl' if graph else 'csv'}"
    if record:
        recorded.write_bytes(given)
    if graph:
        assert isomorphic(Graph().parse(data=given), Graph().parse(recorded))
    else:
        assert given.decode() == recorded.read_bytes().decode()
    assert (given.count(b"\n") == 1) == bool(question.expects_none)


def test_every_file_is_a_question_or_its_answer() -> None:
    answers = {f"{question.name}.{'ttl' if question.form == 'CONSTRUCT' else 'csv'}" for question in QUESTIONS.values()}
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.rq" for name in QUESTIONS} | answers | {"parameters.toml"}


@EACH
def test_the_example_shows_every_parameter_that_has_no_other_use(question: LibraryQuestion) -> None:
    optional = {parameter.name for parameter in question.parameters if not parameter.required and not parameter.default}
    assert set(question.example) <= {parameter.name for parameter in question.parameters}
    assert set(question.example) >= optional or question.expects_none


@EACH
def test_every_parameter_is_a_column_and_rows_are_ordered(question: LibraryQuestion) -> None:
    if question.form == "SELECT":
        head = re.search(r"^SELECT (.*?)^WHERE", question.text, re.MULTILINE | re.DOTALL)
        assert head
        assert {parameter.name for parameter in question.parameters} <= set(re.findall(r"\?(\w+)", head[1]))
        assert re.search(r"^ORDER BY ", question.text, re.MULTILINE)
    parseQuery(question.text)


def spelt(question: LibraryQuestion, bindings: Bindings) -> str:
    """The query with the values as data before its first pattern: what bound variables must amount to."""
    names = " ".join(f"?{name}" for name in bindings)
    terms = " ".join(term.n3() for term in bindings.values())
    return re.sub(r"^(WHERE|ASK) \{", rf"\1 {{ VALUES ({names}) {{ ({terms}) }}", question.text, count=1, flags=re.MULTILINE)


def narrowed(question: LibraryQuestion) -> list[Bindings]:
    """The example, less each value that may be left out, and with each value changed."""
    whole = question.bindings(question.example)
    cases: list[Bindings] = [whole]
    for parameter in question.parameters:
        if not parameter.required and not parameter.default:
            cases.append({name: term for name, term in whole.items() if name != parameter.name})
        cases.append({**whole, parameter.name: parameter.term(OTHERS[parameter.type])})
    return [case for case in cases if case]


OTHERS = {Type.CODE: "2", Type.TEXT: "projet", Type.INTEGER: "3", Type.LANGUAGE: "en", Type.IRI: "ref:Task"}


@EACH
def test_a_bound_variable_is_what_the_same_value_as_data_is(crowded: Engine, question: LibraryQuestion) -> None:
    """Oxigraph believes some variables unbound that are bound: each question must be written so that it doesn't matter."""
    for bindings in narrowed(question):
        given = crowded.query(spelt(question, bindings))
        if given.form is QueryForm.GRAPH:
            expected = to_turtle(empty_graph().parse(data=given.serialize(ResultFormat.N_TRIPLES), format="nt"))
        else:
            expected = given.serialize(ResultFormat.CSV).replace(b"\r\n", b"\n")
        assert answer(crowded, question, bindings).decode() == expected.decode()


@pytest.mark.parametrize(("question", "parameter"), OPTIONAL, ids=lambda part: part.name)
def test_a_value_keeps_the_rows_that_have_it(crowded: Engine, question: LibraryQuestion, parameter: Parameter) -> None:
    """The rows with a value given are those rows without it that have the value in its column."""
    whole = question.bindings({**question.example, parameter.name: parameter.example})
    rest = {name: term for name, term in whole.items() if name != parameter.name}
    columns = json.loads(crowded.query(question.text, bindings=rest).serialize(ResultFormat.JSON))["head"]["vars"]
    column = columns.index(parameter.name)
    rows = crowded.query(question.text, bindings=rest).rows()
    given = crowded.query(question.text, bindings=whole).rows()
    assert given == [row for row in rows if row[column] == str(whole[parameter.name])]


@pytest.mark.parametrize(("question", "parameter"), PAIRS, ids=lambda part: part.name)
def test_a_hostile_value_is_only_a_value(store: Engine, question: LibraryQuestion, parameter: Parameter) -> None:
    """It is refused, or bound and found nowhere; and the store is as it was."""
    size = len(store)
    example = question.bindings(question.example)
    for text in (*HOSTILE, *(f"C5{text}" for text in HOSTILE), "x" * 10_000, "\x00", ""):
        term = parameter.type.term(text)
        if term is None:
            continue
        assert parameter.type in {Type.CODE, Type.TEXT}
        assert term == Literal(text)
        given = store.query(question.text, bindings={**example, parameter.name: term})
        if given.form is QueryForm.SELECT:
            assert found_nowhere(given.rows(), text), text
        else:
            assert given.serialize(ResultFormat.N_TRIPLES if question.form == "CONSTRUCT" else ResultFormat.CSV) in {b"", b"false"}
    assert len(store) == size


def found_nowhere(rows: list[tuple[str | None, ...]], text: str) -> bool:
    """No row, or rows of a search whose label truly has the text."""
    return all(any(text.lower() in (cell or "").lower() for cell in row if cell != text) for row in rows)


def test_what_several_certifications_share_is_found(crowded: Engine) -> None:
    question = QUESTIONS["shared-competencies"]
    rows = crowded.query(question.text, bindings=question.bindings({"certification": SHIPPED})).rows()
    assert len(rows) == 21
    assert {row[2] for row in rows} == {OTHER}
    assert all(row[1] == row[3] for row in rows)
    compared = QUESTIONS["compare"]
    given = crowded.query(compared.text, bindings=compared.bindings({"certification": SHIPPED, "other": OTHER})).rows()
    assert ("compétence", "21", "21") in {row[3:] for row in given}


@pytest.mark.parametrize("question", ABOUT_ONE, ids=lambda question: question.name)
def test_another_certification_changes_no_answer_about_one(store: Engine, crowded: Engine, question: LibraryQuestion) -> None:
    bindings = question.bindings(question.example)
    assert answer(crowded, question, bindings) == answer(store, question, bindings)


def test_a_competency_that_lacks_something_is_found(other: Graph) -> None:
    mint = Minter(OTHER)
    faulty = empty_graph() + other
    for part in (REF.hasCriterion, REF.assessedBy):
        faulty.remove((mint.competency("C5"), part, None))
    engine = open_store(None)
    engine.replace([*resources.vocabulary_graphs(), (mint.certification, faulty)])
    few, assessed = QUESTIONS["few-criteria"], QUESTIONS["is-assessed"]
    rows = engine.query(few.text, bindings=few.bindings({"most": "0"})).rows()
    assert [(row[0], row[2], row[4]) for row in rows] == [(OTHER, "C5", "0")]
    for code, truth in (("C5", b"false"), ("C6", b"true"), ("C99", b"false")):
        asked = assessed.bindings({"certification": OTHER, "competency": code})
        assert engine.query(assessed.text, bindings=asked).serialize(ResultFormat.CSV) == truth


def test_the_description_of_a_competency_holds_its_parts(store: Engine) -> None:
    question = QUESTIONS["competency-description"]
    given = store.query(question.text, bindings=question.bindings(question.example)).serialize(ResultFormat.N_TRIPLES)
    graph = Graph().parse(data=given, format="nt")
    competency = graph.value(None, SKOS.notation, Literal("C5"))
    assert isinstance(competency, URIRef)
    assert (competency, RDF.type, REF.Competency) in graph
    assert len(set(graph.objects(competency, REF.hasCriterion))) == 3
    assert len(set(graph.objects(competency, REF.assessedBy))) == 3
    assert len(set(graph.objects(competency, REF.requiredBy))) == 1
