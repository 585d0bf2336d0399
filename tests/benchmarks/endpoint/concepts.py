"""Concept schemes in the shape of ROME, ESCO and NSF, of our own invention; their size does not grow with the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.endpoint import words
from benchmarks.endpoint.quads import NamedGraph, iri, text
from referentiel.vocabulary import DEFAULT_BASE, SKOS


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept: its IRI, its depth in its scheme from 0, and its parents' positions in the scheme."""

    iri: str
    code: str
    depth: int
    parents: tuple[int, ...]


Scheme = list[Concept]


def occupations() -> Scheme:
    """14 domains, 8 sub-domains each, 5 occupations each: codes as `B`, `B03` and `B0304`."""
    return _tree("occupation", 14, (8, 5), lambda parent, i: f"{parent}{i + 1:02d}" if parent else chr(ord("A") + i))


def fields() -> Scheme:
    """17 domains of training, 6 fields each: codes as `07` and `074`."""
    return _tree("field", 17, (6,), lambda parent, i: f"{parent}{i + 1}" if parent else f"{i + 1:02d}")


def levels() -> Scheme:
    """The 8 levels of qualification."""
    return _tree("level", 8, (), lambda _, i: str(i + 1))


def skills(random: Random) -> Scheme:
    """8 trees of skills, 5 deep, 2,728 in all; one in 20 has a second parent."""
    scheme = _tree("skill", 8, (4, 4, 4, 4), lambda parent, i: f"{parent}.{i + 1}" if parent else f"S{i + 1}")
    by_depth: dict[int, list[int]] = {}
    for position, concept in enumerate(scheme):
        by_depth.setdefault(concept.depth, []).append(position)
    return [
        Concept(c.iri, c.code, c.depth, tuple({*c.parents, random.choice(by_depth[c.depth - 1])}))
        if c.depth and random.random() < 0.05
        else c
        for c in scheme
    ]


def described(scheme: Scheme, random: Random) -> Iterator[str]:
    """The lines of a scheme's graph."""
    name = scheme[0].iri.rsplit("/", 1)[0]
    graph = NamedGraph(name)
    graph.thing(name, SKOS.ConceptScheme, (SKOS.prefLabel, text(name.rsplit("/", 1)[-1], "en")))
    for concept in scheme:
        label = words.activity(random) if concept.depth else words.block(random)
        graph.thing(
            concept.iri,
            SKOS.Concept,
            (SKOS.notation, text(concept.code)),
            (SKOS.prefLabel, text(label, "fr")),
            (SKOS.inScheme, iri(name)),
        )
        for parent in concept.parents:
            graph.add(concept.iri, (SKOS.broader, iri(scheme[parent].iri)))
            graph.add(scheme[parent].iri, (SKOS.narrower, iri(concept.iri)))
        if not concept.parents:
            graph.add(concept.iri, (SKOS.topConceptOf, iri(name)))
            graph.add(name, (SKOS.hasTopConcept, iri(concept.iri)))
    yield from graph.lines


def leaves(scheme: Scheme) -> list[Concept]:
    """The concepts of the deepest level."""
    depth = max(concept.depth for concept in scheme)
    return [concept for concept in scheme if concept.depth == depth]


def _tree(kind: str, tops: int, widths: Sequence[int], code: Callable[[str, int], str]) -> Scheme:
    base = f"{DEFAULT_BASE}scheme/{kind}/"
    scheme = [Concept(base + code("", i), code("", i), 0, ()) for i in range(tops)]
    row = range(tops)
    for depth, width in enumerate(widths, start=1):
        for parent in row:
            codes = [code(scheme[parent].code, i) for i in range(width)]
            scheme.extend(Concept(base + c, c, depth, (parent,)) for c in codes)
        row = range(row.stop, len(scheme))
    return scheme
