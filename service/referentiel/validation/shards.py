"""Cuts a store into parts that can be judged one by one, with the same results as the whole.

Certifications that are tied, by a statement of one about or to a node of another or by a common register number, stay together.
What the other graphs hold is cut by subjects; what they say of a certification's nodes, or of others that our terms tie to these,
goes with it. A part is judged beside what its statements lead to and are led to from, and what is above that in SKOS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from referentiel.store import Name
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.store.survey import Survey
from referentiel.vocabulary import RDF, REF, SKOS

_FULL: Final = 4000
"""Statements from which on a shard is full: enough that what each validation costs by itself is little."""
_SUBJECTS: Final = 500
_BINDING: Final = (str(REF), str(RDF.subject), str(RDF.object))
"""How the properties begin that make a node part of a certification's matter, whatever graph says so."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Groups of certifications, tied within each group, and subjects of other graphs. All are IRIs, or `_:label`."""

    groups: tuple[tuple[str, ...], ...]
    subjects: tuple[str, ...] = ()

    @property
    def certifications(self) -> Iterator[str]:
        """The certifications of all groups."""
        return (certification for group in self.groups for certification in group)

    def __len__(self) -> int:
        return sum(1 for _ in self.certifications)


class Plan:
    """All shards of a store."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.certifications = {name for (name,) in survey.rows(f"SELECT DISTINCT ?c {{ ?c a <{REF.Certification}> }}") if name}
        sizes = survey.sizes()
        self._graphs = {str(name) for name in sizes if str(name) in self.certifications}
        self._elsewhere: dict[str, set[str]] = defaultdict(set)
        self._found_ties: list[tuple[str, str]] = []
        free = set[str]().union(*(self._sorted(name) for name in sizes if str(name) not in self._graphs))
        self.shards = (*self._certified(sizes), *(Shard((), part) for part in _cut(sorted(free))))

    def owner(self, node: str) -> str | None:
        """The certification that a node is, or stands below."""
        while node not in self.certifications:
            node, slash, _ = node.rpartition("/")
            if not slash:
                return None
        return node

    def _sorted(self, name: Name) -> set[str]:
        """The subjects of a graph that belong to no certification; the others are noted for theirs."""
        subjects, bound = set[str](), dict[str, set[str]]()
        for line in self._survey.statements(name):
            subject = subject_of(line)
            subjects.add(subject)
            if predicate_of(line).startswith(_BINDING) and (owner := self.owner(_object(line))) is not None:
                bound.setdefault(subject, set()).add(owner)
        free = set[str]()
        for subject in subjects:
            owner = self.owner(subject)
            owners = sorted(bound.get(subject, set()) | ({owner} if owner else set()))
            for one in owners[:1]:
                self._elsewhere[one].add(subject)
                self._found_ties.extend((one, other) for other in owners[1:])
            if not owners:
                free.add(subject)
        return free

    def _certified(self, sizes: dict[Name, int]) -> Iterator[Shard]:
        groups: list[tuple[str, ...]] = []
        held = 0
        for group in self._tied():
            groups.append(group)
            held += sum(sizes.get(URIRef(name), 0) for name in group)
            if held >= _FULL:
                yield Shard(tuple(groups))
                groups, held = [], 0
        if groups:
            yield Shard(tuple(groups))

    def _tied(self) -> list[tuple[str, ...]]:
        """The certifications in groups, sorted."""
        leader = {name: name for name in self.certifications}

        def find(name: str) -> str:
            while leader[name] != name:
                leader[name] = name = leader[leader[name]]
            return name

        for one, other in self._ties():
            leader[find(one)] = find(other)
        groups: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.certifications):
            groups[find(name)].append(name)
        return [tuple(group) for group in groups.values()]

    def _ties(self) -> Iterator[tuple[str, str]]:
        yield from self._found_ties
        same = f"?a <{REF.registerNumber}> ?n . ?b <{REF.registerNumber}> ?n FILTER (STR(?a) < STR(?b))"
        for one, other in self._survey.rows(f"SELECT DISTINCT ?a ?b {{ {same} }}"):
            if one in self.certifications and other in self.certifications:
                yield str(one), str(other)
        outside = 'isIRI(?n) && !STRSTARTS(CONCAT(STR(?n), "/"), CONCAT(STR(?g), "/"))'
        for end in ("?n ?p ?x", "?x ?p ?n"):
            for graph, node in self._survey.rows(f"SELECT DISTINCT ?g ?n {{ GRAPH ?g {{ {end} }} FILTER ({outside}) }}"):
                owner = self.owner(str(node)) if graph in self._graphs else None
                if owner is not None:
                    yield str(graph), owner

    def data(self, shard: Shard) -> list[str]:
        """The statements that a shard is judged for, as lines of N-Triples."""
        lines: list[str] = []
        for name in shard.certifications:
            if name in self._graphs:
                lines.extend(self._survey.statements(URIRef(name)))
            lines.extend(self._survey.about(sorted(self._elsewhere.get(name, ()))))
        lines.extend(self._survey.about(shard.subjects))
        return lines

    def background(self, data: Iterable[str]) -> list[str]:
        """What the statements of a shard lead to, or are led to from."""
        subjects, objects = set[str](), set[str]()
        for line in data:
            subjects.add(subject_of(line))
            objects.add(_object(line))
        lines = set(self._survey.leading_to(sorted(subjects)))
        objects.update(node for node in map(subject_of, lines) if self.owner(node) is None)
        own = {node for node in subjects if self.owner(node) is None}  # another graph may say more of these
        self._describe((objects - subjects - {""}) | own, lines)
        return sorted(lines)

    def _describe(self, nodes: set[str], lines: set[str]) -> None:
        """Add what is said of some nodes, and of those above them."""
        described: set[str] = set()
        while nodes:
            described |= nodes
            lines.update(said := set(self._survey.about(sorted(nodes))))
            above = {_object(line) for line in said if predicate_of(line) == str(SKOS.broader)}
            below = set(self._survey.leading_to(sorted(nodes), SKOS.narrower))  # all that leads to a class would be the store
            lines |= below
            above.update(map(subject_of, below))
            nodes = above - described - {""}


def _object(line: str) -> str:
    """The object of a statement when it is a node, or nothing."""
    found = object_of(line)
    if found is not None:
        return found
    term = line.split(" ", 2)[2].removesuffix(" .")
    return term if term.startswith("_:") else ""


def _cut(subjects: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(subjects[start : start + _SUBJECTS]) for start in range(0, len(subjects), _SUBJECTS))
