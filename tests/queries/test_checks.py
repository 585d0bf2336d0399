"""Every check finds no fault in what the project ships, and finds the faults that are put there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from rdflib import BNode, Graph, Literal, URIRef

from referentiel import resources
from referentiel.iris import Minter
from referentiel.store import Engine, open_store
from referentiel.vocabulary import (
    DEFAULT_BASE,
    ESCO_SKILL,
    INFERENCE_RULE,
    ONTOLOGY,
    OWL,
    RDF,
    RDFS,
    REF,
    ROOT,
    SKOS,
    SSSOM,
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


def decision(predicate: URIRef) -> tuple[Triple, ...]:
    """What makes a decision on the fifth competency."""
    return (
        (RECORD, OWL.annotatedSource, C5),
        (RECORD, OWL.annotatedProperty, predicate),
        (RECORD, OWL.annotatedTarget, TARGET),
    )


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
        "nobody": Fault(LINKS, add=((C5, SKOS.exactMatch, TARGET),)),
        "another predicate": Fault(LINKS, add=((C5, SKOS.exactMatch, TARGET), *decision(SKOS.closeMatch))),
        "a rejection": Fault(
            LINKS,
            add=(
                (C5, SKOS.exactMatch, TARGET),
                *decision(SKOS.exactMatch),
                (RECORD, SSSOM.predicate_modifier, SSSOM.NegatedPredicate),
            ),
        ),
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
    for subject, predicate, value in fault.add:
        assert subject is not None
        assert predicate is not None
        assert value is not None
        faulty.add((subject, predicate, value))
    store = open_store(None)
    store.replace({**shipped, fault.graph: faulty}.items())
    assert rows(store, check)


@pytest.mark.parametrize("check", CHECKS)
def test_says_what_a_row_means(check: str) -> None:
    assert CHECKS[check].startswith("# A row is ")


def test_every_file_is_a_check_that_is_shown_to_find_faults() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{check}.rq" for check in FAULTS}
