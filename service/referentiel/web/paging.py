"""A long list in pages, as Hydra describes them: each leads to the first, the previous, the next and the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Literal, URIRef

from referentiel.vocabulary import HYDRA, RDF

PAGE_SIZE: Final = 100
"""How many datasets stand on a page."""

_HYDRA: Final[Mapping[str, tuple[URIRef, URIRef]]] = {
    "first": (HYDRA.first, HYDRA.firstPage),
    "prev": (HYDRA.previous, HYDRA.previousPage),
    "next": (HYDRA.next, HYDRA.nextPage),
    "last": (HYDRA.last, HYDRA.lastPage),
}
"""Link relation -> Hydra's property, and the name that it had before, which some harvesters still follow."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its number, the last number, how many datasets there are, and the address without a number."""

    number: int
    last: int
    total: int
    address: str

    def at(self, number: int) -> str:
        """The address of a page."""
        return f"{self.address}?page={number}"

    def others(self) -> Iterator[tuple[str, int]]:
        """The pages that this one leads to, by link relation."""
        yield "first", 1
        if self.number > 1:
            yield "prev", self.number - 1
        if self.number < self.last:
            yield "next", self.number + 1
        yield "last", self.last


def paging(catalog: URIRef, place: Place) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """The catalogue as a Hydra collection, of which this is one page."""
    page = URIRef(place.at(place.number))
    yield catalog, RDF.type, HYDRA.Collection
    yield catalog, HYDRA.totalItems, Literal(place.total)
    yield catalog, HYDRA.view, page
    yield page, RDF.type, HYDRA.PartialCollectionView
    yield page, RDF.type, HYDRA.PagedCollection
    yield page, HYDRA.totalItems, Literal(place.total)
    yield page, HYDRA.itemsPerPage, Literal(PAGE_SIZE)
    for relation, number in place.others():
        for predicate in _HYDRA[relation]:
            yield page, predicate, URIRef(place.at(number))
