"""N-Quads, line by line: cheap enough to write millions."""

from __future__ import annotations

from rdflib import URIRef

from referentiel.vocabulary import INVERSES, RDF

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def iri(value: str) -> str:
    """An IRI as N-Quads write it."""
    return f"<{value}>"


def text(value: str, language: str | None = None) -> str:
    """A literal as N-Quads write it: a string, or text in a language."""
    quoted = f'"{value.translate(_ESCAPES)}"'
    return f"{quoted}@{language}" if language else quoted


def typed(value: str, datatype: URIRef) -> str:
    """A literal with a datatype as N-Quads write it."""
    return f'"{value}"^^<{datatype}>'


class NamedGraph:
    """The lines of one named graph. The caller never states a triple twice."""

    def __init__(self, name: str) -> None:
        self._end = f" <{name}> .\n"
        self.lines: list[str] = []

    def add(self, subject: str, *stated: tuple[URIRef, str]) -> None:
        """State properties of a subject; values as `iri`, `text` and `typed` write them."""
        self.lines.extend(f"<{subject}> <{prop}> {value}{self._end}" for prop, value in stated)

    def thing(self, subject: str, cls: URIRef, *stated: tuple[URIRef, str]) -> None:
        """State the class of a subject, and properties."""
        self.add(subject, (RDF.type, iri(cls)), *stated)

    def link(self, subject: str, prop: URIRef, target: str) -> None:
        """A link of the ontology, in both directions."""
        self.add(subject, (prop, iri(target)))
        self.add(target, (INVERSES[prop], iri(subject)))
