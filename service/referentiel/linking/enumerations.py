"""Enumerations told apart: the verb is said again before each of its objects, the object after each of its verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from referentiel.linking.verbs import is_infinitive

_OF: Final = r"(?:de la |de l'|des |du |de |d')"
_DETERMINER: Final = rf"(?:l'|les |le |la |une |un |son |sa |ses |leurs |leur |au |aux |à la |à l'|à |{_OF})"
_VERB: Final = re.compile(
    r"((?:ne pas )?(?:se |s')?)([\w-]+)"
    r"(?: (?:en (?:œuvre|oeuvre|place|service|forme|état)|à jour|au point)\b|(?<=faire) \w+(?:er|ir)\b)?",
    re.IGNORECASE,
)
_MANNER: Final = re.compile(r"(?:à|au|aux|avec|dans|en|par|pour|sous|sur) ", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"(?:les |le |la |l'|en |y )(?=([\w-]+))", re.IGNORECASE)
_JOINT: Final = re.compile(
    rf"(?:\s*,\s*(?:(?:et/ou|et|ou|ainsi que) )?|\s+(?:et/ou|et|ou|ainsi que)\s+)(?={_DETERMINER})", re.IGNORECASE
)
_ALONE: Final = frozenset(("le", "la", "les", "un", "une", "du", "des"))
"""What `le ou les pays` leaves of itself."""
_SHARED: Final = re.compile(r"(?:avec|entre|par|sur) ", re.IGNORECASE)
"""Prepositions that are said once for all items."""
_COMPLEMENT: Final = re.compile(rf"\s{_OF}", re.IGNORECASE)
_BARE_NOUN: Final = re.compile(rf"{_DETERMINER}[\w-]+$", re.IGNORECASE)


def distribute(phrases: Sequence[str], them: str = "") -> list[str]:
    """Verbs with their objects, each pair by itself. `them`: what a pronoun stands for that comes before any object.

    `["identifier", "analyser les risques et les besoins"]` gives `identifier les risques`, `identifier les besoins`, `analyser …`;
    a pronoun stands for the object before it (`les analyser`). A phrase without infinitive is kept, its enumeration told apart.
    """
    pairs: list[tuple[str, str]] = []
    for phrase in phrases:
        pronoun = _PRONOUN.match(phrase)
        if pronoun and is_infinitive(pronoun[1]):
            verb, thing = verb_and_object(phrase[pronoun.end() :])
            if not thing or _MANNER.match(thing):
                thing = f"{next((before for _, before in reversed(pairs) if before), them)} {thing}".strip()
        else:
            verb, thing = verb_and_object(phrase)
        pairs.append((verb, thing))
    borrowed = ""
    for at, (verb, thing) in reversed(list(enumerate(pairs))):
        borrowed = thing or borrowed
        pairs[at] = verb, borrowed
    return [f"{verb} {each}".strip() for verb, thing in pairs for each in _things(thing)]


def verb_and_object(phrase: str) -> tuple[str, str]:
    """The infinitive that a phrase begins with, and the rest. Without one, all is the object."""
    verb = _VERB.match(phrase)
    if not verb or not is_infinitive(verb[2]):
        return "", phrase
    return verb[0], phrase[verb.end() :].strip(" ,")


def _things(enumeration: str) -> Iterator[str]:
    """The items of an enumeration, each whole.

    A noun alone gets the complement of the last one (`le suivi et l'évaluation des actions`), a complement alone the noun before it
    (`la gestion des stocks et des commandes`).
    """
    items = [item for each in _JOINT.split(enumeration) if (item := each.strip()).lower() not in _ALONE] or [""]
    last = _COMPLEMENT.search(items[-1])
    shared = _SHARED.match(items[0])
    if shared:
        items[1:] = [item if _MANNER.match(item) else shared[0] + item for item in items[1:]]
    noun = ""
    for item in items:
        inner = _COMPLEMENT.search(item)
        if noun and re.match(_OF, item, re.IGNORECASE):
            yield f"{noun} {item}"
            continue
        noun = item[: inner.start()] if inner else noun
        yield item + items[-1][last.start() :] if last and not inner and _BARE_NOUN.match(item) else item
