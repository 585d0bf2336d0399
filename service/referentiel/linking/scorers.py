"""Ways to say how well a text and the labels of each concept fit, behind one small interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from referentiel.linking.analysis import Query, grams
from referentiel.linking.index import Index
from referentiel.linking.pooled import Pooled, Terms
from referentiel.linking.postings import Floats, Postings


class Scorer(Protocol):
    """One way to compare. `name`: as in `Candidate.parts` and in the benchmark.

    A score says how well the label of a concept fits that fits best: 0 for not at all, 1 for saying just the same.
    """

    name: str

    def of_all(self, query: Query) -> Floats:
        """The score of each concept of the index."""
        ...

    def of_some(self, queries: Sequence[Query], concepts: NDArray[np.int64]) -> Floats:
        """For each query the score of some concepts, by number."""
        ...


Scoring = Callable[[Index], Scorer]
"""Makes a scorer for the concepts of an index."""


class _ByTerms:
    """What compares by terms that text and label share."""

    _pooled: Pooled

    def terms(self, query: Query) -> Terms:
        """What is looked for."""
        raise NotImplementedError

    def of_all(self, query: Query) -> Floats:
        """As Scorer has it."""
        return self._pooled.of_all(self.terms(query))

    def of_some(self, queries: Sequence[Query], concepts: NDArray[np.int64]) -> Floats:
        """As Scorer has it."""
        return self._pooled.of_some([self.terms(query) for query in queries], concepts)


class Bm25(_ByTerms):
    """Okapi BM25 over stems, as a part of the most that a label could get: that all of the text stood in no room at all."""

    name = "bm25"
    SATURATION: Final = 1.2
    LENGTH: Final = 0.75

    def __init__(self, index: Index) -> None:
        self._stems = stems = index.stems
        self._rarity = np.log(1 + (stems.size - stems.frequencies + 0.5) / (stems.frequencies + 0.5)).astype(np.float32)
        lengths = stems.sums(stems.weights)
        room = 1 - self.LENGTH + self.LENGTH * lengths / (lengths.mean() or 1)
        gain = (self.SATURATION + 1) / (1 + self.SATURATION * room)
        self._pooled = Pooled(stems.weighed(stems.each(self._rarity) * gain[stems.labels]), index.starts)

    def terms(self, query: Query) -> Terms:
        """The stems of the text."""
        terms, weights = self._stems.numbers(query.stems)
        most = (self.SATURATION + 1) * float(weights @ self._rarity[terms])
        return terms, weights / (most or 1)


class LikeWords(_ByTerms):
    """The angle between text and label, where a word of the text also counts, less, for words written like it.

    Two words are alike as the angle between their runs of characters is small, rare runs weighing more.
    """

    name = "like words"
    LEAST: Final = 0.3
    """Words less alike than this have nothing to do with each other."""
    REMEMBERED: Final = 1 << 14

    def __init__(self, index: Index) -> None:
        self._rarity = rarity(index.words)
        self._pooled = Pooled(index.words.weighed(index.words.each(self._rarity)).normalised(), index.starts)
        self._gram_rarity = _gram_rarity(index)
        self._grams = index.grams.weighed(index.grams.weights * index.grams.each(self._gram_rarity)).normalised()
        self._alike: dict[str, Terms] = {}

    def alike(self, word: str) -> Terms:
        """The words of the labels that are written like a folded word, by number, and how much they are; the likest first."""
        known = self._alike.get(word)
        if known is None:
            terms, weights = self._grams.numbers(Counter(grams([word])))
            weights = weights * self._gram_rarity[terms]
            likeness = self._grams.scores(terms, weights / (np.linalg.norm(weights) or 1))
            found = np.nonzero(likeness >= self.LEAST)[0]
            found = found[np.argsort(-likeness[found], kind="stable")]
            known = found, np.minimum(likeness[found], 1)
            if len(self._alike) < self.REMEMBERED:
                self._alike[word] = known
        return known

    def terms(self, query: Query) -> Terms:
        """The words of the labels that are like those of the text."""
        return _together([(*self.alike(word), weight) for word, weight in query.words.items()], self._rarity)


class Translated(_ByTerms):
    """The angle between the text, put into English word by word, and an English label, which may say what French ones don't."""

    name = "translated"
    BORROWED: Final = 0.7
    """What a label counts that its vocabulary has not in English: it was put so word by word, as the text is, and fits too well."""

    def __init__(self, index: Index) -> None:
        self._rarity = rarity(index.english)
        labels = index.english.weighed(index.english.each(self._rarity)).normalised()
        counts = np.diff(index.english_starts, append=index.english.size)
        credit = np.repeat([1.0 if concept.english else self.BORROWED for concept in index.concepts], counts)
        self._pooled = Pooled(labels.weighed(labels.weights * credit[labels.labels]), index.english_starts)
        self._translations = index.translations

    def terms(self, query: Query) -> Terms:
        """The English stems that may say those of the text."""
        return _together([(*self._translations.at(stem), weight) for stem, weight in query.stems.items()], self._rarity)


def rarity(postings: Postings) -> Floats:
    """For each term how much it tells a label from others: the fewer hold it, the more."""
    return (np.log((1 + postings.size) / (1 + postings.frequencies)) + 1).astype(np.float32)


def _together(words: Sequence[tuple[NDArray[Any], Floats, float]], rarity: Floats) -> Terms:
    """Terms that stand for the words of a text: for each word those like it, the nearest first, how much they are, and its weight.

    A term that several words stand for counts for the nearest. The length is that of a text of the nearest terms themselves.
    """
    said = [word for word in words if len(word[0])]
    if not said:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    terms = np.concatenate([found for found, _, _ in said])
    own = np.asarray([weight for _, _, weight in said], np.float32)
    counts = np.asarray([len(found) for found, _, _ in said])
    weights = np.concatenate([likeness for _, likeness, _ in said]) * np.repeat(own, counts)
    length = np.linalg.norm(rarity[terms[np.cumsum(counts) - counts]] * own)
    order = np.argsort(weights, kind="stable")
    total = np.zeros(len(rarity), np.float32)
    total[terms[order]] = weights[order]  # the last one stays, which is the nearest
    found = np.unique(terms)
    return found, total[found] * rarity[found] / (length or 1)


def _gram_rarity(index: Index) -> Floats:
    """For each run of characters how rare the labels are with words that hold it."""
    owners = np.repeat(np.arange(len(index.grams.terms)), index.grams.frequencies)
    labels = np.bincount(owners, index.words.frequencies[index.grams.labels], len(index.grams.terms))
    return (np.log((1 + index.words.size) / (1 + np.minimum(labels, index.words.size))) + 1).astype(np.float32)
