"""The accepted links of a certification and of its competencies, as its page shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.model import natural_key
from referentiel.store import Engine
from referentiel.vocabulary import REF, SKOS
from referentiel.web.properties import Names, Value

_RELATIONS: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, SKOS.relatedMatch)
_FILTER: Final = f"FILTER(?p IN ({', '.join(relation.n3() for relation in _RELATIONS)}))"
_ANY: Final = "|".join(relation.n3() for relation in _RELATIONS)

Link = tuple[str, str, str]
"""Subject, relation, concept."""


@dataclass(frozen=True, slots=True)
class Links:
    """`competencies`: each that is linked, with relation and concept of each link; `occupations`: those the certification aims at,
    each with its IRI where the store describes it."""

    competencies: tuple[tuple[Value, tuple[tuple[Value, Value], ...]], ...]
    occupations: tuple[tuple[str | None, Value], ...]

    @property
    def count(self) -> int:
        """How many links there are."""
        return sum(len(links) for _, links in self.competencies) + len(self.occupations)


def links_of(store: Engine, certification: URIRef, called: Callable[[set[str]], Names]) -> Links:
    """What stands in the store. `called`: the names of resources."""
    own = _found(store, f"SELECT DISTINCT (<{certification}> AS ?s) ?p ?o {{ <{certification}> {_ANY} ?o ; ?p ?o {_FILTER} }}")
    reach = f"{REF.hasFramework.n3()}/{REF.hasElement.n3()}"  # some certifications of the RS register have no block
    below = f"<{certification}> {reach} ?s . ?s a {REF.Competency.n3()} ; {_ANY} ?o ; ?p ?o {_FILTER}"
    links = _found(store, f"SELECT DISTINCT ?s ?p ?o {{ {below} }}")
    names = called({term for link in (*own, *links) for term in link})
    by_subject: dict[str, list[Link]] = {}
    for link in links:
        by_subject.setdefault(link[0], []).append(link)
    shown = ((names.value(subject), tuple(_named(told, names))) for subject, told in by_subject.items())
    return Links(
        tuple(sorted(shown, key=lambda entry: natural_key(entry[0].code or ""))),
        tuple((concept if concept in names.labels else None, names.value(concept)) for _, _, concept in own),
    )


def _found(store: Engine, text: str) -> list[Link]:
    return sorted((str(s), str(p), str(o)) for s, p, o in store.query(text).rows())


def _named(links: Iterable[Link], names: Names) -> Iterable[tuple[Value, Value]]:
    return ((names.value(relation), names.value(concept)) for _, relation, concept in links)
