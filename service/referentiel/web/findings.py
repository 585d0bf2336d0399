"""What a validation found, for whoever sent the data: by our rules or by their own; for a page, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from rdflib import BNode, Graph, Literal
from rdflib.term import Node

from referentiel.store import ResultFormat
from referentiel.validation import ForeignReport, Language, Report, Result
from referentiel.vocabulary import SH
from referentiel.web.negotiation import Offer

SHOWN: Final = 1000
"""How many results an answer lists; `counts` tells of all."""
_PLACES: Final = 50
"""How many places a page shows for one rule."""
_CUT: Final = 300
_SYNTAXES: Final[Mapping[ResultFormat, str]] = {
    ResultFormat.TURTLE: "turtle",
    ResultFormat.N_TRIPLES: "nt",
    ResultFormat.RDF_XML: "xml",
    ResultFormat.JSON_LD: "json-ld",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is broken: what stands there, and what is at fault."""

    where: str
    label: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule with all places where it is broken; `more` are not shown."""

    code: str
    iri: str
    severity: str
    label: str
    message: str
    source: str
    places: tuple[Place, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Findings:
    """`document`: for JSON. `graph`: the W3C report (SHACL, section 3.6). `broken`: by our rules, None where others were sent."""

    document: dict[str, Any]
    graph: Graph
    broken: tuple[Broken, ...] | None

    def written(self, offer: Offer) -> bytes:
        """The W3C report in a format of graphs."""
        assert offer.form is not None
        return self.graph.serialize(format=_SYNTAXES[offer.form], encoding="utf-8")


def own(report: Report, language: Language) -> Findings:
    """What our rules found."""
    document = report.to_json()
    document["results"] = document["results"][:SHOWN]
    return Findings(document, report.graph, broken_rules(report, language))


def broken_rules(report: Report, language: Language) -> tuple[Broken, ...]:
    """The rules that are broken, heaviest first."""
    found = []
    for rule, group in groupby(report.results, key=lambda result: result.rule):
        results = list(group)
        found.append(
            Broken(
                rule.code,
                str(rule.iri),
                rule.severity.value,
                rule.label.get(language),
                rule.message.get(language),
                rule.source,
                tuple(_place(result, language) for result in results[:_PLACES]),
                max(0, len(results) - _PLACES),
            )
        )
    return tuple(found)


def _place(result: Result, language: Language) -> Place:
    found: str | None = None
    if isinstance(result.value, Literal):
        found = str(result.value)
    elif result.value_place is not None and result.value != result.focus:
        found = result.value_place.get(language)
    return Place(_cut(result.place.get(language)), result.label and _cut(result.label), found and _cut(found))


def foreign(report: ForeignReport) -> Findings:
    """What the sender's shapes found."""
    graph = Graph().parse(data=report.graph, format="nt")
    results = sorted(
        (_told(graph, node) for node in graph.objects(None, SH.result)), key=lambda told: tuple(map(str, told.values()))
    )
    document = {"conforms": report.conforms, "count": len(results), "results": results[:SHOWN]}
    return Findings(document, graph, None)


def _told(graph: Graph, result: Node) -> dict[str, Any]:
    messages = sorted((node for node in graph.objects(result, SH.resultMessage) if isinstance(node, Literal)), key=str)
    return {
        "severity": _short(graph.value(result, SH.resultSeverity)),
        "focus": _short(graph.value(result, SH.focusNode)),
        "path": _short(graph.value(result, SH.resultPath)),
        "value": _short(graph.value(result, SH.value)),
        "message": _cut(" ".join(messages)),
        "component": _short(graph.value(result, SH.sourceConstraintComponent)),
        "shape": _short(graph.value(result, SH.sourceShape)),
    }


def _short(node: Node | None) -> str | None:
    if node is None:
        return None
    return _cut(f"_:{node}" if isinstance(node, BNode) else str(node).removeprefix(str(SH)))


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"
