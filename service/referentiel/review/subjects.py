"""What is to be linked, as the store describes it: the competencies of a certification, and the certification itself."""

from __future__ import annotations

from collections import defaultdict

from rdflib import URIRef

from referentiel.gate import Space
from referentiel.linking.concepts import Kind
from referentiel.model import natural_key
from referentiel.review.item import Subject
from referentiel.store import Engine
from referentiel.vocabulary import REF, SKOS

_PREFIXES = f"PREFIX ref: <{REF}> PREFIX skos: <{SKOS}>"
_CERTIFICATIONS = (
    _PREFIXES
    + """
  SELECT ?certification ?label WHERE {
  GRAPH ?certification { ?certification a ref:Certification . OPTIONAL { ?certification skos:prefLabel ?label } }
} ORDER BY ?certification ?label"""
)
_COMPETENCIES = (
    _PREFIXES
    + """
  SELECT ?certification ?competency ?code ?label ?block WHERE {
  GRAPH ?certification {
    ?competency a ref:Competency ; skos:notation ?code .
    OPTIONAL { ?competency skos:prefLabel ?label }
    OPTIONAL { ?competency ref:competencyOf/skos:prefLabel ?block }
  }
} ORDER BY ?competency ?label ?block"""
)
_CRITERIA = (
    _PREFIXES
    + """
  SELECT ?certification ?competency ?code ?label WHERE {
  GRAPH ?certification { ?competency ref:hasCriterion ?criterion . ?criterion skos:notation ?code ; skos:prefLabel ?label }
}"""
)


class Subjects:
    """What one store has to link."""

    def __init__(self, engine: Engine, space: Space) -> None:
        self._engine = engine
        self._space = space

    def certifications(self) -> tuple[tuple[str, str], ...]:
        """Identifier and title of each certification; the title is empty where there is none."""
        found: dict[str, str] = {}
        for name, label in self._engine.query(_CERTIFICATIONS).rows():
            if code := self._space.code(URIRef(name or "")):
                found.setdefault(code, label or "")
        return tuple(found.items())

    def of(self, certification: str) -> tuple[Subject, ...]:
        """The competencies of a certification in the order of their codes, then itself. Nothing where there is no such one."""
        name = self._space.certification(certification)
        titles = [label for _, label in self._engine.query(_CERTIFICATIONS, bindings={"certification": name}).rows()]
        if not titles:
            return ()
        criteria = self._criteria(name)
        competencies: dict[str, Subject] = {}
        for _, iri, code, label, block in self._engine.query(_COMPETENCIES, bindings={"certification": name}).rows():
            assert iri is not None
            found = Subject(
                iri=URIRef(iri),
                kind=Kind.SKILL,
                certification=certification,
                notation=code or "",
                label=label or code or "",
                block=block or "",
                criteria=criteria.get(iri, ()),
            )
            competencies.setdefault(iri, found)
        itself = Subject(iri=name, kind=Kind.OCCUPATION, certification=certification, notation="", label=titles[0] or certification)
        return (*sorted(competencies.values(), key=lambda each: natural_key(each.notation)), itself)

    def one(self, iri: URIRef) -> Subject | None:
        """What an IRI is; None for what is neither a competency nor a certification of the store."""
        code = self._space.code(URIRef(self._space.unit(iri)))
        return next((each for each in self.of(code) if each.iri == iri), None) if code else None

    def _criteria(self, name: URIRef) -> dict[str, tuple[str, ...]]:
        found = defaultdict[str, list[tuple[str, str]]](list)
        for _, competency, code, label in self._engine.query(_CRITERIA, bindings={"certification": name}).rows():
            found[competency or ""].append((code or "", label or ""))
        return {
            iri: tuple(label for _, label in sorted(each, key=lambda pair: natural_key(pair[0]))) for iri, each in found.items()
        }
