"""Records to triples and back; and the one byte form of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from referentiel.iris import Minter
from referentiel.model import (
    Activity,
    Arrangement,
    Assessment,
    AssessmentCriterion,
    Certification,
    Column,
    Competency,
    Element,
    ElementFields,
    Excerpt,
    Link,
    Mode,
    Note,
    ReuseLevel,
    Rule,
    SkillBlock,
    SkillType,
    Task,
    by_code,
    natural_key,
)
from referentiel.vocabulary import (
    ASSESSMENT_MODE,
    DCT,
    ESCO,
    ESCO_REUSE_LEVEL,
    ESCO_SKILL_TYPE,
    EVIDENCE_STATUS,
    INFERENCE_RULE,
    INVERSES,
    RDF,
    REF,
    SKOS,
    SOURCE_COLUMN,
    WORK_ARRANGEMENT,
    empty_graph,
)

Triple: TypeAlias = tuple[Node, Node, Node]

FRAMEWORKS: dict[str, tuple[URIRef, str, str]] = {
    "activity": (REF.ActivityFramework, "Référentiel d'activités", "Activity framework"),
    "competency": (REF.CompetencyFramework, "Référentiel de compétences", "Competency framework"),
    "assessment": (REF.AssessmentFramework, "Référentiel d'évaluation", "Assessment framework"),
}
"""The three référentiels of art. L6113-1: segment of the IRI -> class, French label, English label."""


def to_graph(certification: Certification, base: str) -> Graph:
    """The named graph of one certification: no blank node, every link in both directions."""
    graph = empty_graph()
    for triple in _Writer(Minter(certification.code, base)).certification(certification):
        graph.add(triple)
    return graph


def from_graph(graph: Graph, certification: URIRef) -> Certification:
    """The records that `graph` holds of `certification`; the inverse of `to_graph`.

    Raises LookupError when the graph does not describe that certification.
    """
    if (certification, RDF.type, REF.Certification) not in graph:
        raise LookupError(str(certification))
    return _Reader(graph).certification(certification)


def to_turtle(graph: Graph) -> bytes:
    """The one byte form of a graph: Turtle, sorted, with the project's prefixes."""
    return graph.serialize(format="longturtle", encoding="utf-8")


class _Writer:
    """Triples of records below one certification."""

    def __init__(self, minter: Minter) -> None:
        self.mint = minter

    def certification(self, record: Certification) -> Iterator[Triple]:
        iri = self.mint.certification
        yield from self._element(iri, REF.Certification, record)
        yield iri, DCT.identifier, Literal(record.code)
        if record.number is not None:
            yield iri, REF.registerNumber, Literal(record.number)
        yield from self._frameworks()
        yield self.mint.source, RDF.type, REF.SourceDocument
        yield iri, DCT.source, self.mint.source
        for assessment in record.assessments:
            yield from self._assessment(assessment)
        for block in record.blocks:
            yield from self._block(block)

    def _frameworks(self) -> Iterator[Triple]:
        for kind, (cls, french, english) in FRAMEWORKS.items():
            iri = self.mint.framework(kind)
            yield iri, RDF.type, cls
            yield iri, SKOS.prefLabel, Literal(french, "fr")
            yield iri, SKOS.prefLabel, Literal(english, "en")
            yield from _link(self.mint.certification, REF.hasFramework, iri)
        yield self.mint.framework("competency"), RDF.type, SKOS.ConceptScheme

    def _block(self, record: SkillBlock) -> Iterator[Triple]:
        iri = self.mint.block(record.code)
        yield from self._element(iri, REF.SkillBlock, record)
        yield from _link(self.mint.certification, REF.hasBlock, iri)
        for code in record.assessments:
            yield from _link(iri, REF.hasAssessment, self.mint.assessment(code))
        for activity in record.activities:
            yield from self._activity(record, activity)
        for competency in record.competencies:
            yield from self._competency(record, competency)

    def _activity(self, block: SkillBlock, record: Activity) -> Iterator[Triple]:
        iri = self.mint.activity(block.code, record.code)
        yield from self._element(iri, REF.Activity, record, "activity")
        yield from _link(self.mint.block(block.code), REF.hasActivity, iri)
        for task in record.tasks:
            task_iri = self.mint.task(block.code, record.code, task.code)
            yield from self._element(task_iri, REF.Task, task, "activity")
            yield from _link(iri, REF.hasTask, task_iri)

    def _competency(self, block: SkillBlock, record: Competency) -> Iterator[Triple]:
        iri = self.mint.competency(record.code)
        yield from self._element(iri, REF.Competency, record, "competency")
        yield iri, RDF.type, SKOS.Concept
        yield iri, SKOS.inScheme, self.mint.framework("competency")
        yield from _link(self.mint.block(block.code), REF.hasCompetency, iri)
        if record.skill_type:
            yield iri, ESCO.skillType, ESCO_SKILL_TYPE[record.skill_type.value]
        if record.reuse_level:
            yield iri, ESCO.skillReuseLevel, ESCO_REUSE_LEVEL[record.reuse_level.value]
        for criterion in record.criteria:
            criterion_iri = self.mint.criterion(record.code, criterion.code)
            yield from self._element(criterion_iri, REF.AssessmentCriterion, criterion, "assessment")
            yield from _link(iri, REF.hasCriterion, criterion_iri)
        for link in record.activities:
            activity = self.mint.activity(block.code, link.code)
            evidence = self.mint.evidence(record.code, "requires", f"{block.code}-{link.code}")
            yield from self._evident(iri, evidence, (activity, REF.requires, iri), link.rule)
        for link in record.assessments:
            assessment = self.mint.assessment(link.code)
            evidence = self.mint.evidence(record.code, "assessedBy", link.code)
            yield from self._evident(iri, evidence, (iri, REF.assessedBy, assessment), link.rule)

    def _assessment(self, record: Assessment) -> Iterator[Triple]:
        iri = self.mint.assessment(record.code)
        yield from self._element(iri, REF.Assessment, record, "assessment")
        if record.description is not None:
            yield iri, DCT.description, Literal(record.description, "fr")
        for mode in record.modes:
            yield iri, REF.assessmentMode, ASSESSMENT_MODE[mode.value]
        for arrangement in record.arrangements:
            yield iri, REF.workArrangement, WORK_ARRANGEMENT[arrangement.value]

    def _element(self, iri: URIRef, cls: URIRef, record: Element, framework: str | None = None) -> Iterator[Triple]:
        yield iri, RDF.type, cls
        yield iri, SKOS.notation, Literal(record.code)
        if record.label is not None:
            yield iri, SKOS.prefLabel, Literal(record.label, "fr")
        if record.source_notation is not None:
            yield iri, REF.sourceNotation, Literal(record.source_notation)
        if record.note and record.note.fr:
            yield iri, SKOS.editorialNote, Literal(record.note.fr, "fr")
        if record.note and record.note.en:
            yield iri, SKOS.editorialNote, Literal(record.note.en, "en")
        if framework:
            yield from _link(self.mint.framework(framework), REF.hasElement, iri)
        for position, excerpt in enumerate(record.excerpts, start=1):
            yield from self._excerpt(iri, self.mint.excerpt(iri, position), excerpt)

    def _excerpt(self, element: URIRef, iri: URIRef, record: Excerpt) -> Iterator[Triple]:
        yield iri, RDF.type, REF.SourceExcerpt
        yield iri, REF.sourceText, Literal(record.text, "fr")
        yield iri, DCT.source, self.mint.source
        if record.page is not None:
            yield iri, REF.sourcePage, Literal(record.page)
        if record.column is not None:
            yield iri, REF.sourceColumn, SOURCE_COLUMN[record.column.value]
        yield from _link(element, REF.hasExcerpt, iri)

    def _evident(self, competency: URIRef, evidence: URIRef, triple: Triple, rule: Rule | None) -> Iterator[Triple]:
        """A link with the evidence for it: the statement, its status and, where inferred, the rule."""
        subject, predicate, target = triple
        yield from _link(subject, predicate, target)
        yield from _link(competency, REF.hasEvidence, evidence)
        yield evidence, RDF.type, REF.LinkEvidence
        yield evidence, RDF.subject, subject
        yield evidence, RDF.predicate, predicate
        yield evidence, RDF.object, target
        yield evidence, REF.evidenceStatus, EVIDENCE_STATUS["inferred" if rule else "stated"]
        if rule:
            yield evidence, REF.inferenceRule, INFERENCE_RULE[rule.value]


def _link(subject: Node, predicate: Node, target: Node) -> Iterator[Triple]:
    """A link and its inverse."""
    assert isinstance(predicate, URIRef)
    yield subject, predicate, target
    yield target, INVERSES[predicate], subject


class _Reader:
    """Records of one certification's graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def certification(self, iri: Node) -> Certification:
        return Certification(
            **self._common(iri),
            number=self._text(iri, REF.registerNumber),
            blocks=by_code(map(self._block, self.graph.objects(iri, REF.hasBlock))),
            assessments=by_code(map(self._assessment, self.graph.subjects(RDF.type, REF.Assessment))),
        )

    def _block(self, iri: Node) -> SkillBlock:
        assessments = map(self._code, self.graph.objects(iri, REF.hasAssessment))
        return SkillBlock(
            **self._common(iri),
            activities=by_code(map(self._activity, self.graph.objects(iri, REF.hasActivity))),
            competencies=by_code(map(self._competency, self.graph.objects(iri, REF.hasCompetency))),
            assessments=tuple(sorted(assessments, key=natural_key)),
        )

    def _activity(self, iri: Node) -> Activity:
        tasks = (Task(**self._common(task)) for task in self.graph.objects(iri, REF.hasTask))
        return Activity(**self._common(iri), tasks=by_code(tasks))

    def _competency(self, iri: Node) -> Competency:
        criteria = (AssessmentCriterion(**self._common(c)) for c in self.graph.objects(iri, REF.hasCriterion))
        skill_type = self.graph.value(iri, ESCO.skillType)
        reuse_level = self.graph.value(iri, ESCO.skillReuseLevel)
        return Competency(
            **self._common(iri),
            criteria=by_code(criteria),
            activities=by_code(self._link(iri, a, (a, REF.requires, iri)) for a in self.graph.objects(iri, REF.requiredBy)),
            assessments=by_code(self._link(iri, a, (iri, REF.assessedBy, a)) for a in self.graph.objects(iri, REF.assessedBy)),
            skill_type=SkillType(_local(skill_type, ESCO_SKILL_TYPE)) if skill_type else None,
            reuse_level=ReuseLevel(_local(reuse_level, ESCO_REUSE_LEVEL)) if reuse_level else None,
        )

    def _link(self, competency: Node, other: Node, triple: Triple) -> Link:
        """The link of a competency to `other`, with the rule that its evidence names."""
        for evidence in self.graph.objects(competency, REF.hasEvidence):
            parts = (self.graph.value(evidence, part) for part in (RDF.subject, RDF.predicate, RDF.object))
            rule = self.graph.value(evidence, REF.inferenceRule)
            if tuple(parts) == triple and rule is not None:
                return Link(self._code(other), Rule(_local(rule, INFERENCE_RULE)))
        return Link(self._code(other))

    def _assessment(self, iri: Node) -> Assessment:
        modes = {_local(mode, ASSESSMENT_MODE) for mode in self.graph.objects(iri, REF.assessmentMode)}
        arrangements = {_local(value, WORK_ARRANGEMENT) for value in self.graph.objects(iri, REF.workArrangement)}
        return Assessment(
            **self._common(iri),
            description=self._text(iri, DCT.description),
            modes=tuple(mode for mode in Mode if mode.value in modes),
            arrangements=tuple(value for value in Arrangement if value.value in arrangements),
        )

    def _common(self, iri: Node) -> ElementFields:
        excerpts = sorted(self.graph.objects(iri, REF.hasExcerpt), key=lambda excerpt: natural_key(str(excerpt)))
        notes = {_language(note): str(note) for note in self.graph.objects(iri, SKOS.editorialNote)}
        return {
            "code": self._code(iri),
            "label": self._text(iri, SKOS.prefLabel),
            "source_notation": self._text(iri, REF.sourceNotation),
            "excerpts": tuple(map(self._excerpt, excerpts)),
            "note": Note(fr=notes.get("fr"), en=notes.get("en")) if notes else None,
        }

    def _excerpt(self, iri: Node) -> Excerpt:
        page = self._text(iri, REF.sourcePage)
        column = self.graph.value(iri, REF.sourceColumn)
        return Excerpt(
            text=self._text(iri, REF.sourceText) or "",
            page=int(page) if page else None,
            column=Column(_local(column, SOURCE_COLUMN)) if column else None,
        )

    def _code(self, iri: Node) -> str:
        """The notation; without one, the last segment of the IRI, so that a faulty graph can still be shown."""
        return self._text(iri, SKOS.notation) or str(iri).rpartition("/")[2]

    def _text(self, iri: Node, predicate: URIRef) -> str | None:
        """The French value, or the first in the alphabet when there is none in French."""
        values = sorted(self.graph.objects(iri, predicate), key=lambda value: (_language(value) != "fr", str(value)))
        return str(values[0]) if values else None


def _language(value: Node) -> str | None:
    return value.language if isinstance(value, Literal) else None


def _local(iri: Node, namespace: str) -> str:
    """The part of an IRI after its namespace."""
    return str(iri).removeprefix(namespace)
