"""An inverted file in arrays: which labels hold a term, and how much it weighs there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PARTS: Final = ("terms", "starts", "labels", "weights", "size")
"""The arrays that a saved file is made of."""


@dataclass(frozen=True)
class Postings:
    """Term number `t` stands in the labels `labels[starts[t]:starts[t + 1]]`, where it weighs `weights[...]`.

    `size`: how many labels there are.
    """

    terms: Mapping[str, int]
    starts: NDArray[np.int64]
    labels: NDArray[np.int32]
    weights: Floats
    size: int

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> Postings:
        """The terms of each label; a term weighs as often as it occurs."""
        terms: dict[str, int] = {}
        numbers: list[int] = []
        lengths: list[int] = []
        for text in texts:
            numbers.extend([terms.setdefault(term, len(terms)) for term in text])
            lengths.append(len(text))
        size = len(lengths)
        pairs = np.asarray(numbers, np.int64) * size + np.repeat(np.arange(size), lengths)
        pairs, counts = np.unique(pairs, return_counts=True)
        starts = np.searchsorted(pairs, np.arange(len(terms) + 1) * size)
        return cls(terms, starts, (pairs % max(size, 1)).astype(np.int32), counts.astype(np.float32), size)

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """For each term the number of labels that hold it."""
        return np.diff(self.starts)

    def each(self, by_term: NDArray[Any]) -> Floats:
        """A number for each term, repeated for each of its occurrences."""
        return np.repeat(by_term, self.frequencies).astype(np.float32)

    def sums(self, by_occurrence: NDArray[Any]) -> Floats:
        """For each label the sum of a number for each occurrence."""
        return np.bincount(self.labels, by_occurrence, self.size).astype(np.float32)

    def weighed(self, weights: NDArray[Any]) -> Postings:
        """The same file with other weights."""
        return replace(self, weights=weights.astype(np.float32))

    def normalised(self) -> Postings:
        """The same file with weights whose squares add up to one in each label."""
        norms = np.sqrt(self.sums(self.weights * self.weights))
        return self.weighed(self.weights / norms[self.labels])

    def scores(self, terms: NDArray[Any], weights: NDArray[Any]) -> Floats:
        """For each label the sum, over some terms by number, of their weight there times the one given here."""
        if not len(terms):
            return np.zeros(self.size, np.float32)
        cells, counts = runs(self.starts[terms], self.starts[terms + 1])
        factors = np.repeat(weights, counts)
        return np.bincount(self.labels[cells], self.weights[cells] * factors, self.size).astype(np.float32)

    def at(self, term: str) -> tuple[NDArray[np.int32], Floats]:
        """The labels that hold a term, and its weights there."""
        number = self.terms.get(term)
        span = slice(0, 0) if number is None else slice(self.starts[number], self.starts[number + 1])
        return self.labels[span], self.weights[span]

    def numbers(self, query: Mapping[str, float]) -> tuple[NDArray[np.int64], Floats]:
        """The terms of a query that stand here, by number, and their weights."""
        known = {self.terms[term]: weight for term, weight in query.items() if term in self.terms}
        return np.fromiter(known, np.int64, len(known)), np.fromiter(known.values(), np.float32, len(known))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What PARTS names, to be saved."""
        names = np.frombuffer("\n".join(self.terms).encode(), np.uint8)
        return dict(zip(PARTS, (names, self.starts, self.labels, self.weights, np.asarray(self.size)), strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Postings:
        """What `arrays` gave, under names that begin with `prefix`. Raises KeyError, ValueError."""
        names, starts, labels, weights, size = (arrays[prefix + part] for part in PARTS)
        terms = names.tobytes().decode().split("\n") if len(names) else []
        if len(starts) != len(terms) + 1 or not len(labels) == len(weights) == starts[-1]:
            raise ValueError(f"{prefix}: {len(terms)} terms, {len(starts)} starts, {len(labels)} labels, {len(weights)} weights")
        return cls({term: number for number, term in enumerate(terms)}, starts, labels, weights, int(size))


def runs(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All numbers from each start to before its end, one run after the other; and the lengths of the runs."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum()), lengths
