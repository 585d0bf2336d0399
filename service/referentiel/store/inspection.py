"""What must be known of a query before an engine sees it: does it name its dataset, does it call another service?

Oxigraph needs no space around a keyword (`SERVICESILENT`, `1SERVICE`, `FROMex:g`), so that words are not enough; and the words may
stand in a text, a comment or an IRI, where they mean nothing. FROM is read off the tokens. SERVICE would let a stranger make this
machine call others: where its letters are there at all, the query must also be parsed and show none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from referentiel.store.engine import BadQuery

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""(?P<silent>
          <[^<>"{}|^`\\\x00-\x20]*>                                   # IRI
        | \"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?'''           # long texts
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                 # texts
        | \#[^\n\r]* | [?$]\w+ | @[\w-]+                              # comments, variables, language tags
        | :(?:[\w.:%-]|\\.)*                                          # names without a prefix
        )
      | (?P<word>[\w.-]+)(?: :(?:[\w.:%-]|\\.)* )?                    # what may begin with a keyword, with the rest of a name
      | .""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """`names_dataset`: the query has FROM. `calls_service`: it has SERVICE, or may have it."""

    names_dataset: bool
    calls_service: bool


def inspect(query: str) -> Inspection:
    """Inspect a query. Raises BadQuery when it has the letters of SERVICE and can't be parsed to make sure."""
    text = _unescape(query).lower()
    if "from" not in text and "service" not in text:
        return Inspection(names_dataset=False, calls_service=False)
    words = [match["word"] for match in _TOKEN.finditer(text) if match["word"]]
    return Inspection(
        names_dataset=any(word.startswith("from") for word in words),
        calls_service="service" in text and (any("service" in word for word in words) or _parsed_service(query)),
    )


def _parsed_service(query: str) -> bool:
    try:
        return any(part.name == "ServiceGraphPattern" for part in _components(parseQuery(query)))
    except Exception as error:  # the parser raises its own errors, pyparsing's, and RecursionError on deep nesting
        raise BadQuery(f"a query with the word SERVICE must be checked, and this one can't be: {error}") from error


def _unescape(query: str) -> str:
    """Code point escapes are read before anything else (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)


def _components(part: object) -> Iterator[CompValue]:
    """Every component of a parsed query, without recursion: a hostile query nests deep."""
    pending = [part]
    while pending:
        item = pending.pop()
        if isinstance(item, CompValue):
            yield item
            pending.extend(item.values())
        elif not isinstance(item, str) and hasattr(item, "__iter__"):
            pending.extend(item)
