"""Why a query can't be parsed, in words: the engine lists every character that it would have taken.

Its parser tells the furthest place that it looked at. A keyword is compared with as many letters as it has, so that one which does
not fit shows that place after the word, where the query itself may go on; what is quoted is missed at the place itself.
"""

from __future__ import annotations

import re
from typing import Final

from referentiel.store.inspection import TOKEN
from referentiel.vocabulary import PREFIXES, TEXT_INDEX
from referentiel.web.texts import Text

_ERROR: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED: Final = re.compile(
    r"""\s*(?: (?P<sign>"(?:[^"\\]|\\.)*") | (?P<more>\[_\]) | (?P<class>\[.*?\](?=,\ |$)) | (?P<words>[^,]+) )""", re.VERBOSE
)
_LONGEST_KEYWORD: Final = len("LANGMATCHES")
_SHOWN: Final = 60
_MOST: Final = 12
_FAULTS: Final = {
    "IRI parsing failed": Text("cet IRI est mal formé", "this IRI is malformed"),
    "prefix IRI parsing failed": Text("l'IRI d'un préfixe est mal formé", "the IRI of a prefix is malformed"),
    "language tag parsing failed": Text("cette étiquette de langue est mal formée", "this language tag is malformed"),
    "BIND is overriding an existing variable": Text(
        "BIND donne une valeur à une variable qui en a déjà une", "BIND is overriding an existing variable"
    ),
    "Duplicated variable name in SELECT": Text("SELECT nomme deux fois la même variable", "SELECT names a variable twice"),
    "SELECT * is not authorized with GROUP BY": Text("SELECT * ne va pas avec GROUP BY", "SELECT * does not go with GROUP BY"),
    "The SELECT contains a variable that is unbound": Text(
        "SELECT nomme une variable qui n'est ni groupée ni agrégée",
        "SELECT names a variable that is neither grouped nor aggregated",
    ),
    "The SELECT contains an expression with a variable that is unbound": Text(
        "une expression de SELECT emploie une variable qui n'est ni groupée ni agrégée",
        "an expression of SELECT uses a variable that is neither grouped nor aggregated",
    ),
    "The SELECT overrides an existing variable using an expression": Text(
        "SELECT donne une valeur à une variable qui en a déjà une", "SELECT gives a value to a variable that has one already"
    ),
}


def explained(query: str, message: str) -> Text | None:
    """What the engine's message about a query means; None when it is no message of its parser."""
    error = _ERROR.fullmatch(message)
    if error is None:
        return None
    lines = query.split("\n")
    line, column = int(error[1]), int(error[2])
    place = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    if prefix := _undeclared(query, place):
        return _at(query, prefix.start(), _declare(prefix["word"] or ""))
    found: dict[str, list[str]] = {"sign": [], "more": [], "class": [], "words": []}
    for expected in _EXPECTED.finditer(error[3]):
        found[expected.lastgroup or "words"].append(expected[0].strip())
    faults = [words for words in found["words"] if " " in words]
    if faults:
        return _at(query, place, _FAULTS.get(faults[0], Text(faults[0], faults[0])))
    if place > len(query) or str(TEXT_INDEX) in query:  # what the engine read is not what was sent
        return Text("la question n'est pas comprise", "the query is not understood")
    if found["sign"] or found["class"]:
        return _at(query, place, _missed(query[place:], [sign for sign in found["sign"] if not sign.startswith('"\\')]))
    if found["more"] or not found["words"]:
        return _unfinished(query, place)
    shortest = min(map(len, found["words"]))
    place = max(0, place - shortest)
    return _at(query, place, _missed(query[place:], [word for word in found["words"] if len(word) == shortest]))


def _at(query: str, place: int, fault: Text) -> Text:
    before = query[:place]
    line, column = before.count("\n") + 1, place - before.rfind("\n")
    return Text(f"ligne {line}, colonne {column} : {fault.fr}", f"line {line}, column {column}: {fault.en}")


def _undeclared(query: str, end: int) -> re.Match[str] | None:
    """The first prefixed name before a place whose prefix is not declared."""
    declared = {"_"}  # blank nodes
    last = ""
    for token in TOKEN.finditer(query):
        if token.end() > end:
            return None
        if token["local"] is not None:
            prefix = token["word"] or ""
            if last == "prefix":
                declared.add(prefix)
            elif prefix not in declared:
                return token
        if not (token[0].isspace() or token[0].startswith("#")):
            last = token[0].lower()
    return None


def _declare(prefix: str) -> Text:
    declaration = f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
    return Text(
        f"le préfixe « {prefix}: » n'est pas déclaré ; ajouter {declaration}",
        f"the prefix “{prefix}:” is not declared; add {declaration}",
    )


def _missed(rest: str, expected: list[str]) -> Text:
    """What stands where something else is expected."""
    word = _first(rest)
    if not expected:
        return _not_understood(word) if word else Text("la question s'arrête trop tôt", "the query ends too early")
    listed = ", ".join(expected[:_MOST]) + (", …" if len(expected) > _MOST else "")
    if not word:
        return Text(f"la question s'arrête ici ; attendu {listed}", f"the query ends here; expected {listed}")
    return Text(f"trouvé « {word} » ; attendu {listed}", f"found “{word}”; expected {listed}")


def _unfinished(query: str, place: int) -> Text:
    """The engine came to the end looking for a keyword: what it did not understand is no longer than one, before that."""
    ended = query[:place].rstrip()
    starts = [token.start() for token in TOKEN.finditer(ended) if not token[0].isspace() and token.end() > place - _LONGEST_KEYWORD]
    if not starts:
        return _at(query, place, Text("la question s'arrête trop tôt", "the query ends too early"))
    return _at(query, starts[0], _not_understood(ended[starts[0] :]))


def _not_understood(words: str) -> Text:
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    return Text(f"« {shown} » n'est pas compris ici", f"“{shown}” is not understood here")


def _first(rest: str) -> str:
    """The first token of a text, shortened; nothing where it is empty."""
    token = TOKEN.match(rest.lstrip())
    return "" if token is None else token[0] if len(token[0]) <= _SHOWN else f"{token[0][:_SHOWN]}…"
