"""What a decision is made of, and what it takes the place of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rdflib import URIRef

from referentiel.linking.mapping import MANUAL, NO_MATCH, REVIEWED, Mapping
from referentiel.review.undoing import DECIDES
from referentiel.vocabulary import SKOS

_WHY: Final = 200
"""Characters of the reason that a revision keeps."""


def justified(mapping: Mapping, held: Sequence[Mapping]) -> Mapping:
    """A decision with what it rests on: the review of another's, where somebody else said the same before."""
    before = (each for each in held if each.pair == mapping.pair and each.object_source == mapping.object_source)
    confirms = any(each.author != mapping.author and each.verdict == mapping.verdict for each in before)
    return replace(mapping, justification=REVIEWED if confirms else MANUAL)


def replaces(mapping: Mapping, former: Mapping) -> bool:
    """Whether a decision takes the place of a former one: on the same pair, or when both can't be meant by one person."""
    if mapping.code == former.code:
        return True
    same = former.author == mapping.author and former.object_source == mapping.object_source
    if mapping.object == NO_MATCH:
        return same and not former.negated
    return same and former.object == NO_MATCH and not mapping.negated


def reason(mapping: Mapping, unit: URIRef) -> str:
    """Why a revision was made, for whoever reads the history."""
    said = (
        "sans correspondance"
        if mapping.object == NO_MATCH
        else f"{mapping.predicate.removeprefix(str(SKOS))} « {mapping.object_label} »"
    )
    return f"{opening(mapping.subject, unit)}{'non ' if mapping.negated else ''}{said}"[:_WHY]


def opening(subject: URIRef, unit: URIRef) -> str:
    """What the reasons of all decisions on a subject begin with."""
    about = subject.removeprefix(f"{unit}/").removeprefix("competency/")
    return f"{DECIDES}{about}, "[:_WHY]
