"""Triples that were made elsewhere, written in any format to the letter: 007 stays 007."""

from __future__ import annotations

from typing import Final, TypeAlias

import pyoxigraph as ox

from referentiel.store.engine import ResultFormat
from referentiel.vocabulary import PREFIXES

_FORMATS: Final = {
    ResultFormat.TURTLE: ox.RdfFormat.TURTLE,
    ResultFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    ResultFormat.RDF_XML: ox.RdfFormat.RDF_XML,
    ResultFormat.JSON_LD: ox.RdfFormat.JSON_LD,
}

Values: TypeAlias = dict[str, dict[str, list[str]]]
"""Subject -> predicate -> values: IRIs and texts as they are, blank nodes as `_:label`."""


def written(triples: bytes, form: ResultFormat) -> bytes:
    """N-Triples in a format of graphs. Raises KeyError for one of tables."""
    read = (quad.triple for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES))
    return ox.serialize(read, format=_FORMATS[form], prefixes=PREFIXES) or b""


def values(triples: bytes) -> Values:
    """N-Triples as plain values."""
    found: Values = {}
    for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES):
        told = found.setdefault(_text(quad.subject), {}).setdefault(quad.predicate.value, [])
        told.append(_text(quad.object))
    return found


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term.value
