"""How the IRI of a record is minted: readable, guessable, cuttable, independent of labels."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from referentiel.vocabulary import DEFAULT_BASE


@dataclass(frozen=True, slots=True)
class Minter:
    """IRIs of one certification below `base`, which ends with a slash.

    >>> Minter("RNCP1").competency("C5")
    rdflib.term.URIRef('https://w3id.org/referentiel/id/certification/RNCP1/competency/C5')
    """

    certification_id: str
    base: str = DEFAULT_BASE

    @property
    def certification(self) -> URIRef:
        """The certification; also the name of its graph."""
        return URIRef(f"{self.base}certification/{self.certification_id}")

    @property
    def source(self) -> URIRef:
        """The document that the référentiel was read from."""
        return self._below("source")

    def framework(self, kind: str) -> URIRef:
        """One of the three référentiels: `activity`, `competency` or `assessment`."""
        return self._below("framework", kind)

    def block(self, code: str) -> URIRef:
        """A skill block."""
        return self._below("block", code)

    def activity(self, block: str, code: str) -> URIRef:
        """An activity: below its block, since activity codes restart in each."""
        return self._below("block", block, "activity", code)

    def task(self, block: str, activity: str, code: str) -> URIRef:
        """A task: below its activity."""
        return self._below("block", block, "activity", activity, "task", code)

    def competency(self, code: str) -> URIRef:
        """A competency."""
        return self._below("competency", code)

    def criterion(self, competency: str, code: str) -> URIRef:
        """An assessment criterion: below its competency."""
        return self._below("competency", competency, "criterion", code)

    def assessment(self, code: str) -> URIRef:
        """An assessment: below the certification, since blocks share it."""
        return self._below("assessment", code)

    def evidence(self, competency: str, property_name: str, target: str) -> URIRef:
        """The evidence for a link between a competency and something else."""
        return self._below("competency", competency, "evidence", f"{property_name}-{target}")

    @staticmethod
    def excerpt(element: URIRef, position: int) -> URIRef:
        """The passage of the source at `position` (from 1) that an element was read from."""
        return URIRef(f"{element}/excerpt/{position}")

    def _below(self, *segments: str) -> URIRef:
        return URIRef("/".join((self.certification, *segments)))
