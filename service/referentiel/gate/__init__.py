"""The gate: every write is judged by the rules before it is made, and recorded with it."""

from referentiel.gate.gate import ANYTHING, NOTHING, Expected, Gate
from referentiel.gate.names import Space
from referentiel.gate.outcome import (
    Accepted,
    KeyReused,
    NotAllowed,
    Protected,
    Refusal,
    RulesBroken,
    Stale,
    Unfit,
    Unknown,
    Withdrawn,
)
from referentiel.gate.proposals import Alter, Merge, Proposal, Replace, Restore, Withdraw

__all__ = [
    "ANYTHING",
    "NOTHING",
    "Accepted",
    "Alter",
    "Expected",
    "Gate",
    "KeyReused",
    "Merge",
    "NotAllowed",
    "Proposal",
    "Protected",
    "Refusal",
    "Replace",
    "Restore",
    "RulesBroken",
    "Space",
    "Stale",
    "Unfit",
    "Unknown",
    "Withdraw",
    "Withdrawn",
]
