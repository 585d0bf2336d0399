"""What no rule of SHACL can say: which statements have a place in which graph.

Each certification has one graph, each of its statements stands there and nowhere else, and no other graph speaks of what lies
below it but to map it to other vocabularies. So a write can be judged by looking at the certifications that it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rdflib import URIRef

from referentiel.gate.footprint import KEYS, TIES
from referentiel.gate.names import Space
from referentiel.gate.outcome import Protected, Unfit
from referentiel.gate.view import MAPPINGS
from referentiel.gate.working_out import described_as
from referentiel.store import Changes, Name, Statements
from referentiel.store.changes import object_of, predicate_of, subject_of
from referentiel.validation import Bilingual
from referentiel.vocabulary import DCT, ONTOLOGY, OWL, RDF, RDFS, REF

_SCHEMA: Final = frozenset(map(str, (OWL.inverseOf, RDFS.subClassOf)))
_SHOWN: Final = 5
_LONGEST: Final = 2000
"""Characters of the longest IRI."""

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
    yield _is_long, _TOO_LONG
    if space.code(name) is not None:
        inside, versions = (f"<{name}>", f"<{name}/"), f"<{name}/version/"
        yield (
            lambda statement: not _starts(statement, inside) or statement.startswith(versions),
            Bilingual(
                f"chaque sujet doit être {name} ou se trouver sous cette adresse (et non sous {name}/version/)",
                f"each subject must be {name} or lie below that address (and not below {name}/version/)",
            ),
        )
        yield lambda statement: _names_certification(statement) and subject_of(statement) != str(name), _NESTED
        yield lambda statement: _ties(statement, TIES, space) not in {None, str(name)}, _TIED
        return
    yield lambda statement: _ties(statement, TIES - {str(DCT.source)}, space) is not None, _TIED
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
    tag = term.rpartition('"')[2] if term.startswith('"') else ""
    return statement.startswith("<<") or term.startswith("<<") or (tag.startswith("@") and "--" in tag)


def _names_certification(statement: str) -> bool:
    return predicate_of(statement) == str(RDF.type) and object_of(statement) == str(REF.Certification)


def _ties(statement: str, predicates: frozenset[str], space: Space) -> str | None:
    """The certification that a link of the frameworks leads into, if it is such a link."""
    target = object_of(statement)
    unit = space.unit(target) if target and predicate_of(statement) in predicates else ""
    return unit if space.is_certification(unit) else None


def _is_long(statement: str) -> bool:
    """Whether an IRI, or a value that rules compare between certifications, is longer than anybody needs."""
    if len(statement) <= _LONGEST:
        return False
    iris = (subject_of(statement), predicate_of(statement), object_of(statement) or "")
    return any(len(iri) > _LONGEST for iri in iris) or predicate_of(statement) in KEYS


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
_TOO_LONG: Final = Bilingual(
    f"une adresse (IRI) ou un numéro d'enregistrement dépasse {_LONGEST} caractères",
    f"an IRI or a register number is longer than {_LONGEST} characters",
)
_NESTED: Final = Bilingual(
    "une certification n'en contient pas d'autre : chacune a son adresse et son graphe",
    "a certification holds no other: each has its own address and graph",
)
_TIED: Final = Bilingual(
    "un lien des référentiels (ref:hasCompetency, ref:inFramework, skos:inScheme…) ne mène pas dans une autre certification :"
    " chacune se suffit ; pour rapprocher deux compétences, skos:broader, skos:related ou skos:exactMatch",
    "a link of the frameworks (ref:hasCompetency, ref:inFramework, skos:inScheme…) leads into no other certification: each is"
    " sufficient by itself; to relate two competencies, use skos:broader, skos:related or skos:exactMatch",
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
