"""What no rule of SHACL can say: which statements have a place in which graph.

Each certification has one graph, each of its statements stands there and nowhere else, and no other graph speaks of what lies
below it but to map it to other vocabularies. So a write can be judged by looking at the certifications that it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.gate.names import Space
from referentiel.gate.outcome import Protected, Unfit
from referentiel.gate.working_out import described_as
from referentiel.store import Changes, Name, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.validation import Bilingual
from referentiel.vocabulary import ONTOLOGY, OWL, RDF, RDFS, REF, SKOS

MAPPINGS: Final = frozenset(
    str(predicate) for predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
)
"""The only properties by which another graph may speak of a certification's elements."""

_SCHEMA: Final = frozenset(map(str, (OWL.inverseOf, RDFS.subClassOf)))
_SHOWN: Final = 5

Fault = Callable[[str], bool]


def check(changes: Changes, space: Space) -> None:
    """Raise Protected for a graph that nobody writes, Unfit for a statement that has no place where it would be added."""
    for change in changes.graphs:
        if space.protects(change.name):
            raise Protected(change.name)
        for fault, reason in _faults(change.name, space):
            if found := sorted(statement for statement in change.added if fault(statement))[:_SHOWN]:
                raise Unfit(reason, tuple(found))
        if schema := sorted(filter(_is_schema, change.removed))[:_SHOWN]:
            raise Unfit(_NO_SCHEMA, tuple(schema))


def require_described(name: URIRef, after: Statements) -> None:
    """Raise Unfit unless a certification's graph describes it: without its type no rule would apply to it."""
    if described_as(name) not in after:
        raise Unfit(
            Bilingual(
                f"le graphe ne décrit pas la certification {name} : il y manque son type, {REF.Certification}",
                f"the graph does not describe the certification {name}: its type, {REF.Certification}, is missing",
            )
        )


def _faults(name: Name, space: Space) -> Iterator[tuple[Fault, Bilingual]]:
    yield _is_blank, _NO_BLANK
    yield _is_quoted, _NO_QUOTED
    yield _is_schema, _NO_SCHEMA
    if space.code(name) is not None:
        inside, versions = (f"<{name}>", f"<{name}/"), f"<{name}/version/"
        yield (
            lambda statement: not _starts(statement, inside) or statement.startswith(versions),
            Bilingual(
                f"chaque sujet doit être {name} ou se trouver sous cette adresse (et non sous {name}/version/)",
                f"each subject must be {name} or lie below that address (and not below {name}/version/)",
            ),
        )
        return
    yield lambda statement: space.reserves(subject_of(statement)), _RESERVED
    yield (
        lambda statement: space.is_certification(subject_of(statement)) and predicate_of(statement) not in MAPPINGS,
        _ELSEWHERE,
    )
    yield _is_typed_as_ours, _TYPED


def _starts(statement: str, beginnings: tuple[str, str]) -> bool:
    return statement.startswith((f"{beginnings[0]} ", beginnings[1]))


def _is_blank(statement: str) -> bool:
    return statement.startswith("_:") or statement.split(" ", 2)[2].startswith("_:")


def _is_quoted(statement: str) -> bool:
    """Whether it needs RDF 1.2: a triple as a term, or a text with a direction."""
    term = statement.split(" ", 2)[2]
    return statement.startswith("<<") or term.startswith("<<") or (term.startswith('"') and "--" in term.rpartition('"')[2])


def _is_schema(statement: str) -> bool:
    """Whether it decides what links, classes or terms of ours mean, whatever graph it stands in."""
    predicate = predicate_of(statement)
    return predicate in _SCHEMA or (predicate == str(RDFS.isDefinedBy) and object_of(statement) == str(ONTOLOGY))


def _is_typed_as_ours(statement: str) -> bool:
    target = object_of(statement)
    return target is not None and target.startswith(str(REF)) and predicate_of(statement) == str(RDF.type)


_NO_BLANK: Final = Bilingual(
    "les nœuds anonymes ne sont pas admis : donnez une adresse (IRI) à chaque chose décrite",
    "blank nodes are not admitted: give an address (IRI) to each thing described",
)
_NO_QUOTED: Final = Bilingual(
    "les triplets cités et les textes orientés de RDF 1.2 ne sont pas admis",
    "triples as terms and directional texts of RDF 1.2 are not admitted",
)
_NO_SCHEMA: Final = Bilingual(
    "rdfs:subClassOf et owl:inverseOf changeraient le sens des règles, comme un terme de plus : leur place est dans l'ontologie",
    "rdfs:subClassOf and owl:inverseOf would change what the rules mean, and so would another term: they belong in the ontology",
)
_RESERVED: Final = Bilingual(
    "ce sujet appartient au service (ontologie, règles, catalogue, historique)",
    "this subject belongs to the service (ontology, rules, catalogue, history)",
)
_ELSEWHERE: Final = Bilingual(
    "ce qui décrit une certification a sa place dans le graphe de cette certification ; un autre graphe peut seulement la"
    " rapprocher d'autres vocabulaires (skos:exactMatch, closeMatch, broadMatch, narrowMatch, relatedMatch)",
    "what describes a certification belongs in the graph of that certification; another graph may only map it to other"
    " vocabularies (skos:exactMatch, closeMatch, broadMatch, narrowMatch, relatedMatch)",
)
_TYPED: Final = Bilingual(
    "les classes de l'ontologie Référentiel (Competency, SkillBlock…) ne s'emploient que dans le graphe d'une certification",
    "the classes of the Référentiel ontology (Competency, SkillBlock…) are used in the graph of a certification only",
)
