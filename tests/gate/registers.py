"""Small registers to write to: the certification of tests/shapes under several identifiers, and concepts that they share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
from rdflib import Graph, URIRef
from rdflib.plugins.sparql import prepareQuery

from referentiel import resources
from referentiel.access import OPERATIONS, Identity
from referentiel.gate import Gate
from referentiel.store import Changes, Engine, Name, Statements, open_store
from referentiel.store.changes import predicate_of
from referentiel.store.deposit import install_vocabularies
from referentiel.store.reading import read
from referentiel.validation import Report, Severity
from referentiel.vocabulary import DEFAULT_BASE, REF, ROOT, SH
from stores import gate_of

BASE_FILE = Path(__file__).parent.parent / "shapes" / "base.ttl"
SHARED = URIRef("https://certif.example/concepts")
"""A graph of concepts that no certification owns."""
WRITER = Identity("testeuse", frozenset(OPERATIONS))
CONCEPTS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://certif.example/concept/> .
<1> a skos:Concept ; skos:prefLabel "Un"@fr .
<2> a skos:Concept ; skos:prefLabel "Deux"@fr ; skos:broader <1> .
<3> a skos:Concept ; skos:prefLabel "Trois"@fr ; skos:broader <2> .
<4> a skos:Concept ; skos:prefLabel "Quatre"@fr ; skos:related <3> .
"""


def name_of(code: str) -> URIRef:
    return URIRef(f"{DEFAULT_BASE}certification/{code}")


@cache
def certification(code: str, number: str = "") -> Statements:
    """The certification of tests/shapes/base.ttl as one of this identifier, with a register number of its own if one is given."""
    lines = Graph().parse(BASE_FILE).serialize(format="nt")
    lines = lines.replace(f"<{name_of('X')}>", f"<{name_of(code)}>").replace(f"<{name_of('X')}/", f"<{name_of(code)}/")
    found = read(lines.replace('"X"', f'"{code}"').encode(), "application/n-triples", base="")[None]
    kept = {line for line in found if predicate_of(line) != str(REF.registerNumber)}
    return frozenset(kept | ({f'<{name_of(code)}> <{REF.registerNumber}> "{number}" .'} if number else set()))


def concepts() -> Statements:
    return read(CONCEPTS.encode(), "text/turtle", base="")[None]


def register(folder: Path | None, *codes: str) -> Gate:
    """A gate before a store with some certifications, and with the shared concepts."""
    engine = open_store(folder)
    install_vocabularies(engine)
    held: dict[Name, Statements] = {name_of(code): certification(code, f"RNCP{1 + place}") for place, code in enumerate(codes)}
    engine.apply(Changes.between({}, held | {SHARED: concepts()}))
    return gate_of(engine)


def by_pyshacl(engine: Engine) -> set[tuple[str, str, str]]:
    """The violations that plain pySHACL finds in all that a store holds: rule, focus node, value.

    Of the vocabularies only those that rules read are there: a rule that looks at every triple would take seconds over the others.
    """
    whole = _Parsed()
    for name in engine.graph_names():
        if not str(name).startswith((f"{ROOT}shapes", f"{ROOT}library", f"{ROOT}alignment")):
            whole += engine.graph(name)
    _, report, _ = pyshacl.validate(whole, shacl_graph=Graph() + resources.shapes(), inference="none", advanced=False)
    return {
        (
            str(report.value(result, SH.sourceShape)),
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.value) or ""),
        )
        for result in report.subjects(SH.resultSeverity, SH.Violation)
    }


class _Parsed(Graph):
    """A graph that parses each query once, and evaluates it as rdflib does."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        return super().query(_prepared(query_object), *args, **kwargs)


_prepared = cache(prepareQuery)


def violations(report: Report) -> set[tuple[str, str, str]]:
    """Those of a report of ours, told alike."""
    found = (result for result in report.results if result.severity is Severity.VIOLATION)
    return {(str(result.rule.iri), str(result.focus), "" if result.value is None else str(result.value)) for result in found}
