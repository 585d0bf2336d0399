"""A dictionary of stems, French to English, learned from the concepts that have labels in both languages.

IBM model 1 (Brown et al., 1993): each English word of a label comes from one of the French words of the other label; which one most
likely, all pairs of labels tell together, by expectation-maximisation. No word order, no outside data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

ROUNDS: Final = 8
MOST: Final = 6
"""Translations of one stem."""
LEAST: Final = 0.05
"""The probability of the least likely one."""

Dictionary = dict[str, list[tuple[str, float]]]
"""French stem -> English stems, each with its probability, the most likely first."""


def learn(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Dictionary:
    """The translations that pairs of labels show, each label given as its stems."""
    french: dict[str, int] = {}
    english: dict[str, int] = {}
    cells = [
        (number, french.setdefault(one, len(french)), english.setdefault(other, len(english)))
        for number, (ones, others) in enumerate(pairs)
        for one in ones
        for other in others
    ]
    if not cells:
        return {}
    pair, source, target = np.asarray(cells, np.int64).T
    known, couple = np.unique(source * len(english) + target, return_inverse=True)
    sources, targets = known // len(english), known % len(english)
    _, seat = np.unique(pair * len(english) + target, return_inverse=True)
    likely = _likelihoods(couple, seat, sources)
    return _best(likely, sources, targets, list(french), list(english))


def _likelihoods(couple: NDArray[np.int64], seat: NDArray[np.int64], sources: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each couple of stems how likely the French one is said by the English one.

    For each place where both occur: `couple` is their number, `seat` that of the English word in its label. `sources`: of couples.
    """
    likely = np.ones(len(sources))
    for _ in range(ROUNDS):
        parts = likely[couple]
        parts /= np.bincount(seat, parts)[seat]
        counts = np.bincount(couple, parts)
        likely = counts / np.bincount(sources, counts)[sources]
    return likely


def _best(
    likely: NDArray[np.float64], sources: NDArray[np.int64], targets: NDArray[np.int64], french: list[str], english: list[str]
) -> Dictionary:
    found: Dictionary = {}
    for couple in np.lexsort((targets, -likely)):
        if likely[couple] < LEAST:
            break
        translations = found.setdefault(french[sources[couple]], [])
        if len(translations) < MOST:
            translations.append((english[targets[couple]], float(likely[couple])))
    return found
