"""The record of a decision, as SSSOM has it (Simple Standard for Sharing Ontological Mappings, 1.0)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from rdflib import URIRef

from referentiel.vocabulary import SEMAPV, SKOS, SSSOM

PREDICATES: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
"""What a decision may say of subject and object: `subject broadMatch object` says that the object is the broader (SKOS, 10.1)."""

NO_MATCH: Final = SSSOM.NoTermFound
"""The object of a decision that the vocabulary holds nothing for the subject."""

MANUAL: Final = SEMAPV.ManualMappingCuration
REVIEWED: Final = SEMAPV.MappingReview


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One decision of one person on one pair.

    `negated`: the person says that the predicate does not hold (`predicate_modifier: Not`): a rejection is exactMatch, negated.
    `object`: NO_MATCH when the vocabulary `object_source` holds nothing. `score`: what the machine gave, 0 to 1
    (`similarity_score`). `author`, `reviewer`: IRIs of who decided and who confirmed it. The sources are concept schemes.
    """

    subject: URIRef
    predicate: URIRef
    object: URIRef
    author: str
    date: date
    negated: bool = False
    justification: URIRef = MANUAL
    subject_label: str = ""
    object_label: str = ""
    subject_source: URIRef | None = None
    subject_source_version: str = ""
    object_source: URIRef | None = None
    object_source_version: str = ""
    score: float | None = None
    reviewer: str = ""
    comment: str = ""

    @property
    def pair(self) -> tuple[URIRef, URIRef]:
        """What the decision is about. NO_MATCH stands for all of one vocabulary."""
        return self.subject, self.object

    @property
    def verdict(self) -> tuple[URIRef, bool]:
        """What it says of the pair: two decisions that differ in this disagree."""
        return self.predicate, self.negated

    @property
    def code(self) -> str:
        """Names the decision within its set: one person decides once on a pair (and once that a vocabulary holds nothing)."""
        about = (self.subject, self.object, self.object_source or "" if self.object == NO_MATCH else "", self.author)
        return hashlib.sha256("\x1f".join(map(str, about)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSet:
    """A set of decisions that is kept, versioned and exchanged as one: one SSSOM file, one named graph.

    `iri`: also the name of its graph, `<base>mapping-set/<code>`. `version`: of the set, as its keeper counts.
    """

    iri: URIRef
    title: str
    licence: URIRef
    version: str = ""
    description: str = ""
    mappings: tuple[Mapping, ...] = ()
