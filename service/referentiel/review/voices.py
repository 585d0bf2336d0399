"""Whose a decision is. An ORCID is a claim, which any token may make: what the history says of who decided counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rdflib import URIRef

from referentiel.access import LOCAL, Identity
from referentiel.gate import Unfit
from referentiel.history import History
from referentiel.linking.mapping import Mapping
from referentiel.review.deciding import opening
from referentiel.review.undoing import UNDOES, at_desks
from referentiel.store.changes import subject_of
from referentiel.validation import Bilingual


def require_own(history: History, name: URIRef, unit: URIRef, identity: Identity, replaced: Sequence[Mapping]) -> None:
    """Raise Unfit when an identity would replace a decision in a set that another identity was the last to make at a desk."""
    for each, who in _makers(history, name, unit, replaced):
        if who != identity.name:
            raise Unfit(
                Bilingual(
                    f"Attendu : une décision nouvelle, ou l'une des vôtres ; trouvé : celle que « {who} » a signée {each.author}."
                    " Signez autrement, ou demandez à qui l'a prise de l'annuler.",
                    f"Expected: a new decision, or one of yours; found: the one that “{who}” has signed {each.author}."
                    " Sign otherwise, or ask who made it to undo it.",
                )
            )


def require_one_voice(
    history: History, name: URIRef, unit: URIRef, identity: Identity, made: Sequence[Mapping], held: Iterable[Mapping]
) -> None:
    """Raise Unfit when an identity has spoken of a pair under another signature: nobody confirms or contradicts themselves.

    The command line has no token to tell people apart by: who sits there is believed.
    """
    if identity == LOCAL:
        return
    said = {(*each.pair, each.object_source): each.author for each in made}
    others = [each for each in held if said.get((*each.pair, each.object_source), each.author) != each.author]
    for each, who in _makers(history, name, unit, others):
        if who == identity.name:
            raise Unfit(
                Bilingual(
                    f"Attendu : une voix par jeton ; trouvé : le vôtre a déjà décidé de ce lien, signé {each.author}."
                    " Annulez cette décision sous cette signature, ou laissez une autre personne décider.",
                    f"Expected: one voice for each token; found: yours has decided on this link before, signed {each.author}."
                    " Undo that decision under that signature, or let somebody else decide.",
                )
            )


def _makers(history: History, name: URIRef, unit: URIRef, mappings: Sequence[Mapping]) -> Iterable[tuple[Mapping, str]]:
    """Decisions on one subject with who was the last to make, or bring back, each at a desk; those from elsewhere are left out."""
    left = {f"{name}/{each.code}": each for each in mappings}
    if not left:
        return
    start = opening(mappings[0].subject, unit)
    for revision in at_desks(history, name):
        if not (revision.why or "").startswith((start, UNDOES)):
            continue
        change = next(change for change in history.changes(revision.number).graphs if change.name == name)
        for record in left.keys() & {subject_of(line) for line in change.added | change.removed}:
            yield left.pop(record), revision.who
        if not left:
            return
