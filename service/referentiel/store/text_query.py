"""Full-text search in SPARQL: `text:query`, the property function of Apache Jena.

https://jena.apache.org/documentation/query/text-query.html describes it. The engine doesn't know it, and is asked with each such
statement replaced by the hits of an index and the pattern that they must match, so that the engine itself sees to it that each is a
triple of the graphs that are asked:

    { SELECT DISTINCT ?s ?score { VALUES (?s ?p ?text ?score) { … } ?s ?p ?text } }

A subselect, so that the names added are nobody's; and the engine joins it by hashing, however many hits there are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from rdflib import Literal, URIRef

from referentiel.store.engine import BadQuery, Bindings
from referentiel.store.text_index import Hit
from referentiel.store.tokens import BadTokens, Token, around, tokenize
from referentiel.vocabulary import TEXT_INDEX

MOST_HITS: Final = 10_000
"""Hits of one search. A search without a limit that has more is refused: its answer would be cut without a word."""

USAGE: Final = (
    'write « ?s text:query "words" . » or « (?s ?score ?literal) text:query (skos:prefLabel "words" 20 "lang:fr") . »,'
    " a statement of its own inside { }; of the list only the words are needed"
)

USAGE_FRENCH: Final = (
    'écrire « ?s text:query "mots" . » ou « (?s ?score ?texte) text:query (skos:prefLabel "mots" 20 "lang:fr") . »,'
    " un énoncé à part, entre { } ; de la liste, seuls les mots sont nécessaires"
)

_LIMITED: Final = '?s text:query ("words" 100)'
_NOT_ALONE: Final = ("it is no statement of its own", "il ne forme pas un énoncé à part")
_NO_WORDS: Final = ("after it stands what to look for", "après lui se met ce qui est cherché")
_QUERY: Final = str(TEXT_INDEX.query)
_COLUMNS: Final = ("subject", "score", "literal")
_NEXT_PATTERN: Final = {"filter", "optional", "bind", "values", "graph", "minus", "service"}
_ESCAPE: Final = re.compile(r"""\\([tbnrf"'\\])|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})""")
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_MUST_ESCAPE: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})


class Search(Protocol):
    """What looks texts up: TextIndex.search."""

    def __call__(self, text: str, predicates: tuple[str, ...], language: str | None, limit: int) -> list[Hit]:
        """The best hits, at most `limit`. Raises BadQuery."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What stands after text:query."""

    text: str = ""
    predicates: tuple[str, ...] = ()
    language: str | None = None
    limit: int | None = None


def expand(query: str, search: Search | None, bindings: Bindings | None = None) -> str:
    """The query with the answers of the searches in it; the same text when it has none. Raises BadQuery."""
    if str(TEXT_INDEX) not in query:
        return query
    try:
        tokens = tokenize(query)
    except BadTokens as error:
        raise BadQuery(
            f"a query with text:query must be read before it is asked, and this one can't be: {error}",
            f"une question avec text:query doit être lue avant d'être posée, et celle-ci ne peut pas l'être : {error.french}",
        ) from error
    prefixes = _prefixes(tokens)
    calls = [place for place, token in enumerate(tokens) if _iri(token, prefixes) == _QUERY and not _elsewhere(tokens, place)]
    if not calls:
        return query
    if search is None:
        raise BadQuery("text:query: this store has no text index", "text:query : ce magasin n'a pas d'index des textes")
    pieces, end = [], 0
    for place in calls:
        statement = _Statement(tokens, place, prefixes, bindings or {})
        pieces += [query[end : statement.start], statement.expanded(search)]
        end = statement.end
    return "".join(pieces) + query[end:]


class _Statement:
    """One statement with text:query: `start` and `end` are its places in the query."""

    def __init__(self, tokens: list[Token], place: int, prefixes: Mapping[str, str], bindings: Bindings) -> None:
        """Raises BadQuery when it stands where no statement can, or is written otherwise than it can be."""
        self._tokens, self._place, self._prefixes, self._bindings = tokens, place, prefixes, bindings
        first = self._read_variables(place)
        last = self._read_request(place + 1)
        self._check_place(first)
        self.start = tokens[first].start
        self.end, self._rest = self._read_end(last + 1)

    def expanded(self, search: Search) -> str:
        """The pattern that takes its place. Raises BadQuery."""
        request = self._request
        hits = search(request.text, request.predicates, request.language, request.limit or MOST_HITS + 1)
        if len(hits) > MOST_HITS:
            raise BadQuery(
                f"text:query: more than {MOST_HITS} texts match; look for more words, or give a limit: {_LIMITED}",
                f"text:query : plus de {MOST_HITS} textes conviennent ; chercher plus de mots, ou donner une limite : {_LIMITED}",
            )
        taken = {token.text[1:] for token in self._tokens if token.kind == "variable"} | set(self._bindings)
        names = [*self._variables, *(_fresh(name, taken) for name in _COLUMNS[len(self._variables) :])]
        subject, score, literal, predicate = (f"?{name}" for name in (*names, _fresh("predicate", taken)))
        kept = [f"?{name}" for name in dict.fromkeys((*self._variables, *self._graph_variables()))]
        rows = " ".join(f"(<{hit.subject}> <{hit.predicate}> {_written(hit)} {hit.score:.6e})" for hit in hits)
        return (
            f"{{ SELECT DISTINCT {' '.join(kept)} {{ VALUES ({subject} {predicate} {literal} {score}) {{ {rows} }}"
            f" {subject} {predicate} {literal} }} }}{self._rest}"
        )

    def _read_variables(self, place: int) -> int:
        """The variables before text:query, and the place of the first token of the statement."""
        first = place - 1
        subject = self._tokens[first] if first >= 0 else None
        if subject is not None and subject.text == ")":
            first = subject.partner
            listed = self._tokens[first + 1 : place - 1]
        else:
            listed = [subject] if subject is not None else []
        self._variables = [token.text[1:] for token in listed]
        if not (
            0 < len(listed) <= len(_COLUMNS)
            and all(token.kind == "variable" for token in listed)
            and len(set(self._variables)) == len(listed)
        ):
            raise self._bad(
                "before it stands a variable, or a list of one to three different ones",
                "avant lui se met une variable, ou une liste d'une à trois variables différentes",
            )
        return first

    def _check_place(self, first: int) -> None:
        outer = self._tokens[first].within
        if outer < 0 or self._tokens[outer].text != "{" or self._tokens[first - 1].text not in ("{", "}", ".", ")"):
            raise self._bad(*_NOT_ALONE)
        before = [token.text.lower() for token in self._tokens[max(0, outer - 2) : outer]]
        if before[-1:] == ["construct"] or before == ["construct", "where"]:
            raise self._bad("it can't stand in the template of a CONSTRUCT", "il ne va pas dans le modèle d'un CONSTRUCT")

    def _read_request(self, place: int) -> int:
        """What is looked for, and the place of the last token of it."""
        if place >= len(self._tokens):
            raise self._bad(*_NO_WORDS)
        listed, last = [self._tokens[place]], place
        if listed[0].text == "(":
            last = listed[0].partner
            listed = self._tokens[place + 1 : last]
        elif self._at(place + 1).kind == "language":
            last = place + 1
            listed.append(self._tokens[last])
        self._request = self._requested(listed)
        return last

    def _requested(self, listed: list[Token]) -> _Request:
        """Predicates, words, then in any order a language and a limit."""
        count = 0
        while count < len(listed) and _iri(listed[count], self._prefixes):
            count += 1
        if count == len(listed) or listed[count].kind == "number":
            raise self._bad(*_NO_WORDS)
        request = _Request(str(self._value(listed[count])), tuple(str(_iri(token, self._prefixes)) for token in listed[:count]))
        for token in listed[count + 1 :]:
            value = token.text[1:] if token.kind == "language" else str(self._value(token))
            if token.kind == "language" or value.startswith("lang:"):
                request = replace(request, language=value.removeprefix("lang:"))
            elif value.isdecimal() and len(value) <= len(str(MOST_HITS)) and 1 <= int(value) <= MOST_HITS:
                request = replace(request, limit=int(value))
            else:
                raise self._bad(
                    f"after the words stand a limit from 1 to {MOST_HITS} and a language, not « {value} »",
                    f"après les mots se mettent une limite de 1 à {MOST_HITS} et une langue, pas « {value} »",
                )
        return request

    def _value(self, token: Token) -> URIRef | Literal | str:
        if token.kind == "string":
            width = 3 if token.text.startswith(('"""', "'''")) else 1
            return _ESCAPE.sub(_unescaped, token.text[width:-width])
        if token.kind == "variable" and token.text[1:] in self._bindings:
            return self._bindings[token.text[1:]]
        if token.kind == "number":
            return token.text
        raise self._bad(
            f"what to look for is written out, or a parameter: « {token.text} » is neither",
            f"ce qui est cherché est écrit en toutes lettres, ou est un paramètre : « {token.text} » n'est ni l'un ni l'autre",
        )

    def _read_end(self, place: int) -> tuple[int, str]:
        """Where the statement ends, and what is left of it: its subject, when more is said about that."""
        end = self._tokens[place - 1].end
        if self._at(place).text == ";":
            while self._at(place).text == ";":
                end = self._tokens[place].end
                place += 1
            if self._at(place).text not in ("}", "."):
                if self._tokens[self._place - 1].kind != "variable":
                    raise self._bad(
                        "nothing more can be said about a list of variables: end the statement with a full stop",
                        "rien d'autre ne peut être dit d'une liste de variables : finir par un point",
                    )
                return end, f" {self._tokens[self._place - 1].text}"
        following = self._at(place)
        if following.text not in (".", "}", "{") and following.text.lower() not in _NEXT_PATTERN:
            raise self._bad(*_NOT_ALONE)
        return end, ""

    def _at(self, place: int) -> Token:
        return self._tokens[place] if place < len(self._tokens) else Token("end", "", 0, 0, -1)

    def _graph_variables(self) -> list[str]:
        """The variable of the nearest GRAPH around: the hits must be in the graph that it stands for."""
        graphs = (name for keyword, name in around(self._tokens, self._place) if keyword == "graph")
        name = next(graphs, None)
        return [name.text[1:]] if name and name.kind == "variable" else []

    def _bad(self, fault: str, french: str) -> BadQuery:
        return BadQuery(f"text:query: {fault}; {USAGE}", f"text:query : {french} ; {USAGE_FRENCH}")


def _prefixes(tokens: list[Token]) -> dict[str, str]:
    """Prefix, its colon included -> IRI."""
    declared = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return {
        name.text: iri.text[1:-1]
        for word, name, iri in declared
        if word.text.lower() == "prefix" and name.kind == "name" and iri.kind == "iri"
    }


def _elsewhere(tokens: list[Token], place: int) -> bool:
    """Whether another endpoint is asked, which has texts of its own."""
    return any(keyword in ("service", "silent") for keyword, _ in around(tokens, place))


def _iri(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind != "name":
        return None
    prefix, _, local = token.text.partition(":")
    return prefixes[f"{prefix}:"] + local.replace("\\", "") if f"{prefix}:" in prefixes else None


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1]:
        return _ESCAPED.get(escape[1], escape[1])
    number = int(escape[2] or escape[3], 16)
    if number > sys.maxunicode or 0xD800 <= number < 0xE000:
        raise BadQuery(f"text:query: {escape[0]} is no character", f"text:query : {escape[0]} n'est pas un caractère")
    return chr(number)


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _written(hit: Hit) -> str:
    text = f'"{hit.text.translate(_MUST_ESCAPE)}"'
    return f"{text}@{hit.language}" if hit.language else text
