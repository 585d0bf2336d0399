"""Finds the concepts that a French text may be about: each part of it is compared with all labels, in several ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from referentiel.linking import cache as kept
from referentiel.linking.analysis import Expand, Query
from referentiel.linking.candidate import Candidate
from referentiel.linking.clauses import Clause, clauses
from referentiel.linking.concepts import Concept, Kind
from referentiel.linking.index import Index, dictionary_of, digest
from referentiel.linking.scorers import Bm25, LikeWords, Scoring, Translated
from referentiel.linking.shelf import Shelf

SCORERS: Final[tuple[Scoring, ...]] = (LikeWords, Bm25, Translated)

FORMAT: Final = "2"
"""Counts the changes of what is kept, and of the analysis that made it: an index of another format is made anew."""

Cut = Callable[[str], Sequence[Clause]]
"""A text -> its parts that are searched apart, the whole text first."""


class NoConcepts(ValueError):
    """There is no concept to be found."""


def whole(text: str) -> list[Clause]:
    """A text as its only part."""
    return [Clause(text, 1.0)]


class Finder:
    """Finds concepts of vocabularies. Made once, then asked by any number of threads.

    `cache`: folder that keeps the index. `expand`: as `Thesaurus.expand`. `cut`: parts of a text; `whole` for none but itself.
    """

    def __init__(
        self,
        concepts: Iterable[Concept],
        *,
        cache: Path | None = None,
        expand: Expand | None = None,
        cut: Cut = clauses,
        scorers: Sequence[Scoring] = SCORERS,
    ) -> None:
        """Raises NoConcepts."""
        self._expand = expand
        self._cut = cut
        concepts = list(concepts)
        self._concepts = {concept.iri: concept for concept in concepts}
        self._shelves = {kind: Shelf(index, scorers) for kind, index in indices(concepts, cache).items()}

    def concept(self, iri: str) -> Concept | None:
        """A concept that may be found, by its IRI."""
        return self._concepts.get(iri)

    def candidates(self, text: str, k: int = 10, kind: Kind = Kind.SKILL, schemes: Sequence[str] | None = None) -> list[Candidate]:
        """The best concepts for a text, at most `k`, the best first; those of some vocabularies only, if they are named."""
        parts = [(clause, Query.of(clause.text, self._expand)) for clause in self._cut(text)]
        return self._shelves[kind].best(text, parts, k, schemes) if parts and kind in self._shelves else []

    def search(self, text: str, k: int = 20, kind: Kind | None = None) -> list[Candidate]:
        """The concepts whose labels fit some words best, as they stand: no parts, no thesaurus."""
        shelves = [shelf for of, shelf in self._shelves.items() if kind in (None, of)]
        parts = [(clause, Query.of(text)) for clause in whole(text)]
        found = [candidate for shelf in shelves for candidate in shelf.best(text, parts, k)]
        return sorted(found, key=lambda candidate: -candidate.score)[:k]


def indices(concepts: Sequence[Concept], cache: Path | None = None) -> dict[Kind, Index]:
    """The index of each kind of concepts: those kept in a folder when they are theirs, else made and kept there.

    Raises NoConcepts.
    """
    groups = {kind: group for kind in Kind if (group := [concept for concept in concepts if concept.kind is kind])}
    if not groups:
        raise NoConcepts
    keys = {kind: f"{kind}-{FORMAT}-{digest(concepts)[:32]}" for kind in groups}
    if cache is not None:
        found = {
            kind: kept.load(cache, keys[kind], lambda arrays, group=group: Index.from_arrays(group, arrays))  # type: ignore[misc]
            for kind, group in groups.items()
        }
        if all(found.values()):
            return {kind: index for kind, index in found.items() if index is not None}
    dictionary = dictionary_of(concepts)
    made = {kind: Index.of(group, dictionary) for kind, group in groups.items()}
    if cache is not None:
        for kind, index in made.items():
            kept.save(cache, keys[kind], index.arrays())
    return made
