"""What a validation found, for whoever sent the data: by our rules or by their own; for a page, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from rdflib import Literal

from referentiel.store.writing import values
from referentiel.validation import ForeignReport, Language, Report, Result
from referentiel.vocabulary import SH

SHOWN: Final = 1000
"""How many results an answer lists; `counts` tells of all."""
_PLACES: Final = 50
"""How many places a page shows for one rule."""
_CUT: Final = 300


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
    """`document`: for JSON. `report`: the W3C's (SHACL, section 3.6), as N-Triples. `broken`: by our rules, None for others."""

    document: dict[str, Any]
    report: bytes
    broken: tuple[Broken, ...] | None


def own(report: Report, language: Language) -> Findings:
    """What our rules found."""
    document = report.to_json()
    document["results"] = document["results"][:SHOWN]
    return Findings(document, report.graph.serialize(format="nt", encoding="utf-8"), broken_rules(report, language))


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
    told = values(report.graph)
    nodes = [node for facts in told.values() for node in facts.get(str(SH.result), [])]
    results = sorted((_told(told.get(node, {})) for node in nodes), key=lambda result: tuple(map(str, result.values())))
    document = {"conforms": report.conforms, "count": len(results), "results": results[:SHOWN]}
    return Findings(document, report.graph, None)


_MEMBERS: Final = {
    "severity": SH.resultSeverity,
    "focus": SH.focusNode,
    "path": SH.resultPath,
    "value": SH.value,
    "message": SH.resultMessage,
    "component": SH.sourceConstraintComponent,
    "shape": SH.sourceShape,
}


def _told(facts: Mapping[str, list[str]]) -> dict[str, str | None]:
    """A result, its values in plain words; None for what it does not have."""
    told = {name: sorted(facts.get(str(predicate), [])) for name, predicate in _MEMBERS.items()}
    return {name: _cut(" ".join(texts).removeprefix(str(SH))) if texts else None for name, texts in told.items()}


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"
