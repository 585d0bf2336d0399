"""The concepts of the vocabularies that a store holds, as a decision names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.gate import Space
from referentiel.linking.curies import is_iri
from referentiel.store import Engine
from referentiel.vocabulary import DCT, OWL, SKOS

_LANGUAGES: Final = ("fr", "en", "")
_LABELS: Final = (
    f"SELECT ?concept ?scheme ?label (LANG(?label) AS ?language) {{ GRAPH ?scheme {{ ?concept <{SKOS.prefLabel}> ?label }} }}"
)
_VERSION: Final = f"SELECT ?scheme ?version {{ GRAPH ?scheme {{ ?scheme <{OWL.versionInfo}> ?version }} }} ORDER BY ?version"


@dataclass(frozen=True, slots=True)
class Known:
    """A concept of a vocabulary of the store. `scheme`: also the name of its graph; `version`: of the vocabulary."""

    iri: URIRef
    label: str
    scheme: URIRef
    version: str


class Concepts:
    """The concepts of one store."""

    def __init__(self, engine: Engine, space: Space) -> None:
        self._engine = engine
        self._above = f"{space.base}vocabulary/"

    def schemes(self) -> tuple[str, ...]:
        """The codes of the vocabularies held that competencies and occupations are linked to."""
        return tuple(name.removeprefix(self._above) for name in map(str, self._engine.graph_names()) if name in self._linked())

    def scheme(self, code: str) -> URIRef:
        """The concept scheme of a code."""
        return URIRef(self._above + code)

    def version(self, scheme: URIRef) -> str:
        """The version of a vocabulary; empty where none is said."""
        rows = self._engine.query(_VERSION, bindings={"scheme": scheme}).rows()
        return next((version for _, version in rows if version), "")

    def known(self, iri: URIRef) -> Known | None:
        """What a store holds of a concept; None when no vocabulary has it."""
        if not is_iri(iri):
            return None
        rows = self._engine.query(_LABELS, bindings={"concept": iri}).rows()
        held = [(language or "", label or "", scheme or "") for _, scheme, label, language in rows]
        held = sorted((row for row in held if row[2] in self._linked()), key=_preference)
        if not held:
            return None
        _, label, scheme = held[0]
        return Known(iri, label, URIRef(scheme), self.version(URIRef(scheme)))

    def definitions(self, iris: Iterable[str]) -> dict[str, str]:
        """The definitions of concepts, in French where there is one."""
        named = " ".join(f"<{iri}>" for iri in sorted(set(iris)) if is_iri(iri))
        rows = self._engine.query(
            f"SELECT ?concept ?text (LANG(?text) AS ?language) {{ VALUES ?concept {{ {named} }}"
            f" ?concept <{SKOS.definition}>|<{DCT.description}> ?text }}"
        ).rows()
        found: dict[str, str] = {}
        for language, text, iri in sorted(((row[2] or "", row[1] or "", row[0] or "") for row in rows), key=_preference):
            del language
            found.setdefault(iri, text)
        return found

    def _linked(self) -> Collection[str]:
        return {self._above + "esco", self._above + "rome"}


def _preference(row: tuple[str, str, str]) -> tuple[int, str]:
    language, text, _ = row
    return (_LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES), text)
