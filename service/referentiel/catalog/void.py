"""The whole graph as VoID describes it: counts, partitions by class and property, links to others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, urlsplit

from rdflib import Literal, URIRef

from referentiel.catalog.names import Names, Triple
from referentiel.store import Engine
from referentiel.vocabulary import ONTOLOGY, PREFIXES, RDF, REF, SKOS, VOID

_MAPPINGS: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


def statistics(engine: Engine, names: Names) -> Iterator[Triple]:
    """Counts over all graphs but the catalogue's (VoID, section 4)."""
    whole = names.whole
    held = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {names.catalog.n3()})"
    own = f'IF(STRSTARTS(STR(?s), "{names.base}"), 1, 0)'
    subjects = f"SELECT (COUNT(*) AS ?n) (SUM(?own) AS ?m) {{ SELECT DISTINCT ?s ({own} AS ?own) {{ {held} }} }}"
    objects = f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {held} }}"
    for row in engine.query(subjects).rows():
        yield whole, VOID.distinctSubjects, _number(row[0])
        yield whole, VOID.entities, _number(row[1])
    for row in engine.query(objects).rows():
        yield whole, VOID.distinctObjects, _number(row[0])
    properties = engine.query(f"SELECT ?p (COUNT(*) AS ?n) {{ {held} }} GROUP BY ?p").rows()
    yield whole, VOID.properties, Literal(len(properties))
    for term, number in properties:
        partition = URIRef(f"{whole}/property/{_segment(str(term))}")
        yield whole, VOID.propertyPartition, partition
        yield partition, VOID.property, URIRef(str(term))
        yield partition, VOID.triples, _number(number)
    typed = f"GRAPH ?g {{ ?s {RDF.type.n3()} ?class }} FILTER(isIRI(?class) && ?g != {names.catalog.n3()})"
    classes = engine.query(f"SELECT ?class (COUNT(DISTINCT ?s) AS ?n) {{ {typed} }} GROUP BY ?class").rows()
    yield whole, VOID.classes, Literal(len(classes))
    for term, number in classes:
        partition = URIRef(f"{whole}/class/{_segment(str(term))}")
        yield whole, VOID.classPartition, partition
        yield partition, VOID["class"], URIRef(str(term))
        yield partition, VOID.entities, _number(number)
    for namespace in _namespaces(str(term) for term, _ in (*properties, *classes)):
        yield whole, VOID.vocabulary, ONTOLOGY if namespace == str(REF) else URIRef(namespace)


def linksets(engine: Engine, names: Names) -> Iterator[Triple]:
    """Links from our resources to those of others, by kind of link and by place (VoID, section 5); none where there are none."""
    mappings = " ".join(predicate.n3() for predicate in _MAPPINGS)
    query = (
        f"SELECT ?p ?place (COUNT(*) AS ?n) {{ VALUES ?p {{ {mappings} }} ?s ?p ?o"
        f' FILTER(STRSTARTS(STR(?s), "{names.base}") && STRSTARTS(STR(?o), "http") && !STRSTARTS(STR(?o), "{names.base}"))'
        ' BIND(REPLACE(STR(?o), "^([^/]*//[^/]*/).*$", "$1") AS ?place) } GROUP BY ?p ?place'
    )
    for predicate, place, number in engine.query(query).rows():
        target = URIRef(f"{names.whole}/target/{urlsplit(str(place)).netloc}")
        linkset = URIRef(f"{target}/{_segment(str(predicate))}")
        yield target, RDF.type, VOID.Dataset
        yield target, VOID.uriSpace, Literal(str(place))
        yield linkset, RDF.type, VOID.Linkset
        yield linkset, VOID.linkPredicate, URIRef(str(predicate))
        yield linkset, VOID.subjectsTarget, names.whole
        yield linkset, VOID.objectsTarget, target
        yield linkset, VOID.triples, _number(number)
        yield names.whole, VOID.subset, linkset


def _number(text: str | None) -> Literal:
    return Literal(int(text or 0))


def _segment(term: str) -> str:
    """A term as a segment of an IRI: with its prefix where one is known, else percent-encoded."""
    for prefix, namespace in PREFIXES.items():
        local = term.removeprefix(namespace)
        if local != term and local.isidentifier():
            return f"{prefix}:{local}"
    return quote(term, safe="")


def _namespaces(terms: Iterable[str]) -> list[str]:
    """The namespaces that we know of the terms."""
    return sorted({namespace for term in terms for namespace in PREFIXES.values() if term.startswith(namespace)})
