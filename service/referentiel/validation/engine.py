"""Runs the rules over a graph with pySHACL (SHACL, W3C Recommendation of 20 July 2017)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from threading import Lock
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from referentiel.store.scratch import Scratch
from referentiel.validation.footprint import Footprint
from referentiel.validation.places import contents, label, notation, place
from referentiel.validation.report import Report, Result
from referentiel.validation.rules import InvalidShapes, Rule
from referentiel.validation.shapes import Shapes
from referentiel.vocabulary import RDF, REF, SH, empty_graph

_ENGINE = Lock()
"""One validation at a time: pySHACL switches global settings of rdflib, and prepared queries hold state while they run."""

_LONG_NUMBER: Final = re.compile(rb"[0-9]{18}")


class NothingToValidate(Exception):
    """The data describe no certification: every rule would pass, and that would say nothing."""


def validate(data: Graph, shapes: Graph, background: Graph) -> Report:
    """Check `data`, the graph of one certification or of several, against `shapes`.

    `background` is what its links lead to: the ontology (the rules rely on its classes and inverses), the concept schemes, and
    whatever else. Results are about `data` only. None of the three graphs is changed.
    Raises InvalidShapes when the shapes can't be used, NothingToValidate when the data describe no certification.
    """
    ready = Shapes(shapes)
    if (None, RDF.type, REF.Certification) not in data:
        raise NothingToValidate("the graph describes no certification (ref:Certification)")
    footprint = Footprint(data)
    footprint += background
    subjects = set(data.subjects())
    return _report(_own_results(_run(footprint, ready.whole), ready.rules, subjects), footprint, ready.rules, subjects)


def judge(data: bytes, background: bytes, shapes: Shapes, focus: Collection[Node] | None = None, *, screen: bool = True) -> Report:
    """Check N-Triples, as the store writes them, against `shapes`: the results about `focus`, all subjects of the data without it.

    `background` as in `validate`. With `screen`, the constraints that the store's engine finds no row for are not put to pySHACL
    (see `screening`); the results are the same. Data are not screened where the two engines are known to differ: rdflib has a text
    for blank nodes (STR), and whole numbers of any length. Raises InvalidShapes, and BadData for what is no RDF 1.1.
    """
    scratch = Scratch()
    subjects = scratch.add(data)
    scratch.add(background)
    footprint = Footprint(scratch.triples())
    judged = subjects if focus is None else frozenset(focus)
    sure = screen and not scratch.anonymous and not _LONG_NUMBER.search(data) and not _LONG_NUMBER.search(background)
    found = shapes.find(scratch, judged) if sure else None
    if found is None:
        graph = _own_results(_run(footprint, shapes.whole), shapes.rules, judged)
    else:
        with shapes.narrowed(found) as (narrowed, origins):
            graph = _own_results(_run(footprint, narrowed), shapes.rules, judged, origins)
    return _report(graph, footprint, shapes.rules, subjects)


def _report(graph: Graph, footprint: Graph, rules: Mapping[URIRef, Rule], described: Collection[Node]) -> Report:
    results = sorted(set(_results(graph, footprint, rules)), key=lambda result: result.sort_key)
    return Report(results=tuple(results), contents=contents(footprint, described), graph=graph)


def _run(footprint: Footprint, shapes: Graph) -> Graph:
    """The W3C report of pySHACL. Raises InvalidShapes when it could not finish."""
    from pyparsing import ParseException
    from pyshacl import validate as pyshacl_validate
    from pyshacl.errors import ReportableRuntimeError

    try:
        with _ENGINE:
            _, report, text = pyshacl_validate(footprint, shacl_graph=shapes, inference="none", advanced=False)
    except (ReportableRuntimeError, ParseException) as error:
        raise InvalidShapes(str(error)) from error
    # A failure comes back in place of the report, not as an exception (SHACL, 3.4.1).
    if not isinstance(report, Graph):
        raise InvalidShapes(text)
    return report


def _own_results(
    report: Graph, rules: Mapping[URIRef, Rule], judged: Collection[Node], origins: Mapping[URIRef, URIRef] | None = None
) -> Graph:
    """The report without results about other nodes, its messages in the two languages of the rules.

    `origins`: shapes that stand for another, which the report names instead.

    pySHACL drops the language tag of messages of SPARQL constraints, which SHACL keeps (SHACL, 3.6.2.7).
    """
    own = empty_graph()
    dropped = {
        result for result in report.subjects(RDF.type, SH.ValidationResult) if report.value(result, SH.focusNode) not in judged
    }
    for shape, origin in (origins or {}).items():
        for result in list(report.subjects(SH.sourceShape, shape)):
            report.set((result, SH.sourceShape, origin))
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
