"""How a node of the graph is named to people: what it is, its code, and where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from referentiel.validation.rules import Bilingual
from referentiel.vocabulary import RDF, REF, SKOS

_KINDS: dict[URIRef, tuple[Bilingual, URIRef | None]] = {
    REF.Certification: (Bilingual("certification", "certification"), None),
    REF.ActivityFramework: (Bilingual("référentiel d'activités", "activity framework"), None),
    REF.CompetencyFramework: (Bilingual("référentiel de compétences", "competency framework"), None),
    REF.AssessmentFramework: (Bilingual("référentiel d'évaluation", "assessment framework"), None),
    REF.SkillBlock: (Bilingual("bloc", "block"), None),
    REF.Activity: (Bilingual("activité", "activity"), REF.activityOf),
    REF.Task: (Bilingual("tâche", "task"), REF.taskOf),
    REF.Competency: (Bilingual("compétence", "competency"), REF.competencyOf),
    REF.AssessmentCriterion: (Bilingual("critère", "criterion"), REF.criterionOf),
    REF.Assessment: (Bilingual("modalité d'évaluation", "assessment"), None),
    REF.SourceDocument: (Bilingual("document source", "source document"), None),
    REF.SourceExcerpt: (Bilingual("extrait de la source", "source excerpt"), REF.excerptOf),
    REF.LinkEvidence: (Bilingual("preuve de lien", "link evidence"), REF.evidenceOf),
}
"""Class -> its name, and the property that leads to what holds it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a graph holds."""

    certifications: int
    blocks: int
    activities: int
    tasks: int
    competencies: int
    criteria: int
    assessments: int


def contents(graph: Graph, described: Collection[Node]) -> Contents:
    """What `graph` holds among the nodes that are described, counted by class."""

    def count(cls: URIRef) -> int:
        return len(set(graph.subjects(RDF.type, cls)).intersection(described))

    return Contents(
        certifications=count(REF.Certification),
        blocks=count(REF.SkillBlock),
        activities=count(REF.Activity),
        tasks=count(REF.Task),
        competencies=count(REF.Competency),
        criteria=count(REF.AssessmentCriterion),
        assessments=count(REF.Assessment),
    )


def notation(graph: Graph, node: Node) -> str | None:
    """The code of a node, the first in the alphabet when a faulty graph gives several."""
    return min(map(str, graph.objects(node, SKOS.notation)), default=None)


def label(graph: Graph, node: Node) -> str | None:
    """The label of a node, in French when there is one."""
    labels = [value for value in graph.objects(node, SKOS.prefLabel) if isinstance(value, Literal)]
    return min(map(str, [text for text in labels if text.language == "fr"] or labels), default=None)


def place(graph: Graph, node: Node) -> Bilingual:
    """Where a node stands, for instance « critère CE5.2, compétence C5, bloc 1 »; its IRI when the graph does not say."""
    names: list[Bilingual] = []
    seen: set[Node] = set()
    here: Node | None = node
    while here is not None and here not in seen:
        seen.add(here)
        name, parent = _name(graph, here)
        names.append(name)
        here = min(graph.objects(here, parent), key=str, default=None) if parent else None
    return Bilingual(fr=", ".join(name.fr for name in names), en=", ".join(name.en for name in names))


def _name(graph: Graph, node: Node) -> tuple[Bilingual, URIRef | None]:
    if isinstance(node, BNode):
        return Bilingual("nœud sans adresse", "node without an address"), None
    types = set(graph.objects(node, RDF.type))
    for cls, (kind, parent) in _KINDS.items():
        if cls in types:
            code = notation(graph, node)
            suffix = f" {code}" if code else ""
            return Bilingual(kind.fr + suffix, kind.en + suffix), parent
    return Bilingual(str(node), str(node)), None
