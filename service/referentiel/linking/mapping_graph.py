"""A mapping set as the graph that a store keeps of it, both ways without loss.

Each decision has a record of its own, `<set>/<code of the decision>`, with the properties that the SSSOM model gives its slots: it
is an owl:Axiom about owl:annotatedSource, annotatedProperty and annotatedTarget. Beside the records stand the `skos:*Match`
triples of the pairs that are accepted, and of no others: from such a triple its records are found by these three properties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from referentiel.linking.mapping import NO_MATCH, PREDICATES, Mapping, MappingSet
from referentiel.linking.standing import Verdict, standings
from referentiel.store import Statements
from referentiel.store.reading import statements
from referentiel.store.writing import Values, values
from referentiel.vocabulary import DCT, OWL, PAV, RDF, RDFS, SSSOM, XSD

Write = Callable[[str], Node]


def _text(value: str) -> Literal:
    return Literal(value)


def _typed(datatype: URIRef) -> Write:
    return lambda value: Literal(value, datatype=datatype)


SLOTS: Final[dict[str, tuple[URIRef, Write]]] = {
    "subject": (OWL.annotatedSource, URIRef),
    "predicate": (OWL.annotatedProperty, URIRef),
    "object": (OWL.annotatedTarget, URIRef),
    "negated": (SSSOM.predicate_modifier, URIRef),
    "justification": (SSSOM.mapping_justification, URIRef),
    "author": (PAV.authoredBy, URIRef),
    "reviewer": (SSSOM.reviewer_id, URIRef),
    "date": (PAV.authoredOn, _typed(XSD.date)),
    "subject_label": (SSSOM.subject_label, _text),
    "object_label": (SSSOM.object_label, _text),
    "subject_source": (SSSOM.subject_source, URIRef),
    "subject_source_version": (SSSOM.subject_source_version, _text),
    "object_source": (SSSOM.object_source, URIRef),
    "object_source_version": (SSSOM.object_source_version, _text),
    "score": (SSSOM.similarity_score, _typed(XSD.double)),
    "comment": (RDFS.comment, _text),
}
"""Field of a Mapping -> the property of its record, and how its value is written."""

SET_SLOTS: Final[dict[str, tuple[URIRef, Write]]] = {
    "title": (DCT.title, _text),
    "description": (DCT.description, lambda value: Literal(value, lang="und")),
    "licence": (DCT.license, URIRef),
    "version": (OWL.versionInfo, _text),
}
"""Field of a MappingSet -> the property, and how it is written. No description may be without a language (LANG-05), and SSSOM has
no place for one: it is undetermined (BCP 47)."""


def set_iri(base: str, code: str) -> URIRef:
    """The IRI of a mapping set, also the name of its graph."""
    return URIRef(f"{base}mapping-set/{code}")


def to_statements(found: MappingSet, known: Callable[[URIRef], bool] = lambda _: True) -> Statements:
    """The graph of a mapping set. `known`: whether a subject is described in the store: of others no triple may be stored."""
    return description(found) | records(found.iri, found.mappings) | matches(found.mappings, known)


def description(found: MappingSet) -> Statements:
    """What is said of a set as a whole."""
    return _statements(_description(found))


def records(iri: URIRef, mappings: Iterable[Mapping]) -> Statements:
    """The records of decisions of one set."""
    return _statements(triple for mapping in mappings for triple in _record(iri, mapping))


def matches(mappings: Iterable[Mapping], known: Callable[[URIRef], bool] = lambda _: True) -> Statements:
    """The `skos:*Match` triples that decisions come to. They must be all the decisions on their subjects."""
    return frozenset(
        f"{each.subject.n3()} {each.predicate.n3()} {each.object.n3()} ."
        for each in standings(mappings)
        if each.verdict is Verdict.ACCEPTED and each.object != NO_MATCH and each.predicate is not None and known(each.subject)
    )


def from_statements(iri: URIRef, held: Statements) -> MappingSet:
    """The mapping set of a graph. What is no whole record is left out: see `malformed`."""
    told = values("\n".join(sorted(held)).encode())
    own = told.get(str(iri), {})
    described = {name: next(iter(own.get(str(slot), ())), "") for name, (slot, _) in SET_SLOTS.items()}
    return MappingSet(
        iri=iri,
        title=described["title"],
        licence=URIRef(described["licence"]),
        version=described["version"],
        description=described["description"],
        mappings=tuple(sorted(_mappings(iri, told), key=order)),
    )


def mappings_of(iri: URIRef, held: Statements) -> tuple[Mapping, ...]:
    """The decisions of some records of a set, sorted."""
    return tuple(sorted(_mappings(iri, values("\n".join(held).encode())), key=order))


def malformed(iri: URIRef, held: Statements) -> tuple[str, ...]:
    """The subjects of a set's graph that look like records and are none that this project would write."""
    told = values("\n".join(held).encode())
    whole = {f"{iri}/{mapping.code}" for mapping in _mappings(iri, told)}
    return tuple(sorted(subject for subject in told if subject.startswith(f"{iri}/") and subject not in whole))


def order(mapping: Mapping) -> tuple[str, ...]:
    """Sorts decisions: by subject, then object, then author."""
    return (str(mapping.subject), str(mapping.object), str(mapping.object_source or ""), mapping.author)


def _statements(triples: Iterable[tuple[Node, Node, Node]]) -> Statements:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return statements(graph)


def _description(found: MappingSet) -> Iterator[tuple[Node, Node, Node]]:
    yield found.iri, RDF.type, SSSOM.MappingSet
    for name, (slot, write) in SET_SLOTS.items():
        if value := getattr(found, name):
            yield found.iri, slot, write(value)


def _record(iri: URIRef, mapping: Mapping) -> Iterator[tuple[Node, Node, Node]]:
    this = URIRef(f"{iri}/{mapping.code}")
    yield iri, SSSOM.mappings, this
    yield this, RDF.type, OWL.Axiom
    for name, (slot, write) in SLOTS.items():
        if (value := _lexical(getattr(mapping, name))) is not None:
            yield this, slot, write(value)


def _lexical(value: object) -> str | None:
    """A field as it is written; None for one that says nothing."""
    if value is None or value is False or value == "":
        return None
    if value is True:
        return str(SSSOM.NegatedPredicate)
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _mappings(iri: URIRef, told: Values) -> Iterator[Mapping]:
    for subject, said in told.items():
        if subject.startswith(f"{iri}/"):
            with suppress(ValueError, KeyError):
                mapping = _mapping({name: said.get(str(slot), []) for name, (slot, _) in SLOTS.items()})
                if subject == f"{iri}/{mapping.code}":
                    yield mapping


def _mapping(said: dict[str, list[str]]) -> Mapping:
    """A decision from the values of its slots. Raises ValueError for what is none."""
    if any(len(found) > 1 for found in said.values()):
        raise ValueError("a slot has more than one value")
    one = {name: found[0] for name, found in said.items() if found}
    if URIRef(one["predicate"]) not in PREDICATES:
        raise ValueError("no predicate of SKOS")
    return Mapping(
        subject=URIRef(one["subject"]),
        predicate=URIRef(one["predicate"]),
        object=URIRef(one["object"]),
        author=one["author"],
        date=date.fromisoformat(one["date"]),
        negated="negated" in one,
        justification=URIRef(one["justification"]),
        subject_label=one.get("subject_label", ""),
        object_label=one.get("object_label", ""),
        subject_source=URIRef(one["subject_source"]) if "subject_source" in one else None,
        subject_source_version=one.get("subject_source_version", ""),
        object_source=URIRef(one["object_source"]) if "object_source" in one else None,
        object_source_version=one.get("object_source_version", ""),
        score=float(one["score"]) if "score" in one else None,
        reviewer=one.get("reviewer", ""),
        comment=one.get("comment", ""),
    )
