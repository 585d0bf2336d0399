"""What people's decisions come to: what holds of each pair, and how far a subject is.

A pair is accepted when at least one person says that a predicate holds and nobody says otherwise; disputed as soon as two people
differ; rejected when all who spoke reject. Who says that a vocabulary holds nothing for a subject differs with all who accept
something of it, and of what no decision says the vocabulary of. A reviewer named in a row says what its author says, unless a row
of their own says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rdflib import URIRef

from referentiel.linking.mapping import NO_MATCH, Mapping


class Verdict(StrEnum):
    """What holds of a pair."""

    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    REJECTED = "rejected"


class State(StrEnum):
    """How far a subject is. Rejections alone leave it to do."""

    TODO = "todo"
    DECIDED = "decided"
    """Something is accepted, by one person."""
    CONFIRMED = "confirmed"
    """Something is accepted, by two people or more."""
    NO_MATCH = "no-match"
    """Somebody says that a vocabulary holds nothing for it, and nobody accepts anything."""
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of one pair. `predicate`: of an acceptance; None otherwise. `decisions`: what it follows from, the oldest first.

    `confirmed`: at least two people say the same. `object` is NO_MATCH where it is about a whole vocabulary, `object_source`.
    """

    subject: URIRef
    object: URIRef
    verdict: Verdict
    decisions: tuple[Mapping, ...]
    predicate: URIRef | None = None
    confirmed: bool = False

    @property
    def object_source(self) -> URIRef | None:
        """The vocabulary of the object, where a decision says it."""
        return next((each.object_source for each in self.decisions if each.object_source), None)

    @property
    def label(self) -> str:
        """The label of the object, where a decision says it."""
        return next((each.object_label for each in reversed(self.decisions) if each.object_label), "")


Key = tuple[URIRef, URIRef, URIRef | None]
"""What decisions are about: subject, object, and the vocabulary where the object is NO_MATCH."""
Sources = frozenset[URIRef]
"""The vocabularies that the decisions on a pair name for its object; empty where none does."""


def standings(mappings: Iterable[Mapping]) -> tuple[Standing, ...]:
    """What holds of each pair, in the order in which the pairs come."""
    by_pair: defaultdict[Key, list[Mapping]] = defaultdict(list)
    for mapping in mappings:
        by_pair[_about(mapping)].append(mapping)
    empty, matched = defaultdict[URIRef, list[Sources]](list), defaultdict[URIRef, list[Sources]](list)
    for (subject, found, _), decisions in by_pair.items():
        if found == NO_MATCH:
            empty[subject].append(_sources(decisions))
        elif not all(each.negated for each in decisions):
            matched[subject].append(_sources(decisions))
    return tuple(
        _standing(decisions, contradicted=_meets(_sources(decisions), (matched if found == NO_MATCH else empty)[subject]))
        for (subject, found, _), decisions in by_pair.items()
    )


def state(found: Sequence[Standing]) -> State:
    """How far a subject is, from what holds of its pairs."""
    accepted = [each for each in found if each.verdict is Verdict.ACCEPTED and each.object != NO_MATCH]
    if any(each.verdict is Verdict.DISPUTED for each in found):
        return State.DISPUTED
    if accepted:
        return State.CONFIRMED if any(each.confirmed for each in accepted) else State.DECIDED
    return State.NO_MATCH if any(each.object == NO_MATCH for each in found) else State.TODO


def _about(mapping: Mapping) -> Key:
    return mapping.subject, mapping.object, mapping.object_source if mapping.object == NO_MATCH else None


def _sources(decisions: Iterable[Mapping]) -> Sources:
    return frozenset(each.object_source for each in decisions if each.object_source)


def _meets(one: Sources, others: Iterable[Sources]) -> bool:
    """Whether what is said of one vocabulary may be about that of another saying: where none is named, it may."""
    return any(not one or not other or one & other for other in others)


def _standing(decisions: list[Mapping], *, contradicted: bool) -> Standing:
    """What holds of one pair. `contradicted`: by what is said of the whole vocabulary."""
    ordered = tuple(sorted(decisions, key=lambda each: (each.date, each.author)))
    voices = {each.reviewer: each.verdict for each in ordered if each.reviewer}
    voices |= {each.author: each.verdict for each in ordered}
    verdicts = set(voices.values())
    predicate = None
    if all(negated for _, negated in verdicts):
        verdict = Verdict.REJECTED
    elif len(verdicts) > 1 or contradicted:
        verdict = Verdict.DISPUTED
    else:
        verdict, predicate = Verdict.ACCEPTED, ordered[0].predicate
    confirmed = verdict is not Verdict.DISPUTED and len(voices) > 1
    return Standing(ordered[0].subject, ordered[0].object, verdict, ordered, predicate, confirmed)
