"""What a store holds to be linked: the concepts of its vocabularies, and the texts of its competencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from rdflib import URIRef

from referentiel import resources
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.finder import SCORERS, Finder
from referentiel.linking.scorers import Scoring
from referentiel.linking.thesaurus import Thesaurus
from referentiel.model import natural_key
from referentiel.store import Answer, Bindings
from referentiel.vocabulary import ESCO, OWL, RDF, REF, SKOS

CACHE: Final = "index"
"""The folder of a store that keeps the index of its vocabularies."""

_MEMBERSHIPS: Final = {
    "esco": (RDF.type, {str(ESCO.Skill): Kind.SKILL, str(ESCO.Occupation): Kind.OCCUPATION}),
    "rome": (
        SKOS.inScheme,
        {"savoir-faire": Kind.SKILL, "savoir": Kind.SKILL, "fiche": Kind.OCCUPATION, "appellation": Kind.OCCUPATION},
    ),
}
"""Vocabulary -> what tells the kind of its concepts: a property, and what its values mean. Those of ROME lie below its scheme."""

_LABELS: Final = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
"""The best ones first."""

_VALUES: Final = """
    SELECT ?concept ?value (LANG(?value) AS ?language) {{
      GRAPH <{graph}> {{ ?concept <{predicate}> ?value }}
    }}"""

_TEXTS: Final = f"""
    SELECT ?graph ?type ?subject ?text {{
      GRAPH ?graph {{ ?subject a ?type ; <{SKOS.prefLabel}> ?text FILTER(LANGMATCHES(LANG(?text), "fr")) }}
    }}"""


class Source(Protocol):
    """A store, or a copy of one."""

    def query(self, text: str, *, bindings: Bindings | None = None) -> Answer:
        """Answer a query."""
        ...


def finder_of(source: Source, base: str, cache: Path | None = None, scorers: Sequence[Scoring] = SCORERS) -> Finder:
    """What finds concepts of the vocabularies that a store holds, with the thesaurus that the project ships. Raises NoConcepts."""
    thesaurus = Thesaurus.load(resources.files("data/thesaurus", "fr.tsv")[0])
    return Finder(concepts_of(source, base), cache=cache, expand=thesaurus.expand, scorers=scorers)


def concepts_of(source: Source, base: str) -> list[Concept]:
    """The skills and occupations of ESCO and ROME, by IRI: those that their keepers have not withdrawn.

    A concept without a French label has its English ones.
    """
    found = [concept for scheme in _MEMBERSHIPS for concept in _concepts(source, f"{base}vocabulary/{scheme}", scheme)]
    return sorted(found, key=lambda concept: concept.iri)


def texts_of(source: Source, certification: str, kind: Kind) -> list[tuple[str, str]]:
    """What is to be linked of a certification, by IRI: for skills its competencies, in the order of their codes; for occupations
    itself, by its title. Nothing where the store has no such certification, or it no title.
    """
    of = REF.Competency if kind is Kind.SKILL else REF.Certification
    found = source.query(_TEXTS, bindings={"graph": URIRef(certification), "type": of}).rows()
    return sorted(((iri, text) for _, _, iri, text in found if iri and text), key=lambda each: natural_key(each[0]))


def _concepts(source: Source, graph: str, scheme: str) -> Iterator[Concept]:
    predicate, meanings = _MEMBERSHIPS[scheme]
    withdrawn = {iri for iri, value, _ in _values(source, graph, OWL.deprecated) if value == "true"}
    kinds = {
        iri: kind
        for iri, value, _ in _values(source, graph, predicate)
        if iri not in withdrawn and (kind := meanings.get(value.removeprefix(f"{graph}/")))
    }
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for each in _LABELS:
        for iri, label, language in sorted(_values(source, graph, each)):
            labels.setdefault((iri, language), {})[label] = None
    for iri, kind in kinds.items():
        french, english = (tuple(labels.get((iri, language), ())) for language in ("fr", "en"))
        if french or english:
            yield Concept(iri, french or english, kind, scheme, english)


def _values(source: Source, graph: str, predicate: URIRef) -> Iterator[tuple[str, str, str]]:
    """What a graph says by a property: of what, which value, in which language."""
    for iri, value, language in source.query(_VALUES.format(graph=graph, predicate=predicate)).rows():
        if iri and value:
            yield iri, value, language or ""
