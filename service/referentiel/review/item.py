"""What a reviewer sees: what is to be decided, what a machine proposes for it, and what people have said of it."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from referentiel.linking.candidate import Candidate
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.mapping import Mapping
from referentiel.linking.standing import Standing, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What links start from: a competency (`Kind.SKILL`), or a certification, for its occupations (`Kind.OCCUPATION`).

    `certification`: its identifier. `notation`: its code, empty for a certification. `label`: in French. `block`: label of the
    block of a competency. `criteria`: those of a competency, in their order.
    """

    iri: URIRef
    kind: Kind
    certification: str
    notation: str
    label: str
    block: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A subject with what people have said of it, in one mapping set. `standings`: by pair. `mine`: what the reviewer said."""

    subject: Subject
    state: State
    standings: tuple[Standing, ...]
    mine: tuple[Mapping, ...]

    @property
    def answered(self) -> bool:
        """Whether the reviewer has said what it matches, or that nothing does: a rejection alone is no answer."""
        return any(not each.negated for each in self.mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A concept that may be chosen. `candidate`: why the machine proposes it; None for one that a decision alone speaks of.

    `definition`: in French, else in English, empty where the vocabulary gives none. `standing`: what people have said of it.
    `mine`: what the reviewer said of it.
    """

    concept: Concept
    candidate: Candidate | None = None
    definition: str = ""
    standing: Standing | None = None
    mine: Mapping | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many subjects there are, in each state, and how many the reviewer has answered."""

    total: int
    answered: int
    todo: int
    decided: int
    confirmed: int
    no_match: int
    disputed: int
