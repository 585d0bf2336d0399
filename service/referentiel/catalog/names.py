"""The IRIs that a catalogue uses, and the addresses that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib import Literal, URIRef

from referentiel.settings import Settings
from referentiel.vocabulary import DCAT, FOAF, LIBRARY_GRAPH, ONTOLOGY, ROOT, SHAPES_GRAPH, VOID

Triple = tuple[URIRef, URIRef, URIRef | Literal]

ADDRESSES: Final = (
    *(DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage),
    *(FOAF.homepage, VOID.sparqlEndpoint),
)
"""The properties whose values are addresses of this service, not resources of the graph."""

_ALONE: Final = {str(ONTOLOGY), str(SHAPES_GRAPH), str(LIBRARY_GRAPH)}
_TOGETHER: Final = (f"{ROOT}scheme/", f"{ROOT}alignment/")


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of what a catalogue speaks of, all below the base; `site` is where addresses start, no trailing slash."""

    base: str
    site: str

    @classmethod
    def of(cls, settings: Settings) -> Names:
        """The names that the settings give."""
        below = settings.base.removesuffix("/")
        return cls(settings.base, settings.public_url or below.removesuffix("/id"))

    @property
    def catalog(self) -> URIRef:
        """The catalogue; also the name of its graph."""
        return URIRef(f"{self.base}catalog")

    @property
    def publisher(self) -> URIRef:
        """Who publishes it."""
        return URIRef(f"{self.catalog}/publisher")

    @property
    def rights(self) -> URIRef:
        """What is said of the rights to a text for which no licence is granted."""
        return URIRef(f"{self.catalog}/rights")

    @property
    def shared(self) -> tuple[URIRef, ...]:
        """What all datasets of the catalogue refer to."""
        return self.catalog, self.publisher, self.rights, self.service

    @property
    def whole(self) -> URIRef:
        """The dataset of all graphs but the catalogue's."""
        return URIRef(f"{self.base}dataset/all")

    @property
    def service(self) -> URIRef:
        """The SPARQL endpoint as a service."""
        return URIRef(f"{self.base}service/sparql")

    def certifies(self, graph: str) -> bool:
        """Whether a named graph is that of a certification."""
        return graph.startswith(f"{self.base}certification/")

    def links(self, graph: str) -> bool:
        """Whether a named graph is a mapping set."""
        return graph.startswith(f"{self.base}mapping-set/")

    def lists(self, graph: str) -> bool:
        """Whether the catalogue lists a named graph: those of certifications, of links, and of our vocabularies."""
        return self._path(graph) is not None

    def dataset(self, graph: str) -> URIRef:
        """The dataset that a listed graph is."""
        return URIRef(f"{self.base}dataset/{self._path(graph)}")

    def document(self, graph: str) -> str:
        """The address of the document that holds a listed graph, no suffix."""
        return f"{self.site}/{'doc/' if graph.startswith(self.base) else ''}{self._path(graph)}"

    def address(self, local: str) -> URIRef:
        """The absolute address of a path of the service."""
        return URIRef(self.site + local)

    def _path(self, graph: str) -> str | None:
        name = str(graph)  # rdflib's own startswith takes no tuple
        if self.certifies(name) or self.links(name):
            return name.removeprefix(self.base)
        return name.removeprefix(ROOT) if name in _ALONE or name.startswith(_TOGETHER) else None
