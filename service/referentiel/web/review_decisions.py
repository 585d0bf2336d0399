"""What a reviewer sends with the form of one subject, as a decision on its way through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.linking.mapping import PREDICATES, Mapping
from referentiel.review import Desk, Item, NothingToUndo, UnknownConcept
from referentiel.store.loading import is_iri
from referentiel.web import problems
from referentiel.web.problems import Problem
from referentiel.web.review_index import NotReady
from referentiel.web.review_rows import POSITIVE, verdicts
from referentiel.web.sessions import Reviewer
from referentiel.web.texts import Text

NONE: Final = "none"
"""Nothing matches; with a colon and the code of a vocabulary, nothing in that one."""
UNDO: Final = "undo"
_EXACT: Final = PREDICATES[0]
_COMMENT: Final = 1000
_CANDIDATES: Final = 10


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was filled in. `concept`: IRI of the concept that was chosen."""

    verdict: str
    concept: str = ""
    comment: str = ""

    @classmethod
    def of(cls, fields: dict[str, str]) -> Sent:
        """The fields of a form, what is too long being cut."""
        comment = " ".join(
            "".join(letter for letter in fields.get("comment", "") if letter.isprintable() or letter.isspace()).split()
        )
        return cls(fields.get("verdict", "")[:50], fields.get("concept", "")[:1000], comment[:_COMMENT])


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that was recorded, or taken back: what there is to say of it, and the subject that it was about.

    `answers`: nothing is left to do for the subject.
    """

    told: Text
    subject: URIRef
    answers: bool = False


def make(desk: Desk, reviewer: Reviewer, item: Item, sent: Sent, schemes: Sequence[str]) -> Done:
    """Record what was sent. Raises Problem, and what Gate.submit raises."""
    certification = item.subject.certification
    author = desk.author(reviewer.identity, reviewer.session.orcid)
    try:
        if sent.verdict == UNDO:
            return _undone(desk.undo(certification, identity=reviewer.identity, author=author))
        nothing, _, scheme = sent.verdict.partition(":")
        if nothing == NONE and scheme in {"", *schemes}:
            which = [scheme] if scheme else list(schemes)
            desk.no_match(
                certification, item.subject.iri, identity=reviewer.identity, author=author, schemes=which, comment=sent.comment
            )
            return _nothing(item, which, answers=set(which) == set(schemes))
        if not sent.verdict:
            raise _unfit(Text("une décision, par l'un des boutons", "a verdict, by one of the buttons"), "")
        known = [*verdicts(item.subject.kind), NONE, UNDO]
        if sent.verdict not in known:
            raise _unfit(Text(" ; ".join(known), "; ".join(known)), sent.verdict)
        if not is_iri(sent.concept):
            raise _unfit(Text("l'un des concepts de la liste", "one of the concepts of the list"), sent.concept)
        return _decided(
            item,
            desk.decide(
                certification,
                item.subject.iri,
                POSITIVE.get(sent.verdict, _EXACT),
                URIRef(sent.concept),
                identity=reviewer.identity,
                author=author,
                negated=sent.verdict == "reject",
                score=_score(desk, item, sent.concept),
                comment=sent.comment,
            ),
            sent.verdict,
        )
    except UnknownConcept as error:
        raise _unfit(Text("un concept des vocabulaires tenus", "a concept of the vocabularies held"), sent.concept) from error
    except NothingToUndo as error:
        nothing_left = Text("Vous n'avez ici aucune décision à annuler.", "You have made no decision here that could be undone.")
        raise Problem(problems.CONFLICT, nothing_left) from error


def _score(desk: Desk, item: Item, concept: str) -> float | None:
    """What the machine gave the pair; it is looked up anew, a form could say anything."""
    try:
        found = desk.proposals(item, _CANDIDATES)
    except NotReady:
        return None
    return next((each.candidate.score for each in found if each.concept.iri == concept and each.candidate), None)


def _decided(item: Item, made: Mapping, verdict: str) -> Done:
    name, about = verdicts(item.subject.kind)[verdict][1], made.object_label or str(made.object)
    where = item.subject.notation
    return Done(
        Text(
            f"Enregistré{where and f' pour {where}'} : {name.fr.lower()}, « {about} ».",
            f"Recorded{where and f' for {where}'}: {name.en.lower()}, “{about}”.",
        ),
        item.subject.iri,
    )


def _nothing(item: Item, schemes: Sequence[str], *, answers: bool) -> Done:
    where, which = item.subject.notation, ", ".join(scheme.upper() for scheme in schemes)
    return Done(
        Text(
            f"Enregistré{where and f' pour {where}'} : rien ne correspond ({which}).",
            f"Recorded{where and f' for {where}'}: nothing matches ({which}).",
        ),
        item.subject.iri,
        answers=answers,
    )


def _undone(taken_back: Sequence[Mapping]) -> Done:
    first = taken_back[0]
    what = first.subject_label or str(first.subject)
    about = f" → « {first.object_label} »" if first.object_label else ""
    english = f" → “{first.object_label}”" if first.object_label else ""
    return Done(Text(f"Annulé : « {what} »{about}.", f"Undone: “{what}”{english}."), first.subject)


def _unfit(expected: Text, found: str) -> Problem:
    return Problem(
        problems.INVALID_PARAMETER,
        Text(f"Attendu : {expected.fr} ; trouvé : « {found[:200]} ».", f"Expected: {expected.en}; found: “{found[:200]}”."),
    )
