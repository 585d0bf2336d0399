"""The processes beside the readers that a service needs: they can be killed, and end with it."""

from __future__ import annotations

from referentiel.intake import Intake
from referentiel.readers.updater import Updater
from referentiel.settings import Settings
from referentiel.validation import Validators


class Processes:
    """Those that judge writes, those that judge what anybody sends, one that works updates out, those that read what is sent."""

    def __init__(self, settings: Settings) -> None:
        limits = settings.writing
        self.judges = Validators(1, limits.seconds, limits.memory)
        self.sandbox = Validators(limits.validators, limits.seconds, limits.memory)
        self.updater = Updater(settings)
        self.intake = Intake(limits.seconds, limits.memory)

    def prepare(self) -> None:
        """Start what takes long to start, without waiting for it."""
        for each in (self.judges, self.intake, self.updater, self.sandbox):
            each.prepare()

    def close(self) -> None:
        """End them all."""
        for each in (self.judges, self.sandbox, self.updater, self.intake):
            each.close()
