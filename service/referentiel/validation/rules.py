"""The rules as records: what each shape of shapes/ says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal as OneOf
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from referentiel.vocabulary import DCT, RDF, RDFS, REF, SH

Language: TypeAlias = OneOf["fr", "en"]


class InvalidShapes(Exception):
    """The shapes graph can't be used: the message says which shape and why."""


class Severity(Enum):
    """How much a result weighs (SHACL, 2.1.4), heaviest first."""

    VIOLATION = "violation"
    """An obligation is broken."""
    WARNING = "warning"
    """A recommendation is not followed."""
    INFO = "info"
    """A fault of the source, kept visible."""

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Severity).index(self)


_SEVERITIES: dict[Node, Severity] = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in the project's two languages."""

    fr: str
    en: str

    def get(self, language: Language) -> str:
        """The text in one language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, its weight, what it asks, how to mend, and the law or standard that it comes from."""

    code: str
    iri: URIRef
    severity: Severity
    label: Bilingual
    message: Bilingual
    source: str


def read_rules(shapes: Graph) -> dict[URIRef, Rule]:
    """The rules of a shapes graph by IRI.

    Raises InvalidShapes when it holds none, or when a shape lacks a code, a severity, a source or one of its texts: a shape
    whose results could not be told in words would be as good as absent.
    """
    found = {*shapes.subjects(RDF.type, SH.PropertyShape), *shapes.subjects(RDF.type, SH.NodeShape)}
    if not found:
        raise InvalidShapes("the shapes graph holds no shape")
    return {rule.iri: rule for rule in sorted((_rule(shapes, shape) for shape in found), key=lambda rule: rule.code)}


def _rule(shapes: Graph, shape: Node) -> Rule:
    if not isinstance(shape, URIRef):
        raise InvalidShapes("a shape has no IRI")
    severity = _SEVERITIES.get(_one(shapes, shape, SH.severity))
    if severity is None:
        raise InvalidShapes(f"{shape}: sh:severity is neither sh:Violation, sh:Warning nor sh:Info")
    return Rule(
        code=str(_one(shapes, shape, REF.ruleCode)),
        iri=shape,
        severity=severity,
        label=_texts(shapes, shape, RDFS.label),
        message=_texts(shapes, shape, SH.message),
        source=str(_one(shapes, shape, DCT.bibliographicCitation)),
    )


def _one(shapes: Graph, shape: URIRef, predicate: URIRef) -> Node:
    values = list(shapes.objects(shape, predicate))
    if len(values) != 1:
        raise InvalidShapes(f"{shape}: {len(values)} values of {predicate}, 1 is needed")
    return values[0]


def _texts(shapes: Graph, shape: URIRef, predicate: URIRef) -> Bilingual:
    values = list(shapes.objects(shape, predicate))
    texts = {value.language: str(value) for value in values if isinstance(value, Literal)}
    if len(values) != 2 or texts.keys() != {"fr", "en"}:
        raise InvalidShapes(f"{shape}: {predicate} must be given once in French and once in English")
    return Bilingual(fr=texts["fr"], en=texts["en"])
