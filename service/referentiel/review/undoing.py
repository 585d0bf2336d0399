"""Which decision a reviewer takes back: the last one made at a desk that still stands, told by the history of the set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.gate import Unfit
from referentiel.history import History, Revision
from referentiel.linking.mapping import Mapping
from referentiel.linking.mapping_graph import mappings_of
from referentiel.store import Engine, Statements
from referentiel.validation import Bilingual
from referentiel.vocabulary import PAV

DECIDES: Final = "relecture : "
"""What the reason of a revision begins with that a desk made."""
UNDOES: Final = f"{DECIDES}annule la révision "

_UNDONE: Final = re.compile(rf"{UNDOES}(\d+)")
_AT_ONCE: Final = 50
_FURTHEST: Final = 1000
"""Revisions of a set that are looked at."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """What a revision did to the decisions of one person on one subject: `before` and `after` it."""

    revision: int
    subject: URIRef
    before: tuple[Mapping, ...]
    after: tuple[Mapping, ...]


def last(engine: Engine, history: History, name: URIRef, who: str, author: str) -> Undoable | None:
    """The author's last decision in a set that was made under an identity and not taken back. None where there is none.

    Raises Unfit where a later one was changed by other ways than theirs: an older one is not taken back in its stead.
    """
    undone: set[int] = set()
    overtaken: Revision | None = None
    for revision in at_desks(history, name, _FURTHEST):
        if revision.who != who:
            continue
        if taken := _UNDONE.fullmatch(revision.why or ""):
            undone.add(int(taken[1]))
        elif revision.number not in undone and (found := _of(engine, history, name, revision, author)):
            if isinstance(found, Undoable) and overtaken:
                raise _overtaken(overtaken)
            if isinstance(found, Undoable):
                return found
            overtaken = overtaken or found
    return None


def at_desks(history: History, name: URIRef, furthest: int | None = None) -> Iterator[Revision]:
    """The revisions of a set that desks made, the latest first. `furthest`: revisions of any kind that are looked at."""
    numbers = history.numbers(name)[::-1][:furthest]
    for first in range(0, len(numbers), _AT_ONCE):
        for revision in history.listed(numbers[first : first + _AT_ONCE]):
            if (revision.why or "").startswith(DECIDES):
                yield revision


def _of(engine: Engine, history: History, name: URIRef, revision: Revision, author: str) -> Undoable | Revision | None:
    """What a revision did, if it was the author's; the revision itself when not all of that still stands."""
    change = next(change for change in history.changes(revision.number).graphs if change.name == name)
    added, removed = _of_records(name, change.added), _of_records(name, change.removed)
    touched = tuple({line.partition(" ")[0] + " " for line in added | removed})
    now = frozenset(line for line in engine.statements(name) if line.startswith(touched)) if touched else frozenset()
    if not added <= now or removed & now:
        theirs = any(line.endswith(f" <{PAV.authoredBy}> <{author}> .") for line in now | added | removed)
        return revision if theirs else None
    before, after = mappings_of(name, now - added | removed), mappings_of(name, now)
    if not (before or after) or {mapping.author for mapping in (*before, *after)} != {author}:
        return None
    return Undoable(revision.number, (*before, *after)[0].subject, before, after)


def _overtaken(revision: Revision) -> Unfit:
    return Unfit(
        Bilingual(
            f"Attendu : votre dernière décision telle que vous l'avez prise (révision {revision.number}) ; trouvé : elle a été"
            " changée depuis par quelqu'un d'autre ou par un fichier. Rien n'est annulé : décidez à nouveau de ce lien.",
            f"Expected: your last decision as you made it (revision {revision.number}); found: somebody else or a file has"
            " changed it since. Nothing is undone: decide on that link anew.",
        )
    )


def _of_records(name: URIRef, lines: Statements) -> Statements:
    return frozenset(line for line in lines if line.startswith(f"<{name}/"))
