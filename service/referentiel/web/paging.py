"""A long list in pages, as Hydra describes them: each leads to the first, the previous, the next and the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Literal, URIRef

from referentiel.vocabulary import HYDRA, RDF
from referentiel.web import problems
from referentiel.web.problems import Problem
from referentiel.web.representations import link
from referentiel.web.texts import Text

_HYDRA: Final[Mapping[str, tuple[URIRef, URIRef]]] = {
    "first": (HYDRA.first, HYDRA.firstPage),
    "prev": (HYDRA.previous, HYDRA.previousPage),
    "next": (HYDRA.next, HYDRA.nextPage),
    "last": (HYDRA.last, HYDRA.lastPage),
}
"""Link relation -> Hydra's property, and the name that it had before, which some harvesters still follow."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its number, how many members the list has, how many of them a page, the address without a number."""

    number: int
    total: int
    size: int
    address: str

    def __post_init__(self) -> None:
        """Raise Problem (404) where there is no such page."""
        if self.number > self.last:
            raise Problem(
                problems.NOT_FOUND,
                Text(
                    f"La dernière page est {self.last} ; demandée : {self.number}.",
                    f"The last page is {self.last}; asked for: {self.number}.",
                ),
            )

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many members stand on the pages before."""
        return self.size * (self.number - 1)

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

    def links(self) -> Iterator[str]:
        """The same as values of a Link header."""
        return (link(self.at(number), relation) for relation, number in self.others())

    def hrefs(self, here: str) -> list[tuple[str, str]]:
        """The same as links of a page for people, whose own address is `here`."""
        here += "&" if "?" in here else "?"
        return [(relation, f"{here}page={number}") for relation, number in self.others()]


def paging(collection: URIRef, place: Place) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """A list as a Hydra collection, of which this is one page."""
    page = URIRef(place.at(place.number))
    yield collection, RDF.type, HYDRA.Collection
    yield collection, HYDRA.totalItems, Literal(place.total)
    yield collection, HYDRA.view, page
    yield page, RDF.type, HYDRA.PartialCollectionView
    yield page, RDF.type, HYDRA.PagedCollection
    yield page, HYDRA.totalItems, Literal(place.total)
    yield page, HYDRA.itemsPerPage, Literal(place.size)
    for relation, number in place.others():
        for predicate in _HYDRA[relation]:
            yield page, predicate, URIRef(place.at(number))
