"""How well the best label of each concept fits a query: the sums that all comparisons of terms come down to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from referentiel.linking.postings import Floats, Postings, runs

Terms = tuple[NDArray[Any], NDArray[Any]]
"""A query: some terms, by number, and how much each weighs."""


class Pooled:
    """The labels of concepts, each with the weights of its terms. `starts`: for each concept its first label."""

    def __init__(self, postings: Postings, starts: NDArray[np.int64]) -> None:
        self._ends = np.append(starts[1:], postings.size)
        self._starts = starts
        self._layers, self._place, place = _layers(self._ends - starts)
        self._postings = replace(postings, labels=place[postings.labels])
        order = np.argsort(postings.labels, kind="stable")
        self._terms = np.repeat(np.arange(len(postings.terms)), postings.frequencies)[order]
        self._weights = postings.weights[order]
        self._bounds = np.concatenate([[0], np.cumsum(np.bincount(postings.labels, minlength=postings.size))])

    def of_all(self, query: Terms) -> Floats:
        """For each concept the score of its best label."""
        scores = self._postings.scores(*query)
        best = scores[: len(self._starts)]
        for start, end in self._layers:
            part = best[: end - start]
            np.maximum(part, scores[start:end], out=part)
        return best[self._place]

    def of_some(self, queries: Sequence[Terms], concepts: NDArray[np.int64]) -> Floats:
        """For each query and each of some concepts the score of its best label."""
        asked = np.zeros((len(self._postings.terms), len(queries)), np.float32)
        for number, (terms, weights) in enumerate(queries):
            asked[terms, number] = weights
        labels, lengths = runs(self._starts[concepts], self._ends[concepts])
        cells, counts = runs(self._bounds[labels], self._bounds[labels + 1])
        sums = np.zeros((len(cells) + 1, len(queries)))
        np.cumsum(asked[self._terms[cells]] * self._weights[cells, None], axis=0, out=sums[1:])
        ends = np.cumsum(counts)
        by_label = sums[ends] - sums[ends - counts]
        best = np.maximum.reduceat(by_label, np.cumsum(lengths) - lengths, axis=0)
        return best.T.astype(np.float32)


def _layers(sizes: NDArray[np.int64]) -> tuple[list[tuple[int, int]], NDArray[np.int64], NDArray[np.int32]]:
    """An order of labels in which the best ones are found quickly: all first labels, then all second ones, and so on.

    Within each layer the concepts with the most labels come first, so that a layer lies on the beginning of the one before. Gives
    where the layers after the first lie, where each concept stands in a layer, and the place of each label.
    """
    order = np.argsort(-sizes, kind="stable")
    where = np.argsort(order)
    widths = np.count_nonzero(sizes[:, None] > np.arange(sizes.max(initial=1)), axis=0)
    offsets = np.cumsum(widths) - widths
    owners = np.repeat(np.arange(len(sizes)), sizes)
    depth = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    place: NDArray[np.int32] = (offsets[depth] + where[owners]).astype(np.int32)
    return [(int(start), int(start + width)) for start, width in zip(offsets[1:], widths[1:], strict=True)], where, place
