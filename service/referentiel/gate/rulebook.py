"""The rules in force: those that the store holds, which may be older than those that the project ships."""

from __future__ import annotations

from hashlib import sha256

from referentiel import resources
from referentiel.store import Engine, Statements
from referentiel.store.changes import predicate_of
from referentiel.store.reading import statements
from referentiel.vocabulary import OWL, SHAPES_GRAPH


class Rulebook:
    """The rules of a store. `version`: their number and a digest. `shapes`: N-Triples; None where they are the shipped ones."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.version = ""
        self.shapes: bytes | None = None
        self.read()

    def read(self) -> None:
        """Read them anew: others were turned on."""
        shipped = statements(resources.shapes())
        held = self._engine.statements(SHAPES_GRAPH) or shipped
        self.version = version_of(held)
        self.shapes = None if held == shipped else "\n".join(sorted(held)).encode()


def version_of(shapes: Statements) -> str:
    """The version of rules: the number that they give themselves, and eight digits of a digest."""
    number = next((line.split('"')[1] for line in shapes if predicate_of(line) == str(OWL.versionInfo)), "0")
    digest = sha256("\n".join(sorted(shapes)).encode()).hexdigest()
    return f"{number}-{digest[:8]}"
