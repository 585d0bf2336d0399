"""What must be known of a query before an engine sees it: does it name its dataset, does it call another service?

Oxigraph calls whatever SERVICE names, and has no switch. The keyword needs no space around it (`SERVICESILENT`, `1SERVICE`), and
its letters may stand in a text, a comment or an IRI, where they mean nothing; parsers differ on where those end, so that the
keyword can be hidden from one and shown to another. So nothing is left to judgement: where the letters can be a keyword, the query
calls a service; everywhere else they are broken by an escape that Oxigraph reads in texts and IRIs only, and a keyword that was
taken for a text is none any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LETTERS = re.compile(r"(s)(e)(rvice)", re.IGNORECASE | re.ASCII)
TOKEN = re.compile(
    r"""(?P<text>
          <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>            # IRI
        | \"\"\"(?:[^\\"]|\\.|"(?!""))*+(?:\"\"\")? | '''(?:[^\\']|\\.|'(?!''))*+(?:''')?  # long texts
        | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?                              # texts
        | \#[^\n\r]*                                                                   # comments
        )
      | [?$]\w+ | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                                         # variables, language tags
      | (?P<word>[\w.-]++)?(?P<local>:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)              # names
      | (?P<keyword>[\w.-]++)                                                          # what may be or hold a keyword
      | .""",
    re.VERBOSE | re.DOTALL,
)
"""The tokens of a query. A text that does not end takes what is left: looking for its end from every quote would take for ever."""


_DECLARED = re.compile(r"\bprefix\s++([\w.-]++)\s*+:")


@dataclass(frozen=True, slots=True)
class Inspection:
    """`text`: the query as an engine may have it when it calls no service, of the same meaning.

    `names_dataset`: it has FROM. `calls_service`: it has SERVICE, or may have it.
    """

    text: str
    names_dataset: bool
    calls_service: bool


def inspect(query: str) -> Inspection:
    """Inspect a query."""
    text = query.lower()
    if "from" not in text and "service" not in text and "\\u" not in text:
        return Inspection(query, names_dataset=False, calls_service=False)
    words = _words(query)
    declared = set(_DECLARED.findall(text)) if "prefix" in text else set()
    # An engine that reads escapes before anything else, as section 19.2 of SPARQL 1.1 has it, sees other words.
    unescaped = _words(_unescape(query)) if "\\u" in text else words
    return Inspection(
        disarm(query),
        names_dataset=any(word.startswith("from") and word not in declared for word in words),
        calls_service=any("service" in word for word in (*words, *unescaped)),
    )


def disarm(query: str) -> str:
    """The query with the letters of SERVICE broken wherever they stand in a text, a comment or an IRI."""
    return TOKEN.sub(lambda token: _LETTERS.sub(_break, token[0]) if token["text"] else token[0], query)


def _break(letters: re.Match[str]) -> str:
    # At the second letter: a text that holds the faulty escape \s stays faulty.
    return f"{letters[1]}\\u{ord(letters[2]):04x}{letters[3]}"


def _words(query: str) -> list[str]:
    """What may be or hold a keyword, and prefixes, in small letters."""
    return [word.lower() for token in TOKEN.finditer(query) if (word := token["keyword"] or token["word"])]


def _unescape(query: str) -> str:
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
