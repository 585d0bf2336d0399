"""Which words of a text speak for which proposal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, with the numbers of the proposals that it speaks for."""

    text: str
    numbers: tuple[int, ...] = ()


def pieces(text: str, matched: Mapping[int, Iterable[str]]) -> list[Piece]:
    """The whole text, cut where marks begin and end. `matched`: words as they stand in the text, by the number of a proposal."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, found in matched.items():
        for word in filter(None, dict.fromkeys(found)):
            numbers[word].append(number)
    if not numbers:
        return [Piece(text)]
    longest_first = sorted(numbers, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return list(_cut(text, pattern, numbers))


def _cut(text: str, pattern: re.Pattern[str], numbers: Mapping[str, list[int]]) -> Iterator[Piece]:
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()])
        yield Piece(match[0], tuple(numbers[match[0]]))
        end = match.end()
    if end < len(text):
        yield Piece(text[end:])
