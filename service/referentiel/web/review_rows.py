"""What the page of one competency shows of each proposal: why it is proposed, and who said what of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.mapping import NO_MATCH, PREDICATES, Mapping
from referentiel.linking.standing import Standing, Verdict
from referentiel.review import Item, Proposal
from referentiel.web.pages import View
from referentiel.web.review_texts import OCCUPATION_VERDICTS, VERDICTS
from referentiel.web.texts import Text

POSITIVE: Final = dict(zip(("exact", "close", "broad", "narrow", "related"), PREDICATES, strict=True))
"""What may be said of a concept, by its name in a form."""
_NAMES: Final = {predicate: name for name, predicate in POSITIVE.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said. `verdict`: in the language of the page. `mine`: the reader said it."""

    who: str
    verdict: str
    mine: bool
    date: str
    comment: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal. `score`: 0 to 1, None where no machine proposes it. `chosen`: what the reader said of it, None for nothing.

    `scheme`: its vocabulary, and the part of ROME. `verdict`: what holds of the pair, None while nobody has spoken.
    `found_as`: the label that fits, where it is another one. `clause`: the part of the text that fits, where it is not the whole.
    `href`: a page of ours about the concept, or its own address on the web.
    """

    number: int
    iri: str
    label: str
    scheme: str
    href: str | None
    score: float | None
    matched: tuple[str, ...]
    found_as: str
    clause: str
    definition: str
    said: tuple[Said, ...]
    verdict: Verdict | None
    chosen: str | None


def verdicts(kind: Kind) -> Table[str, tuple[str, Text, Text]]:
    """What may be said of a concept of a kind: its key, its name, what it means."""
    return OCCUPATION_VERDICTS if kind is Kind.OCCUPATION else VERDICTS


def rows(proposals: Sequence[Proposal], view: View, author: str, text: str) -> list[Row]:
    """The proposals as they are shown, numbered from 1. `text`: what they are for."""
    return [_row(number, proposal, view, author, text) for number, proposal in enumerate(proposals, 1)]


def first_to_decide(found: Sequence[Row], wanted: str = "") -> int:
    """The number of the proposal that is chosen at first: the one wanted, else the first that the reader has not judged."""
    by_choice = (row.number for row in found if row.iri == wanted)
    return next(by_choice, next((row.number for row in found if row.chosen is None), 1))


def elsewhere(item: Item, view: View, author: str) -> tuple[Said, ...]:
    """What people said of whole vocabularies: that they hold nothing."""
    about = [(standing, standing.decisions) for standing in item.standings if standing.object == NO_MATCH]
    return tuple(_said(each, view, author, _scheme(standing)) for standing, decisions in about for each in decisions)


def said_of(mapping: Mapping, language: str) -> str:
    """What a decision says, in words."""
    return VERDICTS["reject" if mapping.negated else _NAMES[mapping.predicate]][1].in_(language)


def name_of(author: str) -> str:
    """An author's IRI as people read it: the name of a token, or an ORCID."""
    return unquote(author.rpartition("/")[2])


def accepted(standings: Iterable[Standing]) -> list[tuple[str, str]]:
    """What is accepted of a subject: the name of the verdict, and the label of the concept."""
    return [
        (_NAMES[standing.predicate], standing.label or str(standing.object))
        for standing in standings
        if standing.verdict is Verdict.ACCEPTED and standing.predicate in _NAMES and standing.object != NO_MATCH
    ]


def _row(number: int, proposal: Proposal, view: View, author: str, text: str) -> Row:
    concept, candidate, standing = proposal.concept, proposal.candidate, proposal.standing
    decisions = standing.decisions if standing else ()
    return Row(
        number,
        concept.iri,
        concept.label,
        _named(concept, view.addresses.settings.base),
        view.of(concept.iri) or (concept.iri if concept.iri.startswith(("http:", "https:")) else None),
        candidate.score if candidate else None,
        candidate.matched if candidate else (),
        candidate.label if candidate and candidate.label != concept.label else "",
        candidate.clause if candidate and candidate.clause != text else "",
        proposal.definition,
        tuple(_said(each, view, author) for each in decisions),
        standing.verdict if standing else None,
        said_of(proposal.mine, view.language) if proposal.mine else None,
    )


def _said(mapping: Mapping, view: View, author: str, about: str = "") -> Said:
    verdict = "" if mapping.object == NO_MATCH else said_of(mapping, view.language)
    return Said(name_of(mapping.author), verdict, mapping.author == author, mapping.date.isoformat(), mapping.comment, about)


def _named(concept: Concept, base: str) -> str:
    """The vocabulary of a concept, and which part of ROME it is of: some of its parts use the same labels."""
    part = concept.iri.removeprefix(f"{base}vocabulary/{concept.scheme}/")
    return f"{concept.scheme.upper()} {part.partition('/')[0]}" if part != concept.iri else concept.scheme.upper()


def _scheme(standing: Standing) -> str:
    return str(standing.object_source or "").rpartition("/")[2].upper()
