"""What another version of a vocabulary changes, concept by concept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from referentiel.store.changes import predicate_of, subject_of
from referentiel.vocabularies.lines import literal
from referentiel.vocabulary import OWL, RDF, SKOS

_LABEL: Final = str(SKOS.prefLabel)
_BROADER: Final = str(SKOS.broader)
_CONCEPT: Final = f"<{SKOS.Concept}> ."


@dataclass(slots=True)
class _Concept:
    labels: dict[str, str] = field(default_factory=dict)
    broader: set[str] = field(default_factory=set)
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A concept whose preferred label is another. `language`: of both labels."""

    iri: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A concept that is below others than before."""

    iri: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two states of a vocabulary, each part sorted by IRI. `new` and `withdrawn`: IRI -> label.

    A concept is withdrawn when it is no longer there, or marked as deprecated; relabelled where both states have a label in a
    language, and these differ.
    """

    new: dict[str, str]
    withdrawn: dict[str, str]
    relabelled: tuple[Relabelled, ...]
    moved: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.withdrawn or self.relabelled or self.moved)


def difference(before: Iterable[str], after: Iterable[str]) -> Difference:
    """What leads from one graph of a vocabulary to another, both as statements."""
    old, new = _concepts(before), _concepts(after)
    both = sorted(old.keys() & new.keys())
    return Difference(
        new={iri: _name(new[iri]) for iri in sorted(new.keys() - old.keys())},
        withdrawn={iri: _name(old[iri]) for iri in sorted(old.keys() - new.keys())},
        relabelled=tuple(
            Relabelled(iri, language, label, new[iri].labels[language])
            for iri in both
            for language, label in sorted(old[iri].labels.items())
            if new[iri].labels.get(language, label) != label
        ),
        moved=tuple(
            Moved(iri, _name(new[iri]), tuple(sorted(old[iri].broader)), tuple(sorted(new[iri].broader)))
            for iri in both
            if old[iri].broader != new[iri].broader
        ),
    )


def _concepts(statements: Iterable[str]) -> dict[str, _Concept]:
    """The concepts of a graph that are not deprecated."""
    found: dict[str, _Concept] = {}
    deprecated = set[str]()
    for line in statements:
        predicate = predicate_of(line)
        if predicate not in _READ:
            continue
        subject, term = subject_of(line), line.split(" ", 2)[2]
        concept = found.setdefault(subject, _Concept())
        if predicate == _LABEL and (value := literal(term)):
            concept.labels[value[1]] = value[0]
        elif predicate == _BROADER:
            concept.broader.add(term[1:-3])
        elif predicate == str(OWL.deprecated):
            deprecated.add(subject)
        elif term == _CONCEPT:
            concept.listed = True
    return {iri: concept for iri, concept in found.items() if concept.listed and iri not in deprecated}


_READ: Final = frozenset({_LABEL, _BROADER, str(OWL.deprecated), str(RDF.type)})


def _name(concept: _Concept) -> str:
    """Its label, in French where there is one."""
    return concept.labels.get("fr") or next((concept.labels[each] for each in sorted(concept.labels)), "")
