"""A proposal of a machine, which decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from referentiel.linking.concepts import Concept


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that a text may be about.

    `score`: 0 to 1, comparable between candidates of one text only. `label`: the label of the concept that fitted best.
    `matched`: the words of the text that speak for it, as they stand in it. `clause`: the part of the text that was compared.
    `parts`: the score of each scorer, by its name.
    """

    concept: Concept
    score: float
    label: str
    matched: tuple[str, ...] = ()
    clause: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
