"""A gate for a command: before a store that no server has open, the rules being applied in the command's own process."""

from __future__ import annotations

from referentiel.gate.gate import Gate
from referentiel.history import History
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.store.deposit import install_vocabularies
from referentiel.validation.here import apply_rules


def open_gate(engine: Engine, settings: Settings) -> Gate:
    """The gate, with the vocabularies in place that links lead to. Raises StorageFull, StoreUnavailable, DamagedHistory."""
    history = History(engine, settings.base)
    history.check_end()
    install_vocabularies(engine)
    return Gate(engine, settings, history, apply_rules)
