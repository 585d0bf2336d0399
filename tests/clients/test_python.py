"""Clients in Python, as researchers use them: each asks what it can, in each way that it has of asking."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import httpx
import pandas
import pytest
import sparql_dataframe
import SPARQLWrapper
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from clients.questions import CODES, CONSTRUCT, CRITERIA, DESCRIBE, NO, SELECT, YES, codes
from referentiel.vocabulary import REF, SKOS

# SPARQLWrapper 2.0 reads RDF/XML and JSON-LD into a class of rdflib that rdflib 7 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

WAYS = [
    (SPARQLWrapper.GET, SPARQLWrapper.URLENCODED),
    (SPARQLWrapper.POST, SPARQLWrapper.URLENCODED),
    (SPARQLWrapper.POST, SPARQLWrapper.POSTDIRECTLY),
]


def wrapper(endpoint: str, query: str, form: str, method: str = SPARQLWrapper.GET, request: str = SPARQLWrapper.URLENCODED) -> Any:
    """SPARQLWrapper, ready to ask."""
    client = SPARQLWrapper.SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(method)
    client.setRequestMethod(request)
    return client


def rows(form: str, answer: Any) -> list[tuple[str, str]]:
    """The rows of SELECT, from what SPARQLWrapper makes of an answer in a format."""
    match form:
        case SPARQLWrapper.JSON:
            return [(row["code"]["value"], row["criterion"]["value"]) for row in answer["results"]["bindings"]]
        case SPARQLWrapper.XML:
            texts = [node.firstChild.nodeValue for node in answer.getElementsByTagName("literal")]
            return list(zip(texts[::2], texts[1::2], strict=True))
        case SPARQLWrapper.CSV:
            return [(row[0], row[1]) for row in list(csv.reader(io.StringIO(answer.decode())))[1:]]
        case _:
            assert form == SPARQLWrapper.TSV
            lines = [line.split("\t") for line in answer.decode().splitlines()[1:]]
            return [(code.strip('"'), json.loads(label.removesuffix("@fr"))) for code, label in lines]


@pytest.mark.parametrize(("method", "request_method"), WAYS)
@pytest.mark.parametrize("form", [SPARQLWrapper.JSON, SPARQLWrapper.XML, SPARQLWrapper.CSV, SPARQLWrapper.TSV])
def test_sparqlwrapper_select(endpoint: str, form: str, method: str, request_method: str) -> None:
    answer = wrapper(endpoint, SELECT, form, method, request_method).query().convert()
    assert rows(form, answer) == list(CRITERIA.items())


@pytest.mark.parametrize(("method", "request_method"), WAYS)
@pytest.mark.parametrize(("query", "expected"), [(YES, True), (NO, False)])
def test_sparqlwrapper_ask(endpoint: str, query: str, expected: bool, method: str, request_method: str) -> None:
    assert wrapper(endpoint, query, SPARQLWrapper.JSON, method, request_method).query().convert()["boolean"] is expected
    document = wrapper(endpoint, query, SPARQLWrapper.XML, method, request_method).query().convert()
    assert document.getElementsByTagName("boolean")[0].firstChild.nodeValue == str(expected).lower()


@pytest.mark.parametrize(("method", "request_method"), WAYS)
@pytest.mark.parametrize("form", [SPARQLWrapper.TURTLE, SPARQLWrapper.N3, SPARQLWrapper.JSONLD, SPARQLWrapper.RDFXML])
def test_sparqlwrapper_construct(endpoint: str, form: str, method: str, request_method: str) -> None:
    answer = wrapper(endpoint, CONSTRUCT, form, method, request_method).query().convert()
    if isinstance(answer, bytes):  # Turtle and N3 are handed over as they came
        answer = Graph().parse(data=answer, format="turtle")
    assert sorted(codes(answer)) == sorted(CODES)


def test_sparqlwrapper_describe(endpoint: str) -> None:
    graph = wrapper(endpoint, DESCRIBE, SPARQLWrapper.RDFXML).query().convert()
    (competency,) = graph.subjects(SKOS.notation, Literal("C5"))
    assert len(set(graph.objects(competency, REF.hasCriterion))) == len(CRITERIA)


def test_sparqlwrapper_tells_a_bad_query_from_a_bad_server(endpoint: str) -> None:
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed) as caught:
        wrapper(endpoint, "SELECT ?x WHERE { ?x }", SPARQLWrapper.JSON).query()
    assert "/problems/bad-query" in str(caught.value)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_select_and_ask(endpoint: str, method: Any, form: str) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat=form)
    found = [(str(code), str(label)) for code, label in store.query(SELECT)]  # type: ignore[misc]
    assert found == list(CRITERIA.items())
    if form in {"xml", "json"}:  # the standard defines no answer to ASK in the others
        assert store.query(YES).askAnswer is True
        assert store.query(NO).askAnswer is False


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_construct(endpoint: str, method: Any) -> None:
    graph = SPARQLStore(endpoint, method=method).query(CONSTRUCT).graph
    assert graph is not None
    assert sorted(codes(graph)) == sorted(CODES)


def test_rdflib_reads_the_endpoint_as_a_graph(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint))
    (competency,) = graph.subjects(SKOS.notation, Literal("C5"))
    assert isinstance(competency, URIRef)
    assert {str(graph.value(criterion, SKOS.notation)) for criterion in graph.objects(competency, REF.hasCriterion)} == set(
        CRITERIA
    )
    assert len(set(graph.subjects(RDF.type, REF.Competency))) == len(CODES)


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_pandas_reads_an_address(endpoint: str, form: str, separator: str) -> None:
    frame = pandas.read_csv(str(httpx.URL(endpoint, params={"query": SELECT, "format": form})), sep=separator)
    if form == "csv":
        assert dict(zip(frame["code"], frame["criterion"], strict=True)) == CRITERIA
    else:  # TSV writes terms as Turtle does (SPARQL 1.1 Results CSV and TSV, section 4): pandas takes the quotes off, no more
        assert list(frame["?code"]) == list(CRITERIA)


def test_pandas_reads_numbers_as_numbers(endpoint: str) -> None:
    query = f"SELECT ?type (COUNT(*) AS ?n) {{ ?x a ?type VALUES ?type {{ <{REF.Competency}> <{REF.Activity}> }} }} GROUP BY ?type"
    frame = pandas.read_csv(str(httpx.URL(endpoint, params={"query": query, "format": "csv"})), index_col="type")
    assert frame["n"].dtype.kind == "i"
    assert frame["n"].to_dict() == {str(REF.Competency): 21, str(REF.Activity): 8}


@pytest.mark.parametrize("post", [False, True])
def test_sparql_dataframe(endpoint: str, post: bool) -> None:
    frame = sparql_dataframe.get(endpoint, SELECT, post=post)
    assert dict(zip(frame["code"], frame["criterion"], strict=True)) == CRITERIA
