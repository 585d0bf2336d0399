"""Runs the rules over a graph with pySHACL (SHACL, W3C Recommendation of 20 July 2017)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Node

from referentiel.validation.places import contents, label, notation, place
from referentiel.validation.report import Report, Result
from referentiel.validation.rules import InvalidShapes, Rule, read_rules
from referentiel.vocabulary import RDF, REF, SH, empty_graph

_ENGINE = Lock()
"""One validation at a time: pySHACL switches global settings of rdflib, and prepared queries hold state while they run."""


class NothingToValidate(Exception):
    """The data describe no certification: every rule would pass, and that would say nothing."""


def validate(data: Graph, shapes: Graph, background: Graph) -> Report:
    """Check `data`, the graph of one certification or of several, against `shapes`.

    `background` is what its links lead to: the ontology (the rules rely on its classes and inverses), the concept schemes, and
    whatever else. Results are about `data` only. None of the three graphs is changed.
    Raises InvalidShapes when the shapes can't be used, NothingToValidate when the data describe no certification.
    """
    rules = read_rules(shapes)
    if (None, RDF.type, REF.Certification) not in data:
        raise NothingToValidate("the graph describes no certification (ref:Certification)")
    footprint = _footprint(data, background)
    graph = _own_results(_run(footprint, shapes), rules, set(data.subjects()))
    results = sorted(set(_results(graph, footprint, rules)), key=lambda result: result.sort_key)
    return Report(results=tuple(results), contents=contents(data), graph=graph)


class _Footprint(Graph):
    """A graph that parses each query once: pySHACL passes the same text again for every focus node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> QueryResult:
        return super().query(_prepared(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    return prepareQuery(text)


def _footprint(*graphs: Graph) -> Graph:
    """All the triples in one graph in memory, where pySHACL is fastest."""
    footprint = _Footprint(bind_namespaces="none")
    for graph in graphs:
        footprint += graph
    return footprint


def _run(footprint: Graph, shapes: Graph) -> Graph:
    """The W3C report of pySHACL. Raises InvalidShapes when it could not finish."""
    from pyparsing import ParseException
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    # A copy, since pySHACL adds triples to the shapes that it is given.
    own_shapes = Graph(bind_namespaces="none")
    own_shapes += shapes
    try:
        with _ENGINE:
            _, report, text = pyshacl_validate(footprint, shacl_graph=own_shapes, inference="none", advanced=False)
    except (ReportableRuntimeError, ParseException) as error:
        raise InvalidShapes(str(error)) from error
    # A failure comes back in place of the report, not as an exception (SHACL, 3.4.1).
    if not isinstance(report, Graph):
        raise InvalidShapes(text)
    return report


def _own_results(report: Graph, rules: Mapping[URIRef, Rule], subjects: set[Node]) -> Graph:
    """The report without results about the background, its messages in the two languages of the rules.

    pySHACL drops the language tag of messages of SPARQL constraints, which SHACL keeps (SHACL, 3.6.2.7).
    """
    own = empty_graph()
    dropped = {
        result for result in report.subjects(RDF.type, SH.ValidationResult) if report.value(result, SH.focusNode) not in subjects
    }
    for subject, predicate, value in report:
        if subject not in dropped and value not in dropped and predicate not in {SH.resultMessage, SH.conforms}:
            own.add((subject, predicate, value))
    results = set(own.subjects(RDF.type, SH.ValidationResult))
    for result in results:
        message = rules[_rule_of(own, result)].message
        own.add((result, SH.resultMessage, Literal(message.fr, "fr")))
        own.add((result, SH.resultMessage, Literal(message.en, "en")))
    for whole in report.subjects(RDF.type, SH.ValidationReport):
        own.add((whole, SH.conforms, Literal(not results)))
    return own


def _results(report: Graph, footprint: Graph, rules: Mapping[URIRef, Rule]) -> Iterator[Result]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        assert focus is not None
        yield Result(
            rule=rules[_rule_of(report, result)],
            focus=focus,
            place=place(footprint, focus),
            path=path if isinstance(path, URIRef) else None,
            value=value,
            value_place=None if value is None or isinstance(value, Literal) else place(footprint, value),
            notation=notation(footprint, focus),
            label=label(footprint, focus),
        )


def _rule_of(report: Graph, result: Node) -> URIRef:
    shape = report.value(result, SH.sourceShape)
    assert isinstance(shape, URIRef)
    return shape
