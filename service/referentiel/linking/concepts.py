"""What may be proposed: the concepts of the job-market vocabularies, with their French labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a concept is: something to be able to do or to know, or an occupation."""

    SKILL = "skill"
    OCCUPATION = "occupation"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a vocabulary. `labels`: in French, the preferred one first. `scheme`: its vocabulary, `esco` or `rome`.

    `english`: its labels in English, the preferred one first, where its vocabulary has them.
    """

    iri: str
    labels: tuple[str, ...]
    kind: Kind
    scheme: str
    english: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The preferred label."""
        return self.labels[0]
