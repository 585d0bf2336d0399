"""The tokens of a SPARQL query (SPARQL 1.1, section 19.8), as far as rewriting needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""(?:[\s]|\#[^\n\r]*)+
      | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
      | (?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?''' | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<name>(?:[^\W\d][\w.-]*)?:(?:(?:[\w:%-]|\\.|\.(?=[\w.:%\\-]))*))
      | (?P<word>[^\W\d]\w*)
      | (?P<number>(?:[0-9]+\.[0-9]+|\.?[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<mark>\^\^|.)""",
    re.VERBOSE | re.DOTALL,
)

OPENING: Final = {"(": ")", "{": "}", "[": "]"}
_CLOSING: Final = frozenset(OPENING.values())


class BadTokens(ValueError):
    """What can't be cut into tokens. The message is English, `french` says the same."""

    def __init__(self, message: str, french: str) -> None:
        super().__init__(message)
        self.french = french


class Token(NamedTuple):
    """`kind` is iri, string, variable, language, name (with a colon), word, number or mark; `within` is the place of the
    bracket that it stands in, -1 for none; `partner` that of the other bracket of its pair, -1 for what is no bracket."""

    kind: str
    text: str
    start: int
    end: int
    within: int
    partner: int = -1


def tokenize(query: str) -> list[Token]:
    """The tokens of a query, without spaces and comments.

    Raises BadTokens when its brackets don't match, and for an escape outside texts, IRIs and names: parsers differ on those.
    """
    tokens: list[Token] = []
    opened: list[int] = []
    for match in _TOKEN.finditer(query):
        kind, text = match.lastgroup, match[0]
        if kind is None:
            continue
        if text == "\\":
            raise BadTokens(
                "an escape stands outside texts, IRIs and names", "un échappement se trouve hors des textes, des IRI et des noms"
            )
        partner = -1
        if kind == "mark" and text in _CLOSING:
            if not opened or OPENING[tokens[opened[-1]].text] != text:
                raise BadTokens(f"« {text} » closes what nothing opens", f"« {text} » ferme ce que rien n'ouvre")
            partner = opened.pop()
            tokens[partner] = tokens[partner]._replace(partner=len(tokens))
        tokens.append(Token(kind, text, match.start(), match.end(), opened[-1] if opened else -1, partner))
        if kind == "mark" and text in OPENING:
            opened.append(len(tokens) - 1)
    if opened:
        text = tokens[opened[-1]].text
        raise BadTokens(f"« {text} » is never closed", f"« {text} » n'est jamais fermé")
    return tokens


def around(tokens: list[Token], place: int) -> Iterator[tuple[str, Token]]:
    """For each pair of braces around a token, from the inside: the second token before it, in small letters, and the first."""
    while (place := tokens[place].within) > 1:
        yield tokens[place - 2].text.lower(), tokens[place - 1]
