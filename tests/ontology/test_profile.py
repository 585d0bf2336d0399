"""Ontology, schemes and alignments stay within OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL).

Every triple must be one that the profile allows, read with the mapping to axioms (https://www.w3.org/TR/owl2-mapping-to-rdf/).
Blank nodes are not allowed at all, hence no class expression but a named class: what is left of the profile is a whitelist.

The claim is about these files together, not about the data: evidence names the link that it is for with rdf:subject, rdf:predicate
and rdf:object, which is reification, and reserved vocabulary in OWL 2 DL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from referentiel import resources
from referentiel.vocabulary import DCT, OWL, PREFIXES, RDF, RDFS, REF, SKOS, XSD

RESERVED = (str(RDF), str(RDFS), str(OWL), str(XSD))
"""No class, property or individual of an ontology may be named in these (OWL 2 Structural Specification, section 2.4)."""

DATATYPES = {
    RDF.PlainLiteral, RDF.langString, RDF.XMLLiteral, RDFS.Literal,
    *(
        XSD[name]
        for name in (
            "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
            "unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language Name "
            "NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
        ).split()
    ),
}  # fmt: skip
"""Section 4.2.1; a language-tagged string is an rdf:PlainLiteral in OWL 2, an rdf:langString in RDF 1.1."""

ENTITIES = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual}
OBJECT_CHARACTERISTICS = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
    OWL.TransitiveProperty,
}
"""Section 4.2.5: all but owl:ReflexiveProperty."""

ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated}
HEADERS = {OWL.imports, OWL.versionIRI, OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith}


class Profile:
    """Reads the declarations of a graph, then tells for each triple whether the profile allows it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.classes = self._declared(OWL.Class)
        self.object = self._declared(OWL.ObjectProperty)
        self.data = self._declared(OWL.DatatypeProperty)
        self.annotation = self._declared(OWL.AnnotationProperty) | ANNOTATIONS
        self.ontologies = self._declared(OWL.Ontology)
        self.axioms: dict[Node, Callable[[Node, Node], bool]] = {
            RDF.type: self._typing,
            RDFS.subClassOf: self._both_classes,
            OWL.equivalentClass: self._both_classes,
            OWL.disjointWith: self._both_classes,
            RDFS.subPropertyOf: self._same_kind,
            OWL.equivalentProperty: self._same_kind,
            OWL.propertyDisjointWith: self._same_kind,
            OWL.inverseOf: lambda s, o: s in self.object and o in self.object,
            RDFS.domain: lambda s, o: s in self.object | self.data and o in self.classes,
            RDFS.range: self._range,
        }

    def violations(self) -> Iterator[str]:
        for subject, predicate, value in sorted(self.graph):
            if not self._allows(subject, predicate, value):
                yield " ".join(term.n3() for term in (subject, predicate, value))

    def _declared(self, kind: URIRef) -> set[Node]:
        return set(self.graph.subjects(RDF.type, kind))

    def _allows(self, subject: Node, predicate: Node, value: Node) -> bool:
        if isinstance(subject, BNode) or isinstance(value, BNode):
            return False
        if isinstance(value, Literal) and (value.datatype or XSD.string) not in DATATYPES and not value.language:
            return False
        if predicate in HEADERS:
            return subject in self.ontologies and isinstance(value, URIRef)
        if axiom := self.axioms.get(predicate):
            return axiom(subject, value)
        return self._assertion(predicate, value)

    def _typing(self, subject: Node, kind: Node) -> bool:
        if kind in ENTITIES:
            return not str(subject).startswith(RESERVED) and sum(subject in kinds for kinds in self._properties()) <= 1
        if kind in OBJECT_CHARACTERISTICS:
            return subject in self.object or (kind == OWL.FunctionalProperty and subject in self.data)
        return kind == OWL.Ontology or kind in self.classes

    def _properties(self) -> tuple[set[Node], ...]:
        """No IRI may be two kinds of property (OWL 2 Structural Specification, section 5.8.1)."""
        return self.object, self.data, self.annotation

    def _both_classes(self, subject: Node, value: Node) -> bool:
        return subject in self.classes and value in self.classes

    def _same_kind(self, subject: Node, value: Node) -> bool:
        return any(subject in kind and value in kind for kind in self._properties())

    def _range(self, subject: Node, value: Node) -> bool:
        return value in self.classes if subject in self.object else subject in self.data and value in DATATYPES

    def _assertion(self, predicate: Node, value: Node) -> bool:
        if predicate in self.object:
            return isinstance(value, URIRef)
        return predicate in self.annotation or (predicate in self.data and isinstance(value, Literal))


def vocabulary() -> Graph:
    """Ontology, schemes and alignments in one graph."""
    graph = Graph()
    for path in resources.files("ontology", "**/*.ttl"):
        graph.parse(path)
    return graph


def test_stays_within_owl_2_rl() -> None:
    graph = vocabulary()
    assert len(graph) > 700
    assert list(Profile(graph).violations()) == []


DECLARATIONS = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

BREACHES = {
    "union in a superclass": "ref:Task rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ref:Activity ref:Element ) ] .",
    "named union": "ref:Both a owl:Class ; owl:unionOf rdf:nil .",
    "existential superclass": "ref:Task rdfs:subClassOf [ owl:onProperty ref:taskOf ; owl:someValuesFrom owl:Thing ] .",
    "xsd:date as range": "ref:issued a owl:DatatypeProperty ; rdfs:range xsd:date .",
    "xsd:date as value": 'ref:Task rdfs:comment "2026-01-01"^^xsd:date .',
    "owl:real": "ref:weight a owl:DatatypeProperty ; rdfs:range owl:real .",
    "undeclared property": "ref:Task ref:unknown ref:Activity .",
    "undeclared class": "ref:x a ref:Unknown .",
    "undeclared superclass": "ref:Task rdfs:subClassOf ref:Unknown .",
    "reflexive property": "ref:hasTask a owl:ReflexiveProperty .",
    "symmetric data property": "ref:sourcePage a owl:SymmetricProperty .",
    "inverse of a data property": "ref:sourcePage owl:inverseOf ref:hasTask .",
    "two kinds of property": "ref:hasTask a owl:DatatypeProperty .",
    "object property under a data property": "ref:hasTask rdfs:subPropertyOf ref:sourcePage .",
    "literal as value of an object property": 'ref:Task ref:hasTask "x" .',
    "resource as value of a data property": "ref:Task ref:sourcePage ref:Activity .",
    "reserved vocabulary as a class": "rdf:Statement a owl:Class .",
    "disjoint union": "ref:Element owl:disjointUnionOf rdf:nil .",
    "header of what is no ontology": "ref:Task owl:imports ref:Activity .",
}


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES)
def test_notices_a_breach(breach: str) -> None:
    graph = vocabulary()
    graph.parse(data=DECLARATIONS + breach)
    assert list(Profile(graph).violations())


def test_alignments_say_what_they_align_with() -> None:
    for path in resources.files("ontology/alignments", "*.ttl"):
        graph, name = Graph().parse(path), URIRef(f"https://w3id.org/referentiel/alignment/{path.stem}")
        assert (name, RDF.type, OWL.Ontology) in graph
        assert {title.language for title in graph.objects(name, DCT.title) if isinstance(title, Literal)} == {"fr", "en"}
        assert (name, DCT.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in graph
        assert graph.value(name, DCT.source)
        assert graph.value(name, OWL.versionInfo)


def test_alignments_align_terms_of_ours() -> None:
    ontology = resources.ontology()
    relations = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    for path in resources.files("ontology/alignments", "*.ttl"):
        graph = Graph().parse(path)
        aligned = {subject for relation in relations for subject in graph.subjects(relation) if str(subject).startswith(REF)}
        assert aligned
        assert {term for term in aligned if (term, RDFS.isDefinedBy, None) not in ontology} == set()
