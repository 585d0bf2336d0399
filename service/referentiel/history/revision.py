"""The record of one accepted write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rdflib import URIRef

from referentiel.store import Name


class Kind(Enum):
    """What a write was asked to do."""

    INSTALL = "install"
    """What the project ships was put in."""
    REPLACE = "replace"
    MERGE = "merge"
    PATCH = "patch"
    UPDATE = "update"
    """A SPARQL update."""
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    LOAD = "load"
    """An operator's bulk load."""
    SHAPES = "shapes"
    """New rules were turned on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One accepted write: the `number`-th of the store, from 1.

    `at`: when, in UTC. `who`: name of the identity. `why`: in its words. `graphs`: what changed. `added`, `removed`: how many
    statements. `shapes`: version of the rules in force. `digest`: SHA-256 of its patch, in hexadecimal. `key`, `request`: the
    sender's idempotency key, and the SHA-256 of what was sent under it.
    """

    number: int
    iri: URIRef
    at: datetime
    who: str
    kind: Kind
    graphs: tuple[Name, ...]
    added: int
    removed: int
    shapes: str
    digest: str
    why: str | None = None
    key: str | None = None
    request: str | None = None
