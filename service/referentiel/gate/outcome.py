"""How a write ends: accepted, or refused for one of these reasons. Nothing that is refused has written anything."""

from __future__ import annotations

from dataclasses import dataclass

from referentiel.access import Operation
from referentiel.history import Revision
from referentiel.store import Changes, Name
from referentiel.validation import Bilingual, Report


@dataclass(frozen=True, slots=True)
class Accepted:
    """A write that is kept for good.

    `revision`: its record; None when there was nothing to change. `report`: what the rules say of the state after it, warnings
    and infos included; None when no rule was concerned. `replayed`: the same request was accepted before, and is not done twice.
    `before`: the version that the graph of the proposal had, None where there was nothing.
    """

    revision: Revision | None
    changes: Changes
    report: Report | None = None
    replayed: bool = False
    before: int | None = None


class Refusal(Exception):
    """Root of the reasons for which the gate stays shut."""


@dataclass(eq=False)
class RulesBroken(Refusal):
    """The state after the write would break a rule. `report` says which, where, and how to mend it."""

    report: Report


@dataclass(eq=False)
class Unfit(Refusal):
    """What is sent has no place in the graph that it is sent to. `found`: the first statements at fault, as they stand."""

    reason: Bilingual
    found: tuple[str, ...] = ()


@dataclass(eq=False)
class Protected(Refusal):
    """The graph is kept by the service itself."""

    name: Name


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The identity may not do that to this graph."""

    operation: Operation
    name: Name


@dataclass(eq=False)
class Stale(Refusal):
    """The state is not the one that the sender has seen. `version`: the present one, None when there is nothing."""

    version: int | None


@dataclass(eq=False)
class Unknown(Refusal):
    """There is nothing of that name, or no such version of it."""

    name: Name


@dataclass(eq=False)
class Withdrawn(Refusal):
    """The certification was withdrawn: only a restoration or a replacement brings it back."""

    name: Name


@dataclass(eq=False)
class KeyReused(Refusal):
    """The idempotency key was used before for another request."""

    revision: Revision
