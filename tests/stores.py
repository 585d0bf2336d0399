"""Stores to test with: filled through the gate, the rules being applied in this process."""

from __future__ import annotations

from referentiel.gate import Gate, installation
from referentiel.history import History
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.validation.here import apply_rules
from referentiel.vocabulary import DEFAULT_BASE


def gate_of(engine: Engine, base: str = DEFAULT_BASE) -> Gate:
    """A gate before a store."""
    return Gate(engine, Settings(base=base), History(engine, base), apply_rules)


def install(engine: Engine, base: str = DEFAULT_BASE) -> Gate:
    """Put in what the project ships; the gate that let it in."""
    gate = gate_of(engine, base)
    installation.install(gate)
    return gate
