"""What may be asked of the gate. A proposal says what it would change, given the state that it meets once it is its turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import URIRef

from referentiel.history import Kind
from referentiel.store import Changes, Engine, Name, Statements
from referentiel.store.deposit import Document


@dataclass(frozen=True, slots=True)
class Replace:
    """Put statements in the place of what a graph holds. `document`: what they were read from, where they were read from one."""

    name: Name
    statements: Statements
    document: Document | None = None
    kind: Kind = Kind.REPLACE


@dataclass(frozen=True, slots=True)
class Merge:
    """Add statements to a graph."""

    name: Name
    statements: Statements


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw a certification, which leaves a notice, or empty another graph. `replaced_by`: what takes its place."""

    name: Name
    replaced_by: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """Make what a graph held after a revision its state again."""

    name: URIRef
    version: int


@dataclass(frozen=True, slots=True)
class Alter:
    """Whatever a function finds to change, worked out while no other write can come between. It may raise any Refusal.

    `name`: the graph that it is about, where it is about one.
    """

    work_out: Callable[[Engine], Changes]
    kind: Kind = Kind.PATCH
    name: Name = None


Proposal: TypeAlias = Replace | Merge | Withdraw | Restore | Alter
