"""The protocols themselves, request by request: SPARQL 1.1 Protocol, Service Description."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import httpx
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from endpoint import until
from w3c import protocol
from w3c.exchanges import Conversation, Exchange
from w3c.results import read_json, read_xml
from w3c.suite import ABSENT, ARCHIVE

if not ARCHIVE.is_file():
    pytest.skip(ABSENT, allow_module_level=True)

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
RDF_FORMATS = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt"}
RESULTS = {"application/sparql-results+json": read_json, "application/sparql-results+xml": read_xml}
KINDS = {
    "RDF": {*RDF_FORMATS, "application/ld+json"},
    "boolean": set(RESULTS),
    "tabular": {*RESULTS, "text/csv", "text/tab-separated-values"},
}


def send(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    """The answer, its status among those expected, after redirections."""
    request = client.build_request(exchange.method, exchange.path, headers=exchange.headers, content=exchange.body)
    answer = client.send(request, follow_redirects=True)
    assert {answer.status_code, answer.status_code // 100} & set(exchange.expected.statuses), f"{answer.status_code} {answer.text}"
    return answer


def media_type(answer: httpx.Response) -> str:
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize("test", [pytest.param(each, id=each.name) for each in protocol.ASKED])
def test_protocol(client: httpx.Client, test: Conversation) -> None:
    for exchange in test.exchanges:
        answer = send(client, replace(exchange, path=exchange.path.replace("/sparql/", "/sparql", 1)))
        if exchange.expected.kind:
            assert media_type(answer) in KINDS[exchange.expected.kind]
        if exchange.expected.boolean:
            assert RESULTS[media_type(answer)](answer.content) is (exchange.expected.boolean == "true")


REFUSED = {"wrong_media_type": 415, "missing_form_type": 415, "non_utf8": 415}
"""Statuses of updates that are refused, by the end of the test's name; 400 for the others."""


@pytest.mark.parametrize("test", [pytest.param(each, id=each.name) for each in protocol.WRITING])
def test_protocol_of_updates(writer: httpx.Client, test: Conversation) -> None:
    for exchange in test.exchanges:
        moved = replace(exchange, path=exchange.path.replace("/sparql/", "/sparql", 1))
        if exchange.expected.boolean:
            wanted = exchange.expected.boolean == "true"
            until(partial(answers, writer, moved, wanted))  # what is written is seen soon after
            continue
        answer = send(writer, moved)
        if test.name.startswith("protocol/bad_"):
            assert answer.status_code == REFUSED.get(test.name.rpartition("update_")[2], 400), answer.text


def answers(client: httpx.Client, exchange: Exchange, wanted: bool) -> bool:
    """Whether an ASK is answered so."""
    answer = send(client, exchange)
    assert media_type(answer) in KINDS[exchange.expected.kind]
    return RESULTS[media_type(answer)](answer.content) is wanted


def description(client: httpx.Client, accept: str = "text/turtle") -> Graph:
    """What the endpoint says of itself."""
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert media_type(answer) == accept
    return Graph().parse(data=answer.content, format=RDF_FORMATS[accept])


@pytest.mark.parametrize("accept", RDF_FORMATS)
def test_service_description_returns_rdf(client: httpx.Client, accept: str) -> None:
    assert len(description(client, accept))


def test_service_description_has_endpoint_triple(client: httpx.Client) -> None:
    graph = description(client)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(f"{str(client.base_url).rstrip('/')}/sparql")]


RANGES = {
    SD.availableGraphs: {SD.GraphCollection, SD.Dataset},
    SD.defaultDataset: {SD.Dataset},
    SD.defaultGraph: {SD.Graph},
    SD.namedGraph: {SD.NamedGraph},
    SD.graph: {SD.Graph},
}
"""Properties whose values are described, with the classes that these may have (SPARQL 1.1 Service Description, section 3.4)."""
OF_A_SERVICE = {
    *(SD.endpoint, SD.feature, SD.defaultEntailmentRegime, SD.defaultSupportedEntailmentProfile, SD.extensionFunction),
    *(SD.extensionAggregate, SD.languageExtension, SD.supportedLanguage, SD.propertyFeature, SD.defaultDataset),
    *(SD.availableGraphs, SD.resultFormat, SD.inputFormat),
}
OF_OTHERS = {SD.entailmentRegime, SD.supportedEntailmentProfile, SD.name, SD.graph, SD.defaultGraph, SD.namedGraph}
VALUES = {
    SD.supportedLanguage: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
    SD.feature: {SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery},
}


def test_service_description_conforms_to_schema(client: httpx.Client) -> None:
    graph = description(client)
    used = {predicate for predicate in graph.predicates() if str(predicate).startswith(str(SD))}
    assert used <= OF_A_SERVICE | OF_OTHERS
    for predicate in used & OF_A_SERVICE:
        assert all((subject, RDF.type, SD.Service) in graph for subject in graph.subjects(predicate))
    for predicate, kinds in RANGES.items():
        assert all(kinds & set(graph.objects(value, RDF.type)) for value in graph.objects(None, predicate)), predicate
    for predicate, values in VALUES.items():
        assert set(graph.objects(None, predicate)) <= values
    for name in graph.objects(None, SD.resultFormat):
        assert str(name).startswith("http://www.w3.org/ns/formats/")
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        assert list(graph.objects(named, SD.name))
