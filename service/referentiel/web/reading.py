"""What is sent as statements: read here while it is small, else in a process that is killed at its limit."""

from __future__ import annotations

from typing import Final

from referentiel.intake import Intake, Rdf, Table
from referentiel.model import Certification
from referentiel.store import Name, Statements
from referentiel.web import problems
from referentiel.web.bodies import TABLES, Body, contexts
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

AT_HAND: Final = 2**20
"""Bytes of RDF that are read here, by the engine's parsers, which are quick and keep no stack. Tables never are.

Nor is JSON-LD: each context is a copy of those around it, so that 300 kB of them take 5 s, and 1 MiB ten times as long.
"""
_NEVER_AT_HAND: Final = "application/ld+json"


class Reader:
    """Reads what is sent. `context`: the address of our JSON-LD context, which a document may name."""

    def __init__(self, intake: Intake, base: str, context: str) -> None:
        self.context = context
        self._intake = intake
        self._base = base

    def graphs(self, data: bytes, media_type: str, name: Name, base: str) -> dict[Name, Statements]:
        """Statements by graph; those in no graph are those of `name`. Raises BadData, ReadingLimit."""
        document = Rdf(data, media_type, base, name, contexts(self.context))
        here = len(data) <= AT_HAND and media_type != _NEVER_AT_HAND
        return document.read() if here else self._intake.rdf(document)

    def statements(self, body: Body, name: Name) -> Statements:
        """What a body of RDF says of one graph, whose name is also the base of relative IRIs; the unnamed one has none.

        Raises BadData, ReadingLimit, and Problem (422) where it speaks of other graphs.
        """
        found = self.graphs(body.data, body.media_type, name, name or "")
        if others := [graph for graph in found if graph != name]:
            raise _elsewhere(name, others)
        return found.get(name, frozenset())

    def table(self, body: Body, code: str | None, title: str | None, number: str | None) -> tuple[str, Certification, Statements]:
        """A table: the name of its file, the certification that it describes, and that as statements.

        Raises UnreadableSource, ReadingLimit.
        """
        file = body.name or f"{code or 'certification'}{TABLES[body.media_type]}"
        return file, *self._intake.table(Table(file, body.data, self._base, code, title, number))


def _elsewhere(name: Name, others: list[Name]) -> Problem:
    shown = ", ".join(str(other) for other in others[:5])
    return Problem(
        problems.UNFIT_DATA,
        Text(
            f"Attendu : des quadruplets du seul graphe {name or 'sans nom'} ; trouvé aussi : {shown}.",
            f"Expected: quads of the {f'graph {name}' if name else 'unnamed graph'} only; found as well: {shown}.",
        ),
    )
