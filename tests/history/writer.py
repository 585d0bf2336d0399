"""Stores with a history, written to as the gate does, but for its judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from referentiel.history import History, Kind, Revision
from referentiel.store import Changes, Engine, GraphChange, Name

BASE: Final = "https://certif.example/id/"


def statement(subject: str, text: str = "x") -> str:
    return f'<{subject}> <https://p.example/> "{text}" .'


def put(name: Name, *statements: str) -> Changes:
    return Changes.of([GraphChange(name, frozenset(statements))])


def take(name: Name, *statements: str) -> Changes:
    return Changes.of([GraphChange(name, frozenset(), frozenset(statements))])


@dataclass
class Writer:
    """A store with its history, both written to in one step."""

    engine: Engine
    base: str = BASE
    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.engine, self.base)

    def write(self, changes: Changes, **told: Any) -> Revision:
        revision, recorded = self.history.write(changes, **{"who": "Zoé", "kind": Kind.REPLACE, "shapes": "1.1.0", **told})
        self.engine.apply(Changes.of([*changes.graphs, *recorded.graphs]))
        return revision
