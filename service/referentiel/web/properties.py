"""What a graph says of a resource, as rows for people: properties by name, values with their names, links and marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from referentiel.model import natural_key
from referentiel.vocabulary import DCT, OWL, PREFIXES, RDF, RDFS, REF, SH, SKOS
from referentiel.web.lookups import Label
from referentiel.web.texts import FOREIGN

_FIRST: Final = [
    str(term)
    for term in (
        *(RDF.type, REF.ruleCode, SKOS.notation, RDFS.label, SKOS.prefLabel, DCT.title, SH.severity, SH.message),
        *(SKOS.editorialNote, REF.sourceNotation, SKOS.definition, DCT.description),
        *(RDFS.domain, RDFS.range, OWL.inverseOf, RDFS.subClassOf),
    )
]
"""The properties that stand first, in this order; the others follow by name."""


_VOCABULARIES: Final = "/doc/vocabulary/"


@dataclass(frozen=True, slots=True)
class Value:
    """A value: its code, text and language, its page, and `rule`, the name of the rule where the link to it was inferred."""

    text: str
    code: str | None = None
    language: str | None = None
    href: str | None = None
    rule: str | None = None
    page: str | None = None
    nested: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values."""

    name: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """How resources are called on a page: by their labels, else by the end of their IRI."""

    labels: Mapping[str, Label]
    language: str
    href: Callable[[str], str | None]
    described: Callable[[str], str]

    def value(self, iri: str) -> Value:
        """A resource by its name, with the link to its page. A foreign address that nothing describes is a link to itself."""
        label = self.labels.get(iri, Label())
        own = self.href(iri)
        if own and _VOCABULARIES in own and iri not in self.labels:
            return Value(_tail(iri))  # a concept has a label wherever its vocabulary is held
        href = own or (iri if iri.startswith(("http://", "https://")) else None)
        if label.text is not None or label.code is not None:
            return Value(label.text or "", label.code, _other(label.language, self.language), self.described(iri))
        if iri in FOREIGN:
            return Value(FOREIGN[iri].in_(self.language), href=href)
        return Value(_tail(iri) if own else _compact(iri), href=href)

    def text(self, iri: str) -> str:
        """The name alone."""
        return self.value(iri).text


def properties(
    graph: Graph, subject: Node, names: Names, inferred: Mapping[tuple[str, str, str], str | None]
) -> tuple[Property, ...]:
    """The rows of a resource. `inferred`: the links that were inferred -> the rule."""
    rows: dict[str, list[Value]] = {}
    for _, predicate, target in graph.triples((subject, None, None)):
        value = _value(graph, target, names)
        link = (str(subject), str(predicate), str(target))
        if link in inferred:
            rule = inferred[link]
            value = replace(value, rule=names.text(rule) if rule else "")
        rows.setdefault(str(predicate), []).append(value)
    named = [(iri, Property(names.value(iri), tuple(sorted(values, key=_position)))) for iri, values in rows.items()]
    return tuple(row for _, row in sorted(named, key=_rank))


def mentioned(graph: Graph, subjects: Iterable[Node] | None = None) -> set[str]:
    """The IRIs that rows about the subjects (all, by default) will have to name."""
    triples = graph if subjects is None else (triple for subject in subjects for triple in graph.triples((subject, None, None)))
    return {str(term) for triple in triples for term in triple if isinstance(term, URIRef)}


def _value(graph: Graph, target: Node, names: Names) -> Value:
    if isinstance(target, Literal):
        return Value(str(target), language=_other(target.language or "", names.language))
    if isinstance(target, BNode):
        return _nested(graph, target, names)
    if (text := graph.value(target, REF.sourceText)) is not None:
        page = graph.value(target, REF.sourcePage)
        language = text.language if isinstance(text, Literal) else None
        return replace(names.value(str(target)), text=str(text), language=language, page=str(page) if page else None)
    return names.value(str(target))


def _nested(graph: Graph, node: BNode, names: Names) -> Value:
    """What has no IRI: a list as the names of its members, anything else as rows within the row."""
    if (node, RDF.first, None) in graph:
        members = (_value(graph, member, names).text for member in Collection(graph, node))
        return Value(", ".join(members))
    return Value("", nested=properties(graph, node, names, {}))


def _rank(row: tuple[str, Property]) -> tuple[int, str]:
    iri, shown = row
    return (_FIRST.index(iri) if iri in _FIRST else len(_FIRST), shown.name.text)


def _position(value: Value) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    return natural_key(value.code or ""), natural_key(value.page or ""), natural_key(value.href or ""), natural_key(value.text)


def _other(language: str, page_language: str) -> str | None:
    """The language of a text where it must be said: where it is not that of the page."""
    return language if language and language != page_language else None


def _tail(iri: str) -> str:
    """The last two segments of an IRI of ours, which say what it is: `excerpt 1`."""
    return " ".join(iri.rpartition("#")[2].split("/")[-2:])


def _compact(iri: str) -> str:
    """A foreign IRI with a prefix where one is known."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
