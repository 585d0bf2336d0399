"""Links to test with: the sample vocabularies, two small certifications, and what two people decided of their competencies."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from rdflib import Graph, URIRef

from referentiel.access import LOCAL
from referentiel.gate import Gate, Replace
from referentiel.linking.mapping import Mapping, MappingSet
from referentiel.linking.mapping_graph import set_iri, to_statements
from referentiel.store import Statements
from referentiel.store.reading import statements
from referentiel.vocabularies import Crosswalk, assembled, open_vocabulary
from referentiel.vocabulary import CC_BY, DEFAULT_BASE, SKOS
from web.writing import small

FIRST, SECOND, WITHOUT_BLOCKS = "L-1", "L-2", "L-3"
SET = set_iri(DEFAULT_BASE, "essai")
SKILL: Final = "http://example.org/esco/skill/"
MECHANIC: Final = "http://example.org/esco/occupation/o1"
_SAMPLES = Path(__file__).parents[1] / "data" / "samples"
_SHAPES = Path(__file__).parent / "shapes"


def competency(certification: str, code: str) -> URIRef:
    """The IRI of a competency."""
    return URIRef(f"{DEFAULT_BASE}certification/{certification}/competency/{code}")


def _said(author: str, certification: str, code: str, predicate: URIRef, skill: str, *, negated: bool = False) -> Mapping:
    return Mapping(
        subject=competency(certification, code),
        predicate=predicate,
        object=URIRef(SKILL + skill),
        author=f"{DEFAULT_BASE}agent/{author}",
        date=date(2026, 11, 24),
        negated=negated,
        object_source=URIRef(f"{DEFAULT_BASE}vocabulary/esco"),
    )


DECISIONS: Final = (
    _said("alix", FIRST, "C1", SKOS.exactMatch, "s2"),
    _said("bo", FIRST, "C1", SKOS.exactMatch, "s2"),
    _said("alix", FIRST, "C1", SKOS.exactMatch, "s3", negated=True),
    _said("alix", FIRST, "C1", SKOS.closeMatch, "s4"),
    _said("bo", FIRST, "C1", SKOS.closeMatch, "s4", negated=True),
    _said("alix", FIRST, "C2", SKOS.narrowMatch, "s5"),
    _said("alix", FIRST, "C2", SKOS.relatedMatch, "s8"),
    _said("alix", SECOND, "C1", SKOS.closeMatch, "s2"),
    _said("alix", SECOND, "C2", SKOS.broadMatch, "s1"),
    Mapping(
        subject=URIRef(f"{DEFAULT_BASE}certification/{FIRST}"),
        predicate=SKOS.relatedMatch,
        object=URIRef(MECHANIC),
        author=f"{DEFAULT_BASE}agent/alix",
        date=date(2026, 11, 24),
    ),
)
"""Of the mechanic's skills the first certification covers s2 and s5, has to do with s8 and with s1 (of which s2 is a part), and
says nothing of s3 (rejected), s4 (disputed), s6, s7 and s10."""


def link(gate: Gate) -> None:
    """Put all of it in, through the gate."""
    for sample, version in (("esco", "0.0.1"), ("rome", ""), ("crosswalk", "")):
        vocabulary = open_vocabulary([_SAMPLES / sample], DEFAULT_BASE, version)
        found = (line for _, lines in vocabulary.statements() for line in lines)
        name = vocabulary.graph if isinstance(vocabulary, Crosswalk) else vocabulary.scheme
        _put(gate, URIRef(name), assembled(vocabulary, found, frozenset()))
    for code in (FIRST, SECOND):
        certification = URIRef(f"{DEFAULT_BASE}certification/{code}")
        _put(gate, certification, statements(Graph().parse(data=small(code), format="turtle")))
    _put(gate, SET, to_statements(MappingSet(iri=SET, title="Essai", licence=CC_BY, mappings=DECISIONS)))


REGISTER: Final = set_iri(DEFAULT_BASE, "essai-rs")
DECIDED: Final = _said("alix", WITHOUT_BLOCKS, "C1", SKOS.exactMatch, "s3")


def link_without_blocks(gate: Gate) -> None:
    """Put in a certification of the specific register, whose competencies stand in no block. A decision leads it to s3, its own
    graph to s6 and s2 (and a criterion to s7, which makes no competency), and a graph of somebody else's, without any decision, to
    s4 and s11."""
    held = Graph().parse(_SHAPES / "base.ttl", format="turtle")
    held.update((_SHAPES / "CORE-17" / "valid.ru").read_text(encoding="utf-8"))
    told = held.serialize(format="nt").replace("/certification/X", f"/certification/{WITHOUT_BLOCKS}")
    own = Graph().parse(data=told.replace('"X"', f'"{WITHOUT_BLOCKS}"'), format="nt")
    own.add((competency(WITHOUT_BLOCKS, "C2"), SKOS.closeMatch, URIRef(f"{SKILL}s6")))
    own.add((competency(WITHOUT_BLOCKS, "C2"), SKOS.exactMatch, URIRef(f"{SKILL}s2")))
    own.add((URIRef(f"{competency(WITHOUT_BLOCKS, 'C2')}/criterion/CE2"), SKOS.closeMatch, URIRef(f"{SKILL}s7")))
    _put(gate, URIRef(f"{DEFAULT_BASE}certification/{WITHOUT_BLOCKS}"), statements(own))
    _put(gate, REGISTER, to_statements(MappingSet(iri=REGISTER, title="Essai", licence=CC_BY, mappings=(DECIDED,))))
    foreign = Graph()
    for skill in ("s4", "s11"):
        foreign.add((competency(WITHOUT_BLOCKS, "C1"), SKOS.exactMatch, URIRef(SKILL + skill)))
    _put(gate, URIRef("http://example.org/graph/links"), statements(foreign))


def _put(gate: Gate, name: URIRef, found: Statements) -> None:
    gate.submit(Replace(name, found), identity=LOCAL)
