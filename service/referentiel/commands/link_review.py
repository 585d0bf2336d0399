"""The review of links in a terminal: one subject at a time, its candidates with their reasons, one key for each verdict."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import click
from rdflib import URIRef

from referentiel.access import Identity
from referentiel.commands.keyboard import END, Keyboard
from referentiel.gate import Refusal as Refused
from referentiel.linking.faults import printable
from referentiel.linking.mapping import NO_MATCH, Mapping
from referentiel.linking.standing import Standing, Verdict
from referentiel.review import Desk, Item, NothingToUndo, Proposal, UnknownConcept
from referentiel.vocabulary import SKOS

_VERDICTS: Final = {
    "e": (SKOS.exactMatch, False),
    "c": (SKOS.closeMatch, False),
    "b": (SKOS.broadMatch, False),
    "n": (SKOS.narrowMatch, False),
    "r": (SKOS.relatedMatch, False),
    "x": (SKOS.exactMatch, True),
}
"""Key -> what it says of the chosen candidate: predicate, and whether it is denied."""
_WORDS: Final = {
    (SKOS.exactMatch, False): "exact",
    (SKOS.closeMatch, False): "proche",
    (SKOS.broadMatch, False): "plus large",
    (SKOS.narrowMatch, False): "plus étroit",
    (SKOS.relatedMatch, False): "associé",
    (SKOS.exactMatch, True): "refusé",
}
_HELP: Final = (
    "Le candidat est :  e exact   c proche   b plus large   n plus étroit   r associé   x à refuser\n"
    "1 à 9, + et - choisissent   0 rien ne convient   / cherche   u annule   s ou Entrée suivant   p précédent   q quitte"
)
_FORWARD: Final = frozenset({"s", "\r", "\n", " ", "\x1b[C"})
"""The last one is what a terminal sends for the arrow to the right."""
_CANDIDATES: Final = 10
_LONGEST: Final = 200
"""Characters of a search."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, in which mapping set. `author`: the IRI that signs."""

    identity: Identity
    author: str
    code: str


class Session:
    """One sitting. What is decided is kept at once: to stop loses nothing."""

    def __init__(self, desk: Desk, reviewer: Reviewer, items: Sequence[Item], *, again: bool) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._subjects = [item.subject for item in items]
        self._answered = {item.subject.iri for item in items if item.answered}
        self._waiting = [number for number, item in enumerate(items) if again or not item.answered]
        self._place = 0
        self._proposals: tuple[Proposal, ...] = ()
        self._chosen = 0
        self._searched = ""
        self._keyboard = Keyboard()

    def run(self) -> None:
        """Show and listen until there is nothing left, or who decides has enough. Raises NoConcepts, StoreError."""
        with self._keyboard.listening():
            while self._place < len(self._waiting):
                item = self._noted(self._subjects[self._waiting[self._place]].iri)
                self._propose(item)
                if not self._decide_on(item):
                    break
        click.echo(f"{len(self._answered)} sur {len(self._subjects)} décidées dans l'ensemble « {self._reviewer.code} ».")

    def _propose(self, item: Item) -> None:
        """Find what may be chosen for a subject: what was searched, or what the machine proposes."""
        if self._searched:
            self._proposals = self._desk.search(self._searched, item, _CANDIDATES)
        else:
            self._proposals = self._desk.proposals(item, _CANDIDATES)
        self._chosen = min(self._chosen, max(len(self._proposals) - 1, 0))

    def _decide_on(self, item: Item) -> bool:
        """Do what the keys say of one subject until it is left; whether to go on."""
        click.echo(self._screen(item))
        while True:
            key = self._keyboard.key()
            if key in {"q", END}:
                return False
            if key in _FORWARD or key == "p":
                self._place = max(self._place + (-1 if key == "p" else 1), 0)
                self._chosen, self._searched = 0, ""
                return True
            told = self._obey(key, item)
            click.echo(told)
            item = self._noted(item.subject.iri)
            self._propose(item)
            if key in {"/", "u"}:
                click.echo(self._screen(item))

    def _noted(self, subject: URIRef) -> Item:
        """A subject as it is now, counted as answered or not."""
        item = self._desk.item(subject, self._reviewer.code, self._reviewer.author)
        if item.answered:
            self._answered.add(subject)
        else:
            self._answered.discard(subject)
        return item

    def _obey(self, key: str, item: Item) -> str:
        """Do what a key says; what is told of it."""
        try:
            if key in _VERDICTS:
                return self._decide(item, *_VERDICTS[key])
            if key == "0":
                self._desk.no_match(
                    self._reviewer.code, item.subject.iri, identity=self._reviewer.identity, author=self._reviewer.author
                )
                return "  noté : sans correspondance"
            if key == "u":
                taken = self._desk.undo(self._reviewer.code, identity=self._reviewer.identity, author=self._reviewer.author)
                self._noted(taken[0].subject)
                return f"  annulé : {', '.join(map(_told, taken))}"
        except NothingToUndo:
            return "  rien à annuler"
        except UnknownConcept:
            return "  ce concept n'est plus dans le vocabulaire"
        except Refused as error:
            from referentiel.web.refusals import problem_of

            return f"  refusé : {problem_of(error).detail.fr}"
        if key == "/":
            self._searched = self._keyboard.line("Chercher (rien : les candidats) : ")[:_LONGEST]
            self._chosen = 0
            return ""
        return self._choose(key) or _HELP

    def _decide(self, item: Item, predicate: URIRef, negated: bool) -> str:
        if not self._proposals:
            return "  rien n'est proposé : / cherche"
        proposal = self._proposals[self._chosen]
        mapping = self._desk.decide(
            self._reviewer.code,
            item.subject.iri,
            predicate,
            URIRef(proposal.concept.iri),
            identity=self._reviewer.identity,
            author=self._reviewer.author,
            negated=negated,
            score=proposal.candidate.score if proposal.candidate else None,
        )
        if negated:
            self._chosen = min(self._chosen + 1, len(self._proposals) - 1)
        return f"  noté : {_told(mapping)}"

    def _choose(self, key: str) -> str:
        """Choose another candidate; what is told of it, nothing for a key that says nothing."""
        wanted = {"+": self._chosen + 1, "-": self._chosen - 1}.get(key, int(key) - 1 if key.isdecimal() else -1)
        if key not in {"+", "-"} and not key.isdecimal():
            return ""
        self._chosen = min(max(wanted, 0), max(len(self._proposals) - 1, 0))
        return (
            f"  → {self._chosen + 1} {printable(self._proposals[self._chosen].concept.label)}"
            if self._proposals
            else "  rien n'est proposé"
        )

    def _screen(self, item: Item) -> str:
        """A subject, what was said of it, and its candidates."""
        width = min(shutil.get_terminal_size().columns, 110)
        subject = item.subject
        head = f"[{len(self._answered)} / {len(self._subjects)}] {subject.notation or subject.certification}"
        lines = [
            "",
            f"{head}   {subject.block}".rstrip(),
            *textwrap.wrap(subject.label, width, initial_indent="  ", subsequent_indent="  "),
        ]
        lines += [f"  déjà dit : {_standing(each)}" for each in item.standings]
        if self._searched:
            lines.append(f"  recherche : {self._searched}")
        for number, proposal in enumerate(self._proposals):
            lines.append(_candidate(number, proposal, chosen=number == self._chosen))
        return "\n".join([*map(printable, lines), *([] if self._proposals else ["  rien n'est proposé"]), _HELP])


def _candidate(number: int, proposal: Proposal, *, chosen: bool) -> str:
    """A line for a candidate: its vocabulary, label and score, the words that speak for it, and what was said of it."""
    reasons = proposal.candidate
    score = f"{reasons.score:.2f}" if reasons else "    "
    matched = f"   ({', '.join(reasons.matched)})" if reasons and reasons.matched else ""
    other = f" ≈ {reasons.label}" if reasons and reasons.label != proposal.concept.label else ""
    mine = f"   [{_word(proposal.mine)}]" if proposal.mine else ""
    start = f"{'>' if chosen else ' '}{number + 1:>2} {score} {proposal.concept.scheme:<4}"
    return f"{start} {proposal.concept.label}{other}{matched}{mine}"


def _standing(standing: Standing) -> str:
    said = " ; ".join(f"{each.author.rpartition('/')[2]} : {_word(each)}" for each in standing.decisions)
    about = f"{standing.object_source}".rpartition("/")[2] if standing.object == NO_MATCH else f"« {standing.label} »"
    return f"{about} — {said}{' (désaccord)' if standing.verdict is Verdict.DISPUTED else ''}"


def _word(mapping: Mapping) -> str:
    if mapping.object == NO_MATCH:
        return "sans correspondance"
    return _WORDS.get(mapping.verdict, f"non {_WORDS[mapping.predicate, False]}")


def _told(mapping: Mapping) -> str:
    return f"« {printable(mapping.object_label)} » {_word(mapping)}" if mapping.object_label else _word(mapping)
