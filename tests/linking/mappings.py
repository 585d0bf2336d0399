"""Decisions to test with."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from rdflib import URIRef

from referentiel.linking.mapping import MANUAL, NO_MATCH, PREDICATES, REVIEWED, Mapping, MappingSet
from referentiel.linking.mapping_graph import set_iri
from referentiel.vocabulary import CC_BY, DEFAULT_BASE, ESCO_SKILL, ORCID, SKOS

SUBJECT = URIRef(f"{DEFAULT_BASE}certification/X/competency/C1")
ESCO_GRAPH = URIRef(f"{DEFAULT_BASE}vocabulary/esco")
ROME_GRAPH = URIRef(f"{DEFAULT_BASE}vocabulary/rome")
ANNE, BEN = f"{DEFAULT_BASE}agent/anne", str(ORCID["0000-0002-1825-0097"])


def mapping(**given: Any) -> Mapping:
    """A decision: Anne says that the first competency exactly matches a skill, unless told otherwise."""
    usual: dict[str, Any] = {
        "subject": SUBJECT,
        "predicate": SKOS.exactMatch,
        "object": ESCO_SKILL["aaa"],
        "author": ANNE,
        "date": date(2026, 11, 24),
        "object_source": ESCO_GRAPH,
    }
    return Mapping(**(usual | given))


def mapping_set(*mappings: Mapping, code: str = "X", **given: Any) -> MappingSet:
    usual: dict[str, Any] = {"iri": set_iri(DEFAULT_BASE, code), "title": "Liens", "licence": CC_BY}
    return MappingSet(**(usual | given), mappings=mappings)


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r\"#\\|'"), max_size=12
).filter(lambda text: not ("\n" in text and text.count("\t") >= 5))  # what looks like rows that a stray quote swallowed
_subjects = st.sampled_from(
    [SUBJECT, URIRef(f"{DEFAULT_BASE}certification/X/competency/C10"), URIRef("https://certif.example/c?n=1#é")]
)
_objects = st.sampled_from(
    [ESCO_SKILL["aaa"], URIRef(f"{ROME_GRAPH}/savoir/1"), URIRef("urn:example:1"), URIRef("https://x.example/a/b")]
)
_people = st.sampled_from([ANNE, BEN, "https://personnes.example/moi", "mailto:a@certif.example"])
_sources = st.none() | st.sampled_from([ESCO_GRAPH, ROME_GRAPH])


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    """Any decision."""
    nothing = draw(st.booleans())
    return Mapping(
        subject=draw(_subjects),
        predicate=draw(st.sampled_from(PREDICATES)),
        object=NO_MATCH if nothing else draw(_objects),
        author=draw(_people),
        date=draw(st.dates(date(1990, 1, 1), date(2100, 1, 1))),
        negated=False if nothing else draw(st.booleans()),
        justification=draw(st.sampled_from([MANUAL, REVIEWED])),
        subject_label=draw(_texts),
        object_label=draw(_texts),
        subject_source=draw(_sources),
        subject_source_version=draw(_texts),
        object_source=draw(_sources.filter(bool) if nothing else _sources),
        object_source_version=draw(_texts),
        score=draw(st.none() | st.floats(0, 1)),
        reviewer=draw(st.just("") | _people),
        comment=draw(_texts),
    )


@st.composite
def mapping_sets(draw: st.DrawFn) -> MappingSet:
    """Any mapping set."""
    found = draw(st.lists(mappings(), max_size=6, unique_by=lambda each: each.code))
    return mapping_set(*found, title=draw(_texts), version=draw(_texts), description=draw(_texts))
