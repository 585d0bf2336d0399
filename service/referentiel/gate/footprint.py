"""What must be looked at to judge a write: all whose verdict it may change, and all that the rules may read for that.

A rule starts at a focus node and follows links: through the properties of TIES, up the hierarchy of SKOS, or by comparing values of
KEYS (a test reads that off the rules themselves). So a change can only matter to certifications that are tied to those that it
touches, by a link in either direction, before or after it, or by an equal key; and to those that are tied to these. Rules keep
certifications apart, so that this is nearly always one certification, however large the store. What stands outside
certifications, concepts of other vocabularies above all, is taken node by node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from referentiel.gate.names import Space
from referentiel.gate.present import Present
from referentiel.gate.view import View
from referentiel.store import Changes, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.vocabulary import DCT, INVERSES, OWL, RDF, RDFS, REF, SKOS

TIES: Final = frozenset(
    map(str, (*INVERSES, *INVERSES.values(), DCT.source, RDF.subject, RDF.predicate, RDF.object, SKOS.inScheme))
)
"""The properties that a rule follows from one node to what is said of another."""
BROADER: Final = str(SKOS.broader)
NARROWER: Final = str(SKOS.narrower)
RELATED: Final = str(SKOS.related)
HIERARCHY: Final = frozenset({BROADER, NARROWER, RELATED})
"""Those that a rule follows without end: upwards only, from concepts that are related."""
KEYS: Final = frozenset({str(REF.registerNumber)})
"""The properties whose values a rule compares between nodes that no link ties."""
SCHEMA: Final = (OWL.inverseOf, RDFS.subClassOf)
"""The properties that decide what links and classes mean, whatever graph says so."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """`judged`: the statements whose subjects the rules are applied to, of `certifications` and of the other `nodes`.

    `background`: what those may lead to.
    """

    judged: Statements
    background: Statements
    certifications: frozenset[str]
    nodes: frozenset[str]


def footprint(engine: Present, changes: Changes, space: Space, also: Iterable[str] = ()) -> Footprint:
    """The footprint of changes, in the state after them; of some certifications too."""
    return _Walk(View(engine, changes), changes, space).walk(also)


class _Walk:
    def __init__(self, view: View, changes: Changes, space: Space) -> None:
        self._view = view
        self._space = space
        self._changes = changes
        self._units: set[str] = set()
        self._nodes: set[str] = set()

    def walk(self, also: Iterable[str]) -> Footprint:
        """Find the certifications and the nodes to judge, then gather what is said of them."""
        waiting = self._touched() | set(also)
        while waiting:
            reached, waiting = waiting, set()
            units = set(map(self._space.unit, reached))
            for unit in set(filter(self._space.is_certification, units)) - self._units:
                self._units.add(unit)
                waiting |= set(self._tied(unit, self._said_of(unit)))
            nodes = {node for node in units if not self._space.is_certification(node) and not self._space.reserves(node)}
            waiting |= self._certifications_at(nodes - self._nodes)
            self._nodes |= nodes
        judged = frozenset().union(*map(self._view.certification, self._units), self._view.about(self._nodes | self._mapped()))
        return Footprint(judged, self._background(judged), frozenset(self._units), frozenset(self._nodes))

    def _touched(self) -> set[str]:
        """What changes by itself: the subjects, what the hierarchy above them reaches, and who points at what changes its kind."""
        subjects = {subject_of(statement) for statement in self._changes.statements()}
        ends = {
            end
            for statement in self._changes.statements()
            if predicate_of(statement) in HIERARCHY
            for end in (subject_of(statement), object_of(statement))
            if end
        }
        above = self._view.above(ends)
        kinds = {subject_of(each) for each in self._changes.statements() if predicate_of(each) == str(RDF.type)}
        below = self._view.pointing_at(kinds, HIERARCHY) if kinds else set()
        return subjects | above | self._view.related(above) | below

    def _said_of(self, unit: str) -> Statements:
        """What is said of a certification and of what lies below it, before or after."""
        return self._view.certification(unit) | self._view.former(unit)

    def _tied(self, unit: str, said: Statements) -> Iterator[str]:
        """What a certification is tied to, by a link from it or to it, or by a key."""
        nodes = {subject_of(statement) for statement in said}
        keys = {statement.split(" ", 2)[2].removesuffix(" .") for statement in said if predicate_of(statement) in KEYS}
        for statement in said:
            target = object_of(statement)
            if target and predicate_of(statement) in TIES and self._space.is_certification(self._space.unit(target)):
                yield target
        yield from self._incoming(nodes, unit)
        yield from self._view.bearing(KEYS, keys)

    def _certifications_at(self, nodes: set[str]) -> set[str]:
        """What of certifications is tied to nodes outside them: asked together, since a vocabulary has tens of thousands."""
        return {node for node in self._incoming(nodes) if self._space.is_certification(self._space.unit(node))} if nodes else set()

    def _incoming(self, nodes: Iterable[str], unit: str = "") -> set[str]:
        return self._view.pointing_at(nodes, TIES, outside=f"{unit}/" if unit else "")

    def _mapped(self) -> set[str]:
        """The nodes of the certifications, of which other graphs may say what they are mapped to, or read from."""
        return {subject_of(statement) for unit in self._units for statement in self._said_of(unit)}

    def _background(self, judged: Statements) -> Statements:
        """What links lead to outside, upwards to the top of a hierarchy; and what the store says of its schema."""
        here = {subject_of(statement) for statement in judged}
        linked = {
            target
            for statement in judged
            if predicate_of(statement) in TIES | HIERARCHY and (target := object_of(statement)) and target not in here
        }
        climbing = {subject_of(statement) for statement in judged if predicate_of(statement) in HIERARCHY}
        above = self._view.above(climbing | {target for target in linked if climbing}) if climbing else set()
        foreign = {node for node in (linked | above) - here if not self._space.reserves(node)}
        return self._view.about(foreign) | self._view.using(SCHEMA)
