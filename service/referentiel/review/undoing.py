"""Which decision a reviewer takes back: the last one made at a desk that still stands, told by the history of the set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.history import History, Revision
from referentiel.linking.mapping import Mapping
from referentiel.linking.mapping_graph import mappings_of
from referentiel.store import Engine, Statements

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
    """The author's last decision in a set that was made under an identity and not taken back. None where there is none."""
    undone: set[int] = set()
    numbers = history.numbers(name)[: -_FURTHEST - 1 : -1]
    for first in range(0, len(numbers), _AT_ONCE):
        for revision in history.listed(numbers[first : first + _AT_ONCE]):
            reason = revision.why or ""
            if revision.who != who or not reason.startswith(DECIDES):
                continue
            if taken := _UNDONE.fullmatch(reason):
                undone.add(int(taken[1]))
            elif revision.number not in undone and (found := _of(engine, history, name, revision, author)):
                return found
    return None


def _of(engine: Engine, history: History, name: URIRef, revision: Revision, author: str) -> Undoable | None:
    """What a revision did, if all of it still stands and it was the author's."""
    change = next(change for change in history.changes(revision.number).graphs if change.name == name)
    added, removed = _of_records(name, change.added), _of_records(name, change.removed)
    touched = tuple({line.partition(" ")[0] + " " for line in added | removed})
    now = frozenset(line for line in engine.statements(name) if line.startswith(touched)) if touched else frozenset()
    if not added <= now or removed & now:
        return None
    before, after = mappings_of(name, now - added | removed), mappings_of(name, now)
    if not (before or after) or {mapping.author for mapping in (*before, *after)} != {author}:
        return None
    return Undoable(revision.number, (*before, *after)[0].subject, before, after)


def _of_records(name: URIRef, lines: Statements) -> Statements:
    return frozenset(line for line in lines if line.startswith(f"<{name}/"))
