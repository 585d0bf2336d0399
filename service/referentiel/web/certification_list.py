"""The certifications that are held, page by page."""

from __future__ import annotations

from typing import Final

from rdflib import Literal, URIRef
from starlette.requests import Request
from starlette.responses import Response

from referentiel.catalog import Names
from referentiel.gate.names import Space
from referentiel.store import Engine
from referentiel.vocabulary import HYDRA, RDF, RDFS, REF, SKOS, empty_graph
from referentiel.web import lookups
from referentiel.web.graphs import answer_graph, answer_page, negotiated
from referentiel.web.pages import Pages
from referentiel.web.paging import Place, paging
from referentiel.web.texts import Text

PAGE_SIZE: Final = 100
"""How many certifications stand on a page."""
PATH: Final = "/certifications"

_INTRO: Final = Text(
    "Chacune se lit et s'écrit à son adresse, avec un jeton pour écrire :",
    "Each is read and written at its address, writing with a token:",
)


class CertificationList:
    """Answers for `/certifications`."""

    def __init__(self, store: Engine, pages: Pages, space: Space) -> None:
        self._store = store
        self._pages = pages
        self._space = space
        self._names = Names.of(pages.addresses.settings)

    def answer(self, request: Request, number: int) -> Response:
        """A page of the list. Raises Problem (404, 406)."""
        chosen = negotiated(request)
        held = [iri for iri in lookups.certifications(self._store) if self._space.code(URIRef(iri))]
        place = Place(number, len(held), PAGE_SIZE, str(self._names.address(PATH)))
        listed = held[place.offset : place.offset + place.size]
        headers = {"Link": ", ".join(place.links())}
        if chosen.form is None:
            return answer_page(request, self._pages, self._html(request, listed, place), headers)
        collection = URIRef(place.address)
        graph = empty_graph()
        for triple in paging(collection, place):
            graph.add(triple)
        labels = lookups.labels(self._store, listed, "fr")
        for iri in listed:
            member = URIRef(iri)
            graph.add((collection, HYDRA.member, member))
            graph.add((member, RDF.type, REF.Certification))
            graph.add((member, RDFS.seeAlso, URIRef(f"{place.address}/{self._space.code(member)}")))
            if (label := labels.get(iri)) and label.text:
                graph.add((member, SKOS.prefLabel, Literal(label.text, label.language or None)))
        return answer_graph(request, self._pages, graph, collection, chosen, headers)

    def _html(self, request: Request, listed: list[str], place: Place) -> bytes:
        view = self._pages.view(request)
        labels = lookups.labels(self._store, listed, view.language)
        return self._pages.render(
            view,
            "certifications.html",
            intro=_INTRO.in_(view.language),
            certifications=[
                (self._space.code(URIRef(iri)), view.of(iri), labels[iri].text if iri in labels else None) for iri in listed
            ],
            place=place,
            others=place.hrefs(view.href(PATH)),
        )
