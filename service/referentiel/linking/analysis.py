"""A French text as the words and stems that are compared: accents, case, elision, gender and inflexion don't matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

import Stemmer

STOP_WORDS: Final = frozenset(
    """a afin ainsi an au aupres aussi autour autre autres aux avec bien c ca ce ceci cela celle celles celui ces cet cette
    chaque chez ci comme d dans de dehors des dont du elle elles en entre envers est et etc etre eux grace ici il ils l la
    laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m mais meme memes n ne ni non nos notamment notre
    nous on or ou par parmi pas pendant permettant permettre plus plusieurs pour puis qu quand que quel quelle quelles quels
    qui quoi s sa sans se selon ses si soi soit son sont sous suite sur t tel telle telles tels tes tous tout toute toutes
    travers tres un une vers via vis y""".split()
)
"""Folded words that say nothing about what a text is about."""

ENGLISH_STOP_WORDS: Final = frozenset(
    "a an and are as at be by for from in into is its of on or other related s such the their to using with".split()
)

_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "’": "'", "ʼ": "'", "‘": "'", "–": "-", "—": "-"})
_WORD: Final = re.compile(r"[^\W_]+(?:[+#]+(?![^\W_]))?")
_ELIDED: Final = frozenset("l d n s c j m t qu jusqu lorsqu puisqu quoiqu".split())
_GENDER_MARK: Final = re.compile(
    r"""(?<=\w\w)(?:
    \((?:e|s|es|se|rice|trice|euse|i?[eè]re|ne|nne|le|lle|te|ve)\)(?:s|\(s\))?
    |[·.]e(?:[·.]?s)?\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_MARKS: Final = frozenset("(.·")
"""A text without these holds no mark of gender."""
_FEMININE: Final = (
    ("trices", "teur"), ("trice", "teur"), ("euses", "eur"), ("euse", "eur"), ("ieres", "ier"), ("iere", "ier"),
    ("iennes", "ien"), ("ienne", "ien"), ("onnes", "on"), ("onne", "on"), ("cheres", "cher"), ("chere", "cher"),
    ("geres", "ger"), ("gere", "ger"), ("lleres", "ller"), ("llere", "ller"),
)  # fmt: skip
"""Endings of feminine nouns of occupations, folded, and the masculine ones. Both genders end up as one stem, right or not."""


Expand = Callable[[Sequence[str]], Sequence[tuple[str, float]]]
"""Folded words -> words or expressions that may stand for some of them, each with a weight of 0 to 1."""


class Word(NamedTuple):
    """A word of a text that counts. `start`, `end`: where it stands in the text. `folded`: without case, accents, ligatures."""

    folded: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A text to be compared: its folded words and its stems, each with its weight, 1 for what stands in the text itself."""

    text: str
    words: Mapping[str, float]
    stems: Mapping[str, float]

    @classmethod
    def of(cls, text: str, expand: Expand | None = None) -> Query:
        """The words of a text, and with `expand` those that may stand for them."""
        found = words(text)
        by_word, by_stem = {word.folded: 1.0 for word in found}, {word.stem: 1.0 for word in found}
        for expression, weight in expand([word.folded for word in found]) if expand else ():
            for word in _expression(expression):
                by_word[word.folded] = max(by_word.get(word.folded, 0), weight)
                by_stem[word.stem] = max(by_stem.get(word.stem, 0), weight)
        return cls(text, by_word, by_stem)


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """The text in small letters, without accents and ligatures. It may be longer than the text."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)


_APART: Final = {"equipement": "equipement", "communication": "communication", "formation": "formation", "organisme": "organisme"}
"""Words that the stemmer takes for équipe, commun, format, organe, and their stems."""


@lru_cache(maxsize=1 << 17)
def stem(folded: str) -> str:
    """What a folded word shares with its other forms, in number, gender and tense."""
    if len(folded) <= 3 or not folded.isalpha():
        return folded
    if apart := _APART.get(folded.removesuffix("s")):
        return apart
    for feminine, masculine in _FEMININE:
        if folded.endswith(feminine) and len(folded) > len(feminine) + 1:
            folded = folded.removesuffix(feminine) + masculine
            break
    return str(_stemmer("french").stemWord(folded))


def words(text: str) -> list[Word]:
    """The words that count, in their order: no stop words, no elided articles, no marks of gender (`chargé(e)`, `artisan.e`)."""
    if not _MARKS.isdisjoint(text):
        text = _GENDER_MARK.sub(lambda mark: " " * len(mark[0]), text)
    found = []
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        elided = folded in _ELIDED and text[match.end() : match.end() + 1] in ("'", "’", "ʼ", "‘")
        if not elided and (folded not in STOP_WORDS or _is_acronym(match[0])):
            found.append(Word(folded, stem(folded), match.start(), match.end()))
    return found


@lru_cache(maxsize=1 << 14)
def _expression(text: str) -> tuple[Word, ...]:
    """The words of one that comes again and again."""
    return tuple(words(text))


def _is_acronym(word: str) -> bool:
    """`SI`, `C`: capitals that would be a stop word otherwise. One letter alone is an article at the start of a text (`À`, `L`)."""
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=1 << 15)
def label_stems(label: str) -> frozenset[str]:
    """The stems of the words of a French label that count."""
    return frozenset(word.stem for word in words(label))


@lru_cache(maxsize=1 << 17)
def english_stems(label: str) -> tuple[str, ...]:
    """The stems of the words of an English label that count, each once."""
    found = dict.fromkeys(fold(word) for word in _WORD.findall(label))
    return tuple(dict.fromkeys(_stemmer("english").stemWords([word for word in found if word not in ENGLISH_STOP_WORDS])))


def grams(folded_words: Sequence[str], sizes: Sequence[int] = (3, 4)) -> list[str]:
    """Runs of characters within words, the edges of a word marked by a blank."""
    return [
        padded[at : at + size]
        for word in folded_words
        for padded in (f" {word} ",)
        for size in sizes
        for at in range(len(padded) - size + 1)
    ]
