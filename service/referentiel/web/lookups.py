"""What the pages ask of the store. IRIs written into a question are valid IRIREFs: they come from the store or from `Addresses`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import Graph, URIRef

from referentiel.store import BadQuery, Engine, ResultFormat
from referentiel.vocabulary import DCT, ESCO, EVIDENCE_STATUS, INVERSES, OWL, RDF, RDFS, REF, SKOS, VOID, empty_graph

INCOMING_SHOWN = 200
"""How many links that lead to a resource its page shows."""

_PARENTS = " ".join(
    predicate.n3()
    for predicate in INVERSES.values()
    if predicate not in {REF.inFramework, REF.requiredBy, REF.assessmentOf, REF.assesses}
)
_ESCO_INVERSES = (
    (ESCO.relatedEssentialSkill, ESCO.isEssentialSkillFor),
    (ESCO.relatedOptionalSkill, ESCO.isOptionalSkillFor),
)
_LABELS = " ".join(predicate.n3() for predicate in (SKOS.prefLabel, RDFS.label, DCT.title))


@dataclass(frozen=True, slots=True)
class Description:
    """What the store says of a resource and of what lies below it, as N-Triples, and the graph that says it."""

    iri: URIRef
    graph_name: URIRef
    ntriples: bytes

    def graph(self) -> Graph:
        """The triples, in a graph of their own."""
        return empty_graph().parse(data=self.ntriples, format="nt")


def describe(store: Engine, iri: URIRef) -> Description | None:
    """The description of a resource: triples of its named graph whose subject is the resource or lies below it.

    Of a job-market vocabulary, or one of its concepts, the resource alone: it has hundreds of thousands of triples.
    What other graphs say of the resource itself, the provenance of a source for one, is added; not to a certification: its
    description is its graph, which may be changed and sent back.
    """
    try:
        names = [URIRef(row[0]) for row in store.query(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}").rows() if row[0]]
    except BadQuery:  # the engine knows more rules of IRIs than IRIREF has
        return None
    if not names:
        return None
    name = max(names, key=lambda graph: (iri.startswith(graph), graph))
    if _is_vocabulary(store, name):
        triples = store.query(f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}")
        return Description(iri, name, triples.serialize(ResultFormat.N_TRIPLES))
    if name == iri:
        return describe_graph(store, name)
    below = f'FILTER(?s = <{iri}> || STRSTARTS(STR(?s), "{iri}/"))'
    triples = store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{"
        f" {{ GRAPH <{name}> {{ ?s ?p ?o }} {below} }} UNION {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }} }}"
    )
    return Description(iri, name, triples.serialize(ResultFormat.N_TRIPLES))


def _is_vocabulary(store: Engine, name: URIRef) -> bool:
    """Whether a graph is a concept scheme that says how many concepts it has."""
    return bool(store.query(f"SELECT ?n {{ GRAPH <{name}> {{ <{name}> {VOID.entities.n3()} ?n }} }} LIMIT 1").rows())


def describe_graph(store: Engine, name: URIRef) -> Description | None:
    """The whole of a named graph: the ontology, the shapes, a scheme, an alignment, the provenance."""
    try:
        answer = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
    except BadQuery:
        return None
    triples = answer.serialize(ResultFormat.N_TRIPLES)
    return Description(name, name, triples) if triples else None


@dataclass(frozen=True, slots=True)
class Label:
    """What a resource is called: its code, its text, and the text's language."""

    code: str | None = None
    text: str | None = None
    language: str = ""


def labels(store: Engine, iris: Iterable[str], language: str) -> dict[str, Label]:
    """Labels of the resources that have one: in `language` where there is one, else in French, else in any."""
    wanted = " ".join(f"<{iri}>" for iri in iris)
    codes = f"SELECT ?s ?code {{ VALUES ?s {{ {wanted} }} ?s {SKOS.notation.n3()} ?code }}"
    texts = f"SELECT ?s ?text (LANG(?text) AS ?language) {{ VALUES ?s {{ {wanted} }} VALUES ?p {{ {_LABELS} }} ?s ?p ?text }}"
    found = {str(subject): Label(code=code) for subject, code in store.query(codes).rows()}
    rows = [(str(s), text or "", tag or "") for s, text, tag in store.query(texts).rows()]
    for subject, text, tag in sorted(rows, key=lambda row: (row[2] == language, row[2] == "fr", row[1])):
        found[subject] = Label(found.get(subject, Label()).code, text, tag)
    return found


def inferred(store: Engine, iri: URIRef) -> dict[tuple[str, str, str], str | None]:
    """The inferred links from or to a resource, in both directions, with the rule."""
    rows = store.query(
        f"SELECT DISTINCT ?s ?p ?o ?rule {{"
        f" {{ ?e {RDF.subject.n3()} <{iri}> }} UNION {{ ?e {RDF.object.n3()} <{iri}> }}"
        f" ?e {RDF.subject.n3()} ?s ; {RDF.predicate.n3()} ?p ; {RDF.object.n3()} ?o ;"
        f" {REF.evidenceStatus.n3()} {EVIDENCE_STATUS.inferred.n3()} ."
        f" OPTIONAL {{ ?e {REF.inferenceRule.n3()} ?rule }} }}"
    ).rows()
    found: dict[tuple[str, str, str], str | None] = {}
    for subject, predicate, target, rule in rows:
        found[str(subject), str(predicate), str(target)] = rule
        if inverse := INVERSES.get(URIRef(str(predicate))):
            found[str(target), str(inverse), str(subject)] = rule
    return found


def incoming(store: Engine, iri: URIRef) -> list[tuple[str, str]]:
    """Links that lead to a resource from outside it, (subject, predicate), except those whose inverse its own description holds."""
    shown = ", ".join(predicate.n3() for pair in (*INVERSES.items(), *_ESCO_INVERSES) for predicate in pair)
    rows = store.query(
        f"SELECT DISTINCT ?s ?p {{ ?s ?p <{iri}> FILTER(?p NOT IN ({shown}))"
        f' FILTER(isIRI(?s) && ?s != <{iri}> && !STRSTARTS(STR(?s), "{iri}/")) }} ORDER BY ?p ?s LIMIT {INCOMING_SHOWN + 1}'
    ).rows()
    return [(str(subject), str(predicate)) for subject, predicate in rows]


def ancestors(store: Engine, description: Description) -> list[str]:
    """What a resource is part of, the certification first."""
    line = [str(description.iri)]
    while parent := _parent(store, line[0]):
        if parent in line:
            break
        line.insert(0, parent)
    if line[0] != str(description.graph_name):
        line.insert(0, str(description.graph_name))
    return line[:-1]


def _parent(store: Engine, iri: str) -> str | None:
    rows = store.query(f"SELECT ?parent {{ VALUES ?p {{ {_PARENTS} }} <{iri}> ?p ?parent }} ORDER BY ?parent LIMIT 1").rows()
    return next((parent for (parent,) in rows), None)


def certifications(store: Engine) -> list[str]:
    """The certifications that the store holds."""
    rows = store.query(f"SELECT DISTINCT ?c {{ ?c a {REF.Certification.n3()} }} ORDER BY ?c").rows()
    return [str(iri) for (iri,) in rows]


def counts(store: Engine, certification: str) -> dict[str, int]:
    """How many resources of each class the graph of a certification describes."""
    text = f"SELECT ?class (COUNT(?x) AS ?n) {{ GRAPH <{certification}> {{ ?x a ?class }} }} GROUP BY ?class"
    return {str(cls): int(number or 0) for cls, number in store.query(text).rows()}


def is_version(store: Engine, ontology: URIRef, version: URIRef) -> bool:
    """Whether `version` is the version IRI of the ontology that the store holds."""
    rows = store.query(f"SELECT ?v {{ GRAPH <{ontology}> {{ <{ontology}> {OWL.versionIRI.n3()} ?v }} }}").rows()
    return str(version) in {value for (value,) in rows}
