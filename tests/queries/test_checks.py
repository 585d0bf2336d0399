"""Every check finds no fault in what the project ships, and finds the faults that are put there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.iris import Minter
from referentiel.linking.mapping import MANUAL, NO_MATCH
from referentiel.store import Changes, Engine, GraphChange, open_store
from referentiel.vocabulary import (
    DEFAULT_BASE,
    ESCO_SKILL,
    INFERENCE_RULE,
    ONTOLOGY,
    OWL,
    PAV,
    RDF,
    RDFS,
    REF,
    ROOT,
    SKOS,
    SSSOM,
    XSD,
)

Triple = tuple[URIRef | BNode | None, URIRef | None, URIRef | BNode | Literal | None]

FOLDER = resources.HOME / "queries" / "checks"
CHECKS = {path.stem: path.read_text("utf-8") for path in resources.files("queries/checks", "*.rq")}
SEED = Minter("000_dc92d59401fb9067")
SCHEME = URIRef(ROOT + "scheme/inference-rule")


class Fault(NamedTuple):
    """What to remove from a graph (None matches anything) and what to add to it."""

    graph: URIRef
    remove: tuple[Triple, ...] = ()
    add: tuple[Triple, ...] = ()


C5, A2 = SEED.competency("C5"), SEED.activity("1", "A2")
EVIDENCE = SEED.evidence("C5", "requires", "1-A2")
NEW = REF.NewTerm

LINKS = URIRef(f"{DEFAULT_BASE}mapping-set/{SEED.certification_id}")
RECORD, TARGET = URIRef(f"{LINKS}/0"), ESCO_SKILL["nowhere"]


def decision(predicate: URIRef, target: URIRef = TARGET, record: URIRef = RECORD) -> tuple[Triple, ...]:
    """What makes a decision on the fifth competency."""
    return (
        (record, RDF.type, OWL.Axiom),
        (record, OWL.annotatedSource, C5),
        (record, OWL.annotatedProperty, predicate),
        (record, OWL.annotatedTarget, target),
        (record, SSSOM.mapping_justification, MANUAL),
        (record, PAV.authoredBy, URIRef("https://exemple.example/anne")),
        (record, PAV.authoredOn, Literal("2026-01-01", datatype=XSD.date)),
    )


MATCH: Triple = (C5, SKOS.exactMatch, TARGET)
ACCEPTED = decision(SKOS.exactMatch)
OTHER = URIRef(f"{LINKS}/1")
REJECTED: Triple = (OTHER, SSSOM.predicate_modifier, SSSOM.NegatedPredicate)
SOUND: dict[str, tuple[Triple, ...]] = {
    "accepted": (MATCH, *ACCEPTED),
    "disputed": (*ACCEPTED, *decision(SKOS.closeMatch, record=OTHER)),
    "rejected by another": (*ACCEPTED, *decision(SKOS.exactMatch, record=OTHER), REJECTED),
    "nothing found by another": (*ACCEPTED, *decision(SKOS.exactMatch, NO_MATCH, OTHER)),
}


FAULTS: dict[str, dict[str, Fault]] = {
    "blank-node": {
        "subject": Fault(SEED.certification, add=((BNode(), SKOS.notation, Literal("x")),)),
        "object": Fault(ONTOLOGY, add=((REF.Task, RDFS.seeAlso, BNode()),)),
    },
    "concept-without-description": {
        "label": Fault(SCHEME, remove=((INFERENCE_RULE["same-row"], SKOS.prefLabel, Literal("same row", "en")),)),
        "notation": Fault(SCHEME, remove=((INFERENCE_RULE["same-row"], SKOS.notation, None),)),
        "scheme": Fault(SCHEME, remove=((INFERENCE_RULE["same-row"], SKOS.inScheme, None),)),
    },
    "dangling-iri": {
        "resource": Fault(SEED.certification, add=((C5, SKOS.related, SEED.competency("C99")),)),
        "misspelt property": Fault(SEED.certification, add=((C5, REF.hasCriterium, Literal("x")),)),
        "misspelt class": Fault(SEED.certification, add=((C5, RDF.type, REF.Competence),)),
    },
    "decision-without-match": {
        "none": Fault(LINKS, add=ACCEPTED),
        "another": Fault(LINKS, add=((C5, SKOS.closeMatch, TARGET), *ACCEPTED)),
        "nothing in another vocabulary": Fault(
            LINKS,
            add=(*ACCEPTED, *decision(SKOS.exactMatch, NO_MATCH, OTHER), (OTHER, SSSOM.object_source, SCHEME)),
        ),
    },
    "graph-without-certification": {
        "not described": Fault(SEED.certification, remove=((SEED.certification, RDF.type, None),)),
        "described elsewhere": Fault(SCHEME, add=((SEED.certification, RDF.type, REF.Certification),)),
    },
    "link-without-evidence": {
        "no statement": Fault(SEED.certification, remove=((EVIDENCE, RDF.subject, None),)),
        "no status": Fault(SEED.certification, remove=((EVIDENCE, REF.evidenceStatus, None),)),
    },
    "link-without-inverse": {
        "forward only": Fault(SEED.certification, remove=((C5, REF.requiredBy, A2),)),
        "inverse only": Fault(SEED.certification, remove=((A2, REF.requires, C5),)),
    },
    "match-without-decision": {
        "nobody": Fault(LINKS, add=(MATCH,)),
        "another predicate": Fault(LINKS, add=(MATCH, *decision(SKOS.closeMatch))),
        "a rejection": Fault(LINKS, add=(MATCH, *ACCEPTED, (RECORD, SSSOM.predicate_modifier, SSSOM.NegatedPredicate))),
        "another rejects": Fault(LINKS, add=(MATCH, *ACCEPTED, *decision(SKOS.exactMatch, record=OTHER), REJECTED)),
        **{
            f"without {URIRef(each).fragment or each}": Fault(
                LINKS, add=(MATCH, *(triple for triple in ACCEPTED if triple[1] != each))
            )
            for each in (RDF.type, SSSOM.mapping_justification, PAV.authoredBy, PAV.authoredOn)
        },
    },
    "object-property-without-inverse": {
        "no inverse": Fault(ONTOLOGY, remove=((REF.hasTask, OWL.inverseOf, None),)),
        "no concept": Fault(ONTOLOGY, remove=((REF.assessmentMode, RDFS.range, None),)),
    },
    "orphan-term": {
        "class": Fault(ONTOLOGY, add=((NEW, RDF.type, OWL.Class), (NEW, OWL.disjointWith, REF.Task))),
        "property": Fault(ONTOLOGY, add=((NEW, RDF.type, OWL.ObjectProperty), (NEW, RDFS.range, SKOS.Concept))),
    },
    "term-without-description": {
        "French label": Fault(ONTOLOGY, remove=((REF.Task, RDFS.label, Literal("tâche", "fr")),)),
        "English label": Fault(ONTOLOGY, remove=((REF.Task, RDFS.label, Literal("task", "en")),)),
        "definition": Fault(ONTOLOGY, remove=((REF.hasTask, SKOS.definition, None),)),
        "isDefinedBy": Fault(ONTOLOGY, remove=((REF.sourcePage, RDFS.isDefinedBy, None),)),
    },
    "triple-in-two-graphs": {
        "type": Fault(SCHEME, add=((C5, RDF.type, REF.Competency),)),
        "declaration": Fault(SCHEME, add=((SKOS.closeMatch, RDF.type, OWL.ObjectProperty),)),
    },
}
CASES = [pytest.param(check, fault, id=f"{check}: {cause}") for check, causes in FAULTS.items() for cause, fault in causes.items()]


def rows(store: Engine, check: str) -> list[tuple[str | None, ...]]:
    return list(store.query(CHECKS[check]).rows())


def with_added(graph: Graph, triples: tuple[Triple, ...]) -> Graph:
    found = Graph() + graph
    for subject, predicate, value in triples:
        assert subject is not None
        assert predicate is not None
        assert value is not None
        found.add((subject, predicate, value))
    return found


@pytest.mark.parametrize("check", CHECKS)
def test_finds_nothing_in_what_is_shipped(store: Engine, check: str) -> None:
    assert rows(store, check) == []


@pytest.mark.parametrize(("check", "fault"), CASES)
def test_finds_the_fault(shipped: Mapping[URIRef, Graph], check: str, fault: Fault) -> None:
    faulty = Graph()
    faulty += shipped[fault.graph]
    for triple in fault.remove:
        assert triple in faulty, f"nothing to remove: {triple}"
        faulty.remove(triple)
    store = open_store(None)
    store.replace({**shipped, fault.graph: with_added(faulty, fault.add)}.items())
    assert rows(store, check)


@pytest.mark.parametrize("case", SOUND)
def test_sound_decisions_are_no_fault(shipped: Mapping[URIRef, Graph], case: str) -> None:
    store = open_store(None)
    store.replace({**shipped, LINKS: with_added(shipped[LINKS], SOUND[case])}.items())
    assert rows(store, "match-without-decision") == rows(store, "decision-without-match") == []


def test_a_match_of_the_unnamed_graph_is_found(shipped: Mapping[URIRef, Graph]) -> None:
    store = open_store(None)
    store.replace(shipped.items())
    line = f"<{C5}> <{SKOS.exactMatch}> <{TARGET}> ."
    store.apply(Changes.of([GraphChange(None, added=frozenset({line}))]))
    assert rows(store, "match-without-decision") == [(None, str(C5), str(SKOS.exactMatch), str(TARGET))]


@pytest.mark.parametrize("check", CHECKS)
def test_says_what_a_row_means(check: str) -> None:
    assert CHECKS[check].startswith("# A row is ")


def test_every_file_is_a_check_that_is_shown_to_find_faults() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{check}.rq" for check in FAULTS}
