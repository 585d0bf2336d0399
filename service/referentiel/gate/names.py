"""Which graphs there are, who keeps them, and to which certification an address belongs."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef

from referentiel.model import CODE
from referentiel.store import Name
from referentiel.vocabulary import ROOT


@dataclass(frozen=True, slots=True)
class Space:
    """The addresses below a base, which ends with a slash."""

    base: str

    @property
    def certifications(self) -> str:
        """What the addresses of certifications begin with."""
        return f"{self.base}certification/"

    def certification(self, code: str) -> URIRef:
        """The certification of an identifier; also the name of its graph."""
        return URIRef(f"{self.certifications}{code}")

    def code(self, name: Name) -> str | None:
        """The identifier of the certification that a graph is named after; None for any other graph."""
        if name is None or not name.startswith(self.certifications):
            return None
        code = str(name)[len(self.certifications) :]
        return code if CODE.fullmatch(code) else None

    def unit(self, iri: str) -> str:
        """The certification that an address is, or lies below; any other address stands for itself."""
        if not iri.startswith(self.certifications):
            return iri
        start = len(self.certifications)
        end = iri.find("/", start)
        return iri if end < 0 else iri[:end]

    def is_certification(self, unit: str) -> bool:
        """Whether a unit is a certification."""
        return unit.startswith(self.certifications)

    def protects(self, name: Name) -> bool:
        """Whether a graph is kept by the service itself: vocabularies, rules, catalogue, provenance, history."""
        if name is None:
            return False
        return self.reserves(name) or (name.startswith(self.certifications) and self.code(name) is None)

    def reserves(self, iri: str) -> bool:
        """Whether an address belongs to the service: nobody else may say anything of it."""
        text = str(iri)
        if text.startswith(self.base):
            return text.startswith(tuple(f"{self.base}{word}" for word in _OWN))
        return text.startswith(ROOT)


_OWN = ("catalog", "provenance", "history", "revision/", "agent/", "dataset/", "service/")
