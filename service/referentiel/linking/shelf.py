"""The concepts of one kind, with what compares a text with them: the best ones for a text in parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from referentiel.linking.analysis import Query, Word, english_stems, label_stems, words
from referentiel.linking.candidate import Candidate
from referentiel.linking.clauses import Clause
from referentiel.linking.concepts import Concept
from referentiel.linking.index import Index
from referentiel.linking.postings import Floats
from referentiel.linking.scorers import Scoring

COHERENCE: Final = 0.5
"""What the fit of the whole text counts beside that of a part: it tells which of the things that fit the part is meant."""
VARIETY: Final = 0.96
"""What is left of a score with each better concept that fits the same part: no part fills the list by itself."""
CONTENDERS: Final = 200
"""Concepts whose fit to the parts is looked at: those that fit the whole text best. What fits a part fits the whole, only less."""

LOOKED_AT: Final = 8
"""Times the concepts asked for that may give way to others."""

Part = tuple[Clause, Query]


@dataclass(frozen=True, slots=True)
class Fit:
    """A concept by number, how well it fits, which part of the text best, and what each scorer says of that part."""

    number: int
    score: float
    part: Part
    scores: list[float]


class Shelf:
    """Concepts of one kind. `scorers` have equal votes."""

    def __init__(self, index: Index, scorers: Sequence[Scoring]) -> None:
        self._index = index
        self._scorers = [scoring(index) for scoring in scorers]
        self._schemes = np.asarray([concept.scheme for concept in index.concepts])

    def best(self, text: str, parts: Sequence[Part], k: int, schemes: Sequence[str] | None = None) -> list[Candidate]:
        """The `k` concepts that fit best; those of some vocabularies only, if they are named."""
        said = words(text)
        return [self._candidate(said, text, each) for each in self.ranked(parts, k, schemes)]

    def ranked(self, parts: Sequence[Part], k: int, schemes: Sequence[str] | None = None) -> list[Fit]:
        """The `k` concepts that fit best one of the parts, the first of which is the whole text; each in the light of that."""
        whole = np.stack([scorer.of_all(parts[0][1]) for scorer in self._scorers])
        if schemes is not None:
            whole *= np.isin(self._schemes, schemes)
        contenders = _largest(whole.mean(axis=0), max(k, CONTENDERS))
        scores = [whole[:, contenders]]
        if len(parts) > 1:
            queries = [query for _, query in parts[1:]]
            scores.extend(np.stack([scorer.of_some(queries, contenders) for scorer in self._scorers], axis=1))
        weights = np.asarray([clause.weight for clause, _ in parts], np.float32)
        fits = np.stack(scores).mean(axis=1) * weights[:, None]
        total = fits.max(axis=0)
        if len(parts) > 1:
            total = (total + COHERENCE * fits[0]) / (1 + COHERENCE)
        nearest = fits.argmax(axis=0)
        return [
            Fit(int(contenders[place]), score, parts[nearest[place]], scores[nearest[place]][:, place].tolist())
            for place, score in _varied(total, nearest, k)
        ]

    def _candidate(self, said: Sequence[Word], text: str, fit: Fit) -> Candidate:
        clause, query = fit.part
        concept = self._index.concepts[fit.number]
        label = max(concept.labels, key=lambda each: _shared(each, query))
        matched = [text[word.start : word.end] for word in said if self._speaks_for(word, label, concept)]
        return Candidate(
            concept=concept,
            score=round(min(fit.score, 1.0), 4),
            label=label,
            matched=tuple(dict.fromkeys(matched)),
            clause=clause.text,
            parts={scorer.name: round(each, 4) for scorer, each in zip(self._scorers, fit.scores, strict=True)},
        )

    def _speaks_for(self, word: Word, label: str, concept: Concept) -> bool:
        """Whether a word stands in a label, in any form, or what most likely says it in an English one."""
        if word.stem in label_stems(label):
            return True
        translation = self._index.dictionary.get(word.stem)
        return any(translation in english_stems(other) for other in concept.english) if translation else False


def _varied(total: Floats, nearest: NDArray[np.int64], k: int) -> list[tuple[int, float]]:
    """The places of the best concepts and their scores, after those that fit the same part have given way to others."""
    found = []
    before: Counter[int] = Counter()
    places = _largest(total, LOOKED_AT * k)
    for place, part, score in zip(places.tolist(), nearest[places].tolist(), total[places].tolist(), strict=True):
        found.append((place, score * VARIETY ** before[part]))
        before[part] += 1
    return sorted((each for each in found if each[1] > 0), key=lambda each: -each[1])[:k]


def _largest(values: Floats, k: int) -> NDArray[np.int64]:
    """The places of the `k` largest values and of those equal to the last, the largest first, the first of equals first."""
    places = np.nonzero(values >= np.partition(values, -k)[-k])[0] if k < len(values) else np.arange(len(values))
    return places[np.argsort(-values[places], kind="stable")]


def _shared(label: str, query: Query) -> float:
    """How much of a label stands in a text."""
    stems = label_stems(label)
    return sum(query.stems.get(stem, 0.0) for stem in stems) / (len(stems) or 1)
