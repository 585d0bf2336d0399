"""A gate with all that it needs: the history of its store, and a process of its own that applies the rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from referentiel.gate.gate import Gate
from referentiel.gate.installation import install
from referentiel.history import History
from referentiel.settings import Settings
from referentiel.store import Engine
from referentiel.validation import Validators


@contextmanager
def opened(engine: Engine, settings: Settings) -> Iterator[Gate]:
    """A gate for as long as it is needed, with what the project ships already in the store.

    The vocabularies must be there before anything is judged. Raises what Gate.submit raises, and DamagedHistory.
    """
    validators = Validators(1, settings.writing.seconds, settings.writing.memory)
    try:
        history = History(engine, settings.base)
        history.check_end()
        gate = Gate(engine, settings, history, validators.validate)
        install(gate)
        yield gate
    finally:
        validators.close()
