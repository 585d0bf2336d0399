"""What a validation found: results, a verdict, and their forms for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from referentiel.model import natural_key
from referentiel.validation.places import Contents
from referentiel.validation.rules import Bilingual, Language, Rule, Severity
from referentiel.vocabulary import empty_graph

_SHOWN = 10
"""Places shown for one rule in a summary; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result of one rule (SHACL, 3.6.2). `value` is what is at fault, where the rule points at it."""

    rule: Rule
    focus: Node
    place: Bilingual
    path: URIRef | None = None
    value: Node | None = None
    value_place: Bilingual | None = None
    notation: str | None = None
    label: str | None = None

    @property
    def code(self) -> str:
        """The stable code of the rule."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How much the result weighs."""
        return self.rule.severity

    @property
    def message(self) -> Bilingual:
        """What is wrong and how to mend it."""
        return self.rule.message

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Heaviest first, then by rule, then in the natural order of the places."""
        return self.severity.rank, self.code, natural_key(str(self.focus)), natural_key(str(self.value or ""))


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found.

    `conforms` is the project's verdict: no violation. Warnings and infos don't count against a référentiel. It differs from
    `sh:conforms` in `graph`, the W3C report, which is false as soon as there is any result (SHACL, 3.6.1.1).
    """

    results: tuple[Result, ...]
    contents: Contents
    graph: Graph = field(repr=False, compare=False)

    @property
    def conforms(self) -> bool:
        """Whether no obligation is broken."""
        return not self.count(Severity.VIOLATION)

    def count(self, severity: Severity) -> int:
        """How many results weigh so much."""
        return sum(result.severity is severity for result in self.results)

    def summary(self, language: Language = "fr") -> str:
        """The report as plain text: the verdict, what was read, then each rule with where it fails and how to mend."""
        return "\n".join(_summary(self, language)) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The report as values that JSON can hold.

        ``{"conforms": bool, "contents": {"blocks": int, ...}, "counts": {"violation": int, "warning": int, "info": int},
        "results": [{"code", "rule", "severity", "focus", "notation", "label", "path", "value", "source": str or null,
        "place", "message": {"fr": str, "en": str}}]}``, results sorted as in `results`.
        """
        return {
            "conforms": self.conforms,
            "contents": asdict(self.contents),
            "counts": {severity.value: self.count(severity) for severity in Severity},
            "results": [_result_json(result) for result in self.results],
        }

    def to_turtle(self) -> bytes:
        """The W3C report (SHACL, 3.6) as Turtle; equal reports give equal bytes."""
        canonical = empty_graph()
        canonical += to_canonical_graph(self.graph)
        return canonical.serialize(format="turtle", encoding="utf-8")


def _result_json(result: Result) -> dict[str, Any]:
    return {
        "code": result.code,
        "rule": str(result.rule.iri),
        "severity": result.severity.value,
        "focus": str(result.focus),
        "notation": result.notation,
        "label": result.label,
        "path": _text(result.path),
        "value": _text(result.value),
        "source": result.rule.source,
        "place": asdict(result.place),
        "message": asdict(result.message),
    }


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)


_HEADINGS = {
    Severity.VIOLATION: Bilingual("À corriger (obligations)", "To mend (obligations)"),
    Severity.WARNING: Bilingual("À améliorer (recommandations)", "To improve (recommendations)"),
    Severity.INFO: Bilingual("À savoir (fautes de la source, gardées visibles)", "To know (faults of the source, kept visible)"),
}
_NOUNS = {
    Severity.VIOLATION: (Bilingual("violation", "violation"), Bilingual("violations", "violations")),
    Severity.WARNING: (Bilingual("recommandation", "recommendation"), Bilingual("recommandations", "recommendations")),
    Severity.INFO: (Bilingual("information", "information"), Bilingual("informations", "informations")),
}
_CONTENTS = {
    "certifications": (Bilingual("certification", "certification"), Bilingual("certifications", "certifications")),
    "blocks": (Bilingual("bloc", "block"), Bilingual("blocs", "blocks")),
    "activities": (Bilingual("activité", "activity"), Bilingual("activités", "activities")),
    "tasks": (Bilingual("tâche", "task"), Bilingual("tâches", "tasks")),
    "competencies": (Bilingual("compétence", "competency"), Bilingual("compétences", "competencies")),
    "criteria": (Bilingual("critère", "criterion"), Bilingual("critères", "criteria")),
    "assessments": (Bilingual("modalité d'évaluation", "assessment"), Bilingual("modalités d'évaluation", "assessments")),
}
_AND = Bilingual("et", "and")
_VERDICTS = {
    True: Bilingual("Le référentiel est conforme", "The framework conforms"),
    False: Bilingual("Le référentiel n'est pas conforme", "The framework does not conform"),
}
_HOLDS = Bilingual("Il contient", "It holds")
_LAW = Bilingual("Source de la règle", "Source of the rule")
_MORE = (Bilingual("et {} autre", "and {} more"), Bilingual("et {} autres", "and {} more"))
_COLON = Bilingual(" : ", ": ")
_QUOTES = Bilingual("« {} »", "“{}”")


def _summary(report: Report, language: Language) -> Iterator[str]:
    colon = _COLON.get(language)
    totals = [_counted(report.count(severity), _NOUNS[severity], language) for severity in Severity]
    yield f"{_VERDICTS[report.conforms].get(language)}{colon}{_listed(totals, language)}."
    held = [_counted(number, _CONTENTS[name], language) for name, number in asdict(report.contents).items()]
    yield f"{_HOLDS.get(language)} {_listed(held, language)}."
    for severity, of_severity in groupby(report.results, key=lambda result: result.severity):
        yield ""
        yield f"{_HEADINGS[severity].get(language)}{colon}".rstrip()
        for rule, group in groupby(of_severity, key=lambda result: result.rule):
            results = list(group)
            yield f"  {rule.code}. {rule.message.get(language)}"
            yield from (f"    - {_where(result, language)}" for result in results[:_SHOWN])
            if len(results) > _SHOWN:
                yield f"    - {_plural(len(results) - _SHOWN, _MORE, language).format(len(results) - _SHOWN)}"
            yield f"    {_LAW.get(language)}{colon}{rule.source}"


def _where(result: Result, language: Language) -> str:
    """A place, the beginning of its label, and the value at fault."""
    where = result.place.get(language)
    if result.label:
        where += f" {_QUOTES.get(language).format(_cut(result.label))}"
    if isinstance(result.value, Literal):
        return f"{where}{_COLON.get(language)}{_cut(str(result.value))}"
    if result.value_place and result.value != result.focus:
        return f"{where}{_COLON.get(language)}{result.value_place.get(language)}"
    return where


def _cut(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _plural(number: int, forms: tuple[Bilingual, Bilingual], language: Language) -> str:
    """The singular or the plural: French takes the singular for zero, English the plural."""
    singular = number == 1 or (language == "fr" and number == 0)
    return forms[0 if singular else 1].get(language)


def _counted(number: int, forms: tuple[Bilingual, Bilingual], language: Language) -> str:
    return f"{number} {_plural(number, forms, language)}"


def _listed(parts: list[str], language: Language) -> str:
    return f"{', '.join(parts[:-1])} {_AND.get(language)} {parts[-1]}"
