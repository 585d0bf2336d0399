"""Files of questions are read whole or refused; a value is a term of its parameter's type, or no value at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from referentiel import library, resources
from referentiel.library import BadValue, LibraryQuestion, Type
from referentiel.store import open_store
from referentiel.vocabulary import LIBRARY_GRAPH, RDF, RDFS, REF, SCHEMA, SH

QUESTIONS = resources.questions()
AUDIENCES = {"ministry", "researcher", "certifying-body"}
HEADER = """# @question-fr Quoi ?
# @question-en What?
# @description-fr Tout.
# @description-en All.
# @audience researcher
# @keywords all
# @parameter block required
# @example block=1
"""
QUERY = "SELECT ?block { ?s ?p ?block }\n"
PARAMETERS = '[block]\ntype = "code"\nfr = "Bloc."\nen = "Block."\nexample = "1"\n'


def read(folder: Path, question: str) -> LibraryQuestion:
    (folder / "all.rq").write_text(question, "utf-8")
    (folder / "parameters.toml").write_text(PARAMETERS, "utf-8")
    return library.read([folder / "all.rq"], folder / "parameters.toml")[0]


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    question = read(tmp_path, f"{HEADER}\n{QUERY}")
    assert (question.name, question.form, question.text) == ("all", "SELECT", QUERY)
    assert question.title == {"fr": "Quoi ?", "en": "What?"}
    assert question.bindings({"block": "2"}) == {"block": Literal("2")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# @audience researcher\n", ""),
        ("# @example block=1\n", ""),
        ("# @example block=1", "# @example block=a b"),
        ("# @example block=1", "# @example nothing"),
        ("block required", "bloc required"),
        ("block required", "block perhaps"),
        ("# @keywords all", "# keywords: all"),
        ("SELECT", "INSERT"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(tmp_path: Path, old: str, new: str) -> None:
    source = HEADER + QUERY
    assert old in source
    with pytest.raises(ValueError, match=r"."):
        read(tmp_path, source.replace(old, new))


def test_there_are_questions_for_every_audience() -> None:
    audiences = Counter(question.audience for question in QUESTIONS)
    assert set(audiences) == AUDIENCES
    assert min(audiences.values()) >= 5
    assert len(QUESTIONS) >= 20
    assert {question.form for question in QUESTIONS} == {"SELECT", "ASK", "CONSTRUCT"}


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        (Type.CODE, "CE5.2", Literal("CE5.2")),
        (Type.CODE, '"}DROP', Literal('"}DROP')),
        (Type.CODE, "C 5", None),
        (Type.CODE, "", None),
        (Type.CODE, "C" * 201, None),
        (Type.CODE, "C5\n", None),
        (Type.TEXT, "cahier des charges", Literal("cahier des charges")),
        (Type.TEXT, "  ", None),
        (Type.TEXT, "a\x00b", None),
        (Type.INTEGER, "0", Literal(0)),
        (Type.INTEGER, "-1", None),
        (Type.INTEGER, "1.0", None),
        (Type.INTEGER, "٣", None),
        (Type.INTEGER, "1" * 10, None),
        (Type.LANGUAGE, "fr", Literal("fr")),
        (Type.LANGUAGE, "fr-FR", None),
        (Type.IRI, "ref:Competency", REF.Competency),
        (Type.IRI, "https://example.org/été?a=%C3%A9#b", URIRef("https://example.org/été?a=%C3%A9#b")),
        (Type.IRI, "urn:uuid:1", URIRef("urn:uuid:1")),
        (Type.IRI, "competency/C5", None),
        (Type.IRI, "https://example.org/> } DROP ALL #", None),
        (Type.IRI, "https://example.org/%zz", None),
        (Type.IRI, "https://example.org:x/", None),
        (Type.IRI, "https://example.org/" + "a" * 2000, None),
    ],
)
def test_a_text_stands_for_a_term_of_its_type(kind: Type, text: str, term: URIRef | Literal | None) -> None:
    assert kind.term(text) == term


@given(st.from_regex(r"[a-z]{1,5}:(//)?[^ ]{0,30}", fullmatch=True) | st.text(max_size=40))
def test_what_is_read_as_an_iri_is_one_for_the_engine(text: str) -> None:
    term = Type.IRI.term(text)
    if term is not None:
        store = open_store(None)
        assert store.query("SELECT ?s { ?s ?p ?o }", bindings={"s": term}).rows() == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_what_must_be_given_is_missed(question: LibraryQuestion) -> None:
    required = {parameter.name for parameter in question.parameters if parameter.required}
    for name in required:
        with pytest.raises(BadValue, match=name):
            question.bindings({**question.example, name: ""})
    assert set(question.bindings({name: question.example[name] for name in required})) == required | {
        parameter.name for parameter in question.parameters if parameter.default
    }


def test_a_default_holds_until_another_value_is_given() -> None:
    question = next(question for question in QUESTIONS if question.name == "terms")
    assert question.bindings({})["language"] == Literal("fr")
    assert question.bindings({"language": ""})["language"] == Literal("fr")
    assert question.bindings({"language": "en"})["language"] == Literal("en")


def test_the_graph_has_each_question_in_the_form_of_sib() -> None:
    graph = library.graph(QUESTIONS, "https://example.org/sparql")
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    found = graph.query("""
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?query ?comment ?text {
          ?query a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?text .
          FILTER (LANG(?comment) = "en")
        }""")
    texts = {question.iri: (question.description["en"], question.text) for question in QUESTIONS}
    assert {row[0]: (str(row[1]), str(row[2])) for row in found} == texts  # type: ignore[index]
    for question in QUESTIONS:
        assert (question.iri, RDF.type, SH[f"SPARQL{question.form.title()}Executable"]) in graph
        assert (question.iri, SH.prefixes, LIBRARY_GRAPH) in graph
        assert set(graph.objects(question.iri, SCHEMA.target)) == {URIRef("https://example.org/sparql")}
        assert len(set(graph.objects(question.iri, RDFS.label))) == 2
    assert not set(library.graph(QUESTIONS).subject_objects(SCHEMA.target))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_graph_tells_the_variable_and_the_type_of_each_parameter(question: LibraryQuestion) -> None:
    """SHACL, section 6.2.1: the variable is the local name of the path."""
    graph = library.graph([question])
    declared = {str(graph.value(iri, SH.path)).rpartition("/")[2]: iri for iri in graph.objects(question.iri, SH.parameter)}
    assert set(declared) == {parameter.name for parameter in question.parameters}
    for parameter in question.parameters:
        iri = declared[parameter.name]
        assert f"?{parameter.name}" in question.text
        assert graph.value(iri, SH.optional) == Literal(not parameter.required)
        assert (graph.value(iri, SH.datatype) is None) == (graph.value(iri, SH.nodeKind) == SH.IRI)
        assert {text.language for text in graph.objects(iri, SH.description) if isinstance(text, Literal)} == {"fr", "en"}


def test_the_prefixes_of_the_graph_are_those_of_the_questions() -> None:
    question = replace(QUESTIONS[0], text="PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nASK {}", form="ASK")
    graph = library.graph([question])
    assert [str(prefix) for prefix in graph.objects(None, SH.prefix)] == ["skos"]
