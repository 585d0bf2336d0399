"""What must be known of a query before an engine sees it: does it name its dataset, does it call another service?

Decided on the parsed query, never on its text: the words hide behind comments, case and code point escapes. Parsing costs more
than most queries do, so it is skipped where the word itself can't be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from referentiel.store.engine import BadQuery

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Inspection:
    """`names_dataset`: the query has FROM. `calls_service`: it has SERVICE."""

    names_dataset: bool
    calls_service: bool


def inspect(query: str) -> Inspection:
    """Inspect a query. Raises BadQuery when it may call a service and can't be parsed to make sure."""
    words = set(re.findall(r"\b(?:from|service)\b", _unescape(query).lower()))
    if not words:
        return Inspection(names_dataset=False, calls_service=False)
    try:
        parts = list(_components(parseQuery(query)))
    except Exception as error:  # the parser raises its own errors, pyparsing's, and RecursionError on deep nesting
        raise BadQuery(str(error).partition("\n")[0] or type(error).__name__) from error
    return Inspection(
        names_dataset=any("datasetClause" in part for part in parts),
        calls_service=any(part.name == "ServiceGraphPattern" for part in parts),
    )


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
