"""Which format an answer has: the form of the query decides what is on offer."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from referentiel.store import ResultFormat
from referentiel.web.negotiation import HTML, Choice, Offer, choose, offer

TABLES: Final = tuple(map(offer, (ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV)))
GRAPHS: Final = tuple(map(offer, (ResultFormat.TURTLE, ResultFormat.JSON_LD, ResultFormat.RDF_XML, ResultFormat.N_TRIPLES)))

_ACCEPT_READ: Final = 8192
"""Characters of Accept that are read."""


@lru_cache(maxsize=1024)
def formats(accept: str, named: frozenset[ResultFormat], fixed: bool) -> tuple[Offer | None, Offer | None]:
    """The format of a table and that of a graph: what Accept names, else what `format` says, else what Accept allows.

    None where nothing fits. The form of the query decides which one it is: some clients ask for every format of both kinds, always.
    """
    accept = accept[:_ACCEPT_READ]
    return _format(accept, TABLES, named, fixed=fixed), _format(accept, GRAPHS, named, fixed=fixed)


def _format(accept: str, offers: tuple[Offer, ...], named: frozenset[ResultFormat], *, fixed: bool) -> Offer | None:
    asked = next((candidate for candidate in offers if candidate.form in named), None)
    if fixed:
        return asked
    choice = choose(accept, (*offers, HTML))
    if asked is not None and not _names_a_format(choice):
        return asked
    return choice.offer if choice else None


def _names_a_format(choice: Choice | None) -> bool:
    """Whether Accept itself names the format: a browser, which names HTML first, lets the link that it follows decide."""
    return choice is not None and choice.named and choice.offer is not HTML
