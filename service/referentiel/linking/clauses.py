"""A competency, often a sentence of forty words, cut into parts that are searched apart: each says one thing to do or to know.

The grammar of these sentences is narrow: infinitives with their objects, then how, what for and in what setting. What marks these
parts is looked for, not a whole syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from referentiel.linking.enumerations import distribute, verb_and_object
from referentiel.linking.marks import Role, marks
from referentiel.linking.verbs import infinitive, is_infinitive
from referentiel.linking.wording import is_boilerplate, precision

MAX_TEXT: Final = 4_000
"""Characters of a text that are read: some times the longest competency."""

MAX_CLAUSES: Final = 8
MAX_HEADS: Final = 5
"""So many parts may be of the head of the sentence, as long as others wait."""

WEIGHTS: Final = {Role.HEAD: 1.0, Role.MANNER: 0.8, Role.PURPOSE: 0.7, Role.EXAMPLE: 0.65, Role.CONTEXT: 0.6}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text, to be searched by itself. `weight`: 0 to 1, how far what fits it can be trusted to fit the whole text."""

    text: str
    weight: float


_APOSTROPHES: Final = str.maketrans("’ʼ‘", "'''")
_CODE: Final = re.compile(r"^\W*+(?:[A-Z]{1,3}\d+(?:[.\-]\w+)*+|\d+(?:\.\d+)*+)?[\s:.)–-]*+(?=\w)|\s[A-Z]\d+(?:\.?[A-Z]\d+)*+\W*+$")
_PREAMBLE: Final = re.compile(
    r"^(?:(?:l[ea] |l')?(?:candidate?|titulaire|apprenante?|stagiaire|professionnel(?:le)?) )?"
    r"(?:doit |sait |peut |(?:est |[êe]tre )?(?:capable|en mesure|en capacité) (?:de |d')|savoir (?=\w+r\b)|pouvoir |capacité à "
    r"|il s'agit (?:de |d'))+",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(
    r"[.;:!?•·▪\n]++\s+|;|[.,]?\s*+[-–]\s*+(?=[A-ZÀ-Ý][a-zà-ÿ])|[.,]-\s|\.$|(?<=[a-zà-ÿ)])[.,:…]?(?=[A-ZÀ-Ý][a-zà-ÿ]{3})"
)
_CAPITAL: Final = re.compile(r"\s(?=([A-ZÀ-Ý][a-zà-ÿ]{3,})\s)")
_ENDINGS: Final = re.compile(r"(?<=\w)\((?:e|s|es|x|ne|le|te|rice|trice|euse|ère)\)")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_FILLING: Final = re.compile(r",? ?\b(?:le cas échéant|si (?:besoin|nécessaire)|au besoin|etc\b\.?)", re.IGNORECASE)
_INSERTION: Final = re.compile(
    r"^([\w-]+), (?:à|auprès|aux?|avec|dans|en|par|pour|selon|sous|sur|tout) [^,]*+, (?=(?:les?|la|une?|des|son|sa|ses|leurs?) |l')"
)
_PARTICIPLE: Final = re.compile(r"^(?:s'|se )?(\w+ant)\b", re.IGNORECASE)
_EDGES: Final = " ,;:/'\"«»–-.…()[]"
_JOINTS: Final = (" et/ou", " et", " ou", " puis", " ainsi que", " ainsi", " tout", " voire", " ce", " que")


def cut(text: str) -> list[str]:
    """The text and its parts, those that say the most first: at most MAX_CLAUSES."""
    return [clause.text for clause in clauses(text)]


def clauses(text: str) -> list[Clause]:
    """The text, with weight 1, then its parts: at most MAX_CLAUSES in all, none twice; none of an empty text."""
    whole = " ".join(text[:MAX_TEXT].split())
    if not whole:
        return []
    plain = _ENDINGS.sub("", _CODE.sub("", text[:MAX_TEXT].translate(_APOSTROPHES)))
    parts = [part for sentence in _sentences(_BRACKETS.sub(" ", plain)) for part in _parts(sentence)]
    parts += [(Role.EXAMPLE, part) for found in _BRACKETS.finditer(plain) for part in _examples(found[1] or found[2] or "")]
    found = {whole.translate(_APOSTROPHES).casefold().rstrip(_EDGES): Clause(whole, 1.0)}
    for role, part in _ordered(parts):
        if len(found) < MAX_CLAUSES and part.casefold() not in found:
            found[part.casefold()] = Clause(part, round(WEIGHTS[role] * precision(part), 3))
    return list(found.values())


def _ordered(parts: Sequence[tuple[Role, str]]) -> list[tuple[Role, str]]:
    """The heads first, then the others by role. Beside heads that have an infinitive, one that has none is worth an example."""
    verbal = any(role is Role.HEAD and _is_verbal(part) for role, part in parts)
    named = [(Role.EXAMPLE if role is Role.HEAD and verbal and not _is_verbal(part) else role, part) for role, part in parts]
    heads = [each for each in named if each[0] is Role.HEAD]
    others = sorted((each for each in named if each[0] is not Role.HEAD), key=lambda each: each[0])
    return [*heads[:MAX_HEADS], *others, *heads[MAX_HEADS:]]


def _is_verbal(part: str) -> bool:
    return bool(verb_and_object(part)[0])


def _sentences(text: str) -> Iterator[str]:
    """Cut at full stops and bullets, and where an infinitive with a capital shows that a line break was lost."""
    for sentence in _BREAK.split(text):
        start = 0
        for capital in _CAPITAL.finditer(sentence):
            if is_infinitive(capital[1]):
                yield sentence[start : capital.start()]
                start = capital.end()
        yield sentence[start:]


def _parts(sentence: str) -> Iterator[tuple[Role, str]]:
    """The parts of one sentence that say something, with what they are in it."""
    sentence = " ".join(_FILLING.sub("", sentence).split())
    sentence = _INSERTION.sub(r"\1 ", _PREAMBLE.sub("", _CODE.sub("", sentence)))
    things = ""
    for role, group in groupby(_segments(sentence), key=lambda segment: segment[0]):
        texts = [text for _, text in group]
        if role in (Role.HEAD, Role.PURPOSE):
            texts = distribute(texts, things)
        if role is Role.HEAD:
            things = verb_and_object(texts[-1])[1]
        for text in texts:
            part = _as_infinitive(text) if role is Role.MANNER else text
            if not is_infinitive(part) and not (role in (Role.PURPOSE, Role.CONTEXT) and is_boilerplate(part)):
                yield role, part


def _segments(sentence: str) -> Iterator[tuple[Role, str]]:
    """The sentence cut at each mark, in its order. What stands before the first mark is its head."""
    role = main = Role.HEAD
    start, aim = 0, False
    for mark in marks(sentence):
        if part := _trimmed(sentence[start : mark.start]):
            yield role, part
        if mark.role is None:
            goes_on = mark.of or is_infinitive(part)
            main = role = main if goes_on else Role.PURPOSE if aim else Role.HEAD
        else:
            role = mark.role
            main = Role.PURPOSE if role is Role.PURPOSE else main
            aim = mark.aim and mark.start > 0
        start = mark.end
    if part := _trimmed(sentence[start:]):
        yield role, part


def _examples(text: str) -> list[str]:
    """What stands in brackets: one by one where each says something by itself, else as a whole."""
    items = [item for part in re.split(r"[,;/]|\bet\b|\bou\b", text) if (item := _trimmed(part))]
    return items if all(" " in item for item in items) else [" ".join(items)]


def _as_infinitive(manner: str) -> str:
    """`collectant des données` as `collecter des données`."""
    participle = _PARTICIPLE.match(manner)
    return infinitive(participle[1]) + manner[participle.end() :] if participle else manner


def _trimmed(part: str) -> str:
    """Without the joints and signs at its edges."""
    part = part.strip(_EDGES)
    while part.endswith(_JOINTS):
        part = part[: part.rindex(" ")].rstrip(_EDGES)
    return part
