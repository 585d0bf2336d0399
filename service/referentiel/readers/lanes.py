"""Which questions are quick: learnt from what questions of the same shape have cost, so that none waits behind a dear one."""

from __future__ import annotations

import re
from collections import OrderedDict
from enum import Enum
from typing import Final

_CONSTANT: Final = re.compile(
    r"""<[^<>"{}|^`\\\s]*+> | "(?:[^"\\]++|\\.)*+"? | '(?:[^'\\]++|\\.)*+'?
      | (?<![\w-])[A-Za-z][\w-]*+:[\w.%:-]++ | \#[^\n]*+ | [?$]\w++""",
    re.VERBOSE | re.DOTALL,
)
"""Possessive throughout: whatever is sent, each character is looked at a few times at most."""
_REMEMBERED: Final = 4096
_BEST: Final = 8
_PENALTY: Final = 4


class Class(Enum):
    """What is expected of a question."""

    QUICK = "quick"
    UNKNOWN = "unknown"
    DEAR = "dear"


def shape(query: str) -> int:
    """A query without constants, names and comments, as a hash: look-ups of two resources have one. Numbers stay, for LIMIT."""
    return hash(_CONSTANT.sub("", query))


class Shapes:
    """What the shapes asked lately have cost. A quick answer counts one, one that took too long four against."""

    def __init__(self) -> None:
        self._scores: OrderedDict[int, int] = OrderedDict()

    def expect(self, shape: int) -> Class:
        """What a question of this shape is expected to be."""
        score = self._scores.get(shape, 0)
        return Class.QUICK if score > 0 else Class.DEAR if score < 0 else Class.UNKNOWN

    def learn(self, shape: int, *, quick: bool) -> None:
        """Take note of what a question of this shape was."""
        score = self._scores.pop(shape, 0)
        self._scores[shape] = min(_BEST, score + 1) if quick else max(-_BEST, score - _PENALTY)
        if len(self._scores) > _REMEMBERED:
            self._scores.popitem(last=False)
