"""Whether servers give the same answer, however each spells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rdflib import Graph

from benchmarks.endpoint.questions import Question
from benchmarks.endpoint.register import Constants
from benchmarks.endpoint.servers import Reply, Server
from referentiel.vocabulary import XSD

_NUMBERS = {str(XSD[name]) for name in ("integer", "decimal", "int", "long", "nonNegativeInteger")}

Canonical = list[tuple[str, ...]]


def whole(body: bytes, *, graph: bool) -> bool:
    """Whether an answer was not cut: JSON to its end, or triples to the end of a line."""
    if graph:
        return body.endswith(b".\n")
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def canonical(body: bytes, question: Question) -> Canonical:
    """The rows, or the triples, in one order unless the question has its own. Raises ValueError when the answer is cut."""
    if not whole(body, graph=question.graph):
        raise ValueError(body[:200])
    if question.graph:
        return sorted(tuple(term.n3() for term in triple) for triple in Graph().parse(data=body, format="nt"))
    found = json.loads(body)
    variables = found["head"]["vars"]
    rows = [tuple(_value(row.get(variable)) for variable in variables) for row in found["results"]["bindings"]]
    return rows if "ORDER BY" in question.template else sorted(rows)


def agreement(servers: Mapping[str, Server], question: Question, constants: Constants, timeout: float) -> dict[str, str]:
    """For each server, asked the same three questions: "same" as Oxigraph's server, "differs", "slow" or "fails"."""
    verdicts = dict.fromkeys(servers, "same")
    for position in range(3):
        text = question.text(constants, position, position)
        expected = canonical(servers["oxigraph"].ask(text, question.accept, timeout).body, question)
        for name, server in servers.items():
            if verdicts[name] == "same":
                verdicts[name] = _verdict(server.ask(text, question.accept, timeout), question, expected)
    return verdicts


def _verdict(reply: Reply, question: Question, expected: Canonical) -> str:
    if reply.status != 200:
        return "fails" if reply.status else "slow"
    try:
        return "same" if canonical(reply.body, question) == expected else "differs"
    except ValueError:
        return "fails"


def _value(term: dict[str, Any] | None) -> str:
    if term is None:
        return ""
    value, datatype = term["value"], term.get("datatype", "")
    if datatype in _NUMBERS:
        try:
            return f"{Decimal(value).normalize():f}"
        except InvalidOperation:
            return str(value)
    kind = "" if datatype == str(XSD.string) else datatype
    return f"{term['type'].removeprefix('typed-')} {value} {term.get('xml:lang', '')} {kind}"
