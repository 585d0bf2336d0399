"""One certification of the synthetic register, in a named graph of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from rdflib import URIRef

from benchmarks.endpoint import words
from benchmarks.endpoint.concepts import Concept
from benchmarks.endpoint.quads import NamedGraph, iri, text, typed
from referentiel.iris import Minter
from referentiel.vocabulary import (
    ASSESSMENT_MODE,
    DCT,
    ESCO,
    ESCO_SKILL_TYPE,
    EVIDENCE_STATUS,
    INFERENCE_RULE,
    RDF,
    REF,
    SCHEMA,
    SKOS,
    WORK_ARRANGEMENT,
    XSD,
)

TODAY = date(2026, 11, 1)
FRAMEWORKS = (
    ("activity", (REF.ActivityFramework,), "Référentiel d'activités", "Activity framework"),
    ("competency", (REF.CompetencyFramework, SKOS.ConceptScheme), "Référentiel de compétences", "Competency framework"),
    ("assessment", (REF.AssessmentFramework,), "Référentiel d'évaluation", "Assessment framework"),
)
RULES = {REF.requires: "same-row", REF.assessedBy: "block-assessment"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What certifications refer to: IRIs of organisations, the busiest first, and concepts."""

    organisations: list[str]
    occupations: list[Concept]
    fields: list[Concept]
    levels: list[Concept]
    skills: list[Concept]


class Fiche:
    """A certification by its position in the register, from 0; the same seed makes the same one.

    One in five is of the specific register (RS): no block, occupation or level. One in ten has the whole matrix of activities,
    competencies, assessments and criteria, as one that was imported has; the others have what the national feed gives.
    """

    def __init__(self, position: int, seed: int, around: Surroundings) -> None:
        self._random = random = Random(f"{seed}/{position}")
        self._around = around
        self.national = random.random() >= 0.2
        self.number = f"{'RNCP' if self.national else 'RS'}{10_000 + position}"
        self.mint = Minter(self.number)
        self.issued = date(random.randint(2010, 2025), random.randint(1, 12), random.randint(1, 28))
        self.expires = self.issued.replace(year=self.issued.year + random.choice((3, 5)))
        self.active = self.expires > TODAY
        self.detailed = self.national and self.active and random.random() < 0.6
        self.level = ""
        self.certifiers: list[str] = []
        self.partners: list[str] = []
        self.occupations: list[str] = []
        self.skills: list[str] = []
        self.beginnings: list[str] = []
        self.competencies: list[str] = []
        self.criteria: list[str] = []
        self.graph = NamedGraph(self.mint.certification)
        self._certification()

    def _certification(self) -> None:
        random, subject = self._random, self.mint.certification
        self.graph.thing(
            subject,
            REF.Certification,
            (SKOS.notation, text(self.number)),
            (SKOS.prefLabel, text(words.title(random), "fr")),
            (DCT.identifier, text(self.number)),
            (REF.registerNumber, text(self.number)),
            (DCT.issued, typed(self.issued.isoformat(), XSD.date)),
            (SCHEMA.expires, typed(self.expires.isoformat(), XSD.date)),
            (SCHEMA.creativeWorkStatus, text("active" if self.active else "inactive")),
            (DCT.source, iri(self.mint.source)),
        )
        self.graph.thing(self.mint.source, REF.SourceDocument)
        self.certifiers = self._organisations(random.choice((1, 1, 1, 2, 2, 6)))
        self.graph.add(subject, *((DCT.creator, iri(body)) for body in self.certifiers))
        self.partners = self._organisations(0 if random.random() < 0.5 else min(int(random.paretovariate(1) * 5), 400))
        self.graph.add(subject, *((DCT.contributor, iri(body)) for body in self.partners))
        self.graph.add(subject, *((DCT.subject, iri(c.iri)) for c in random.sample(self._around.fields, random.choice((1, 1, 2)))))
        if self.national:
            self.level = self._around.levels[random.choice((2, 3, 4, 4, 5, 5, 6, 7))].iri
            self.graph.add(subject, (SCHEMA.educationalLevel, iri(self.level)))
            self.occupations = [c.iri for c in random.sample(self._around.occupations, random.randint(1, 4))]
            self.graph.add(subject, *((SCHEMA.occupationalCategory, iri(occupation)) for occupation in self.occupations))
            self._frameworks()
            for block in range(1, 1 + (random.randint(2, 6) if self.detailed else random.choice((0, 1, 1, 2, 3, 4)))):
                self._block(block)

    def _organisations(self, count: int) -> list[str]:
        """Distinct ones; the first of the list are drawn most."""
        bodies = self._around.organisations
        drawn = {int(len(bodies) * self._random.random() ** 3) for _ in range(count)}
        return [bodies[position] for position in sorted(drawn)]

    def _frameworks(self) -> None:
        if self.detailed:
            for kind, classes, french, english in FRAMEWORKS:
                subject = self.mint.framework(kind)
                labels = ((SKOS.prefLabel, text(french, "fr")), (SKOS.prefLabel, text(english, "en")))
                self.graph.add(subject, *((RDF.type, iri(cls)) for cls in classes), *labels)
                self.graph.link(self.mint.certification, REF.hasFramework, subject)

    def _block(self, position: int) -> None:
        block = self.mint.block(str(position))
        label = words.block(self._random)
        self.graph.thing(block, REF.SkillBlock, (SKOS.notation, text(str(position))), (SKOS.prefLabel, text(label, "fr")))
        self.graph.link(self.mint.certification, REF.hasBlock, block)
        if not self.detailed:
            self.graph.add(block, (DCT.description, text(words.paragraph(self._random, 3), "fr")))
            return
        activities = [self._activity(str(position), f"A{i}") for i in range(1, self._random.randint(2, 4))]
        assessment = self._assessment(str(position))
        self.graph.link(block, REF.hasAssessment, assessment)
        for i in range(1, self._random.randint(4, 8)):
            code = f"C{position}.{i}"
            competency = self._competency(code)
            self.graph.link(block, REF.hasCompetency, competency)
            activity = self._random.choice(activities)
            self._evident(code, activity, REF.requires, competency, f"{position}-{activity.rsplit('/', 1)[1]}")
            self._evident(code, competency, REF.assessedBy, assessment, str(position))

    def _activity(self, block: str, code: str) -> str:
        subject = self.mint.activity(block, code)
        self._element(subject, REF.Activity, code, words.activity(self._random), "activity")
        self.graph.link(self.mint.block(block), REF.hasActivity, subject)
        for i in range(1, self._random.randint(1, 4)):
            task = self.mint.task(block, code, f"T{i}")
            self._element(task, REF.Task, f"T{i}", words.activity(self._random), "activity")
            self.graph.link(subject, REF.hasTask, task)
        return subject

    def _assessment(self, code: str) -> str:
        subject = self.mint.assessment(code)
        self._element(subject, REF.Assessment, code, self._random.choice(words.EXAMINATIONS), "assessment")
        self.graph.add(
            subject,
            (DCT.description, text(words.paragraph(self._random, 4), "fr")),
            (REF.assessmentMode, iri(ASSESSMENT_MODE[self._random.choice(("written", "oral", "practical"))])),
            (REF.workArrangement, iri(WORK_ARRANGEMENT[self._random.choice(("individual", "group"))])),
        )
        return subject

    def _competency(self, code: str) -> str:
        subject = self.mint.competency(code)
        self.competencies.append(subject)
        self.skills.append(self._random.choice(self._around.skills).iri)
        label = words.competency(self._random)
        self.beginnings.append(" ".join(label.lower().split()[:4]))
        self._element(subject, REF.Competency, code, label, "competency")
        self.graph.add(
            subject,
            (RDF.type, iri(SKOS.Concept)),
            (SKOS.inScheme, iri(self.mint.framework("competency"))),
            (ESCO.skillType, iri(ESCO_SKILL_TYPE[self._random.choice(("skill", "skill", "knowledge"))])),
            (SKOS.closeMatch, iri(self.skills[-1])),
        )
        for i in range(1, self._random.randint(2, 4)):
            criterion = self.mint.criterion(code, f"CE{code[1:]}.{i}")
            self.criteria.append(criterion)
            self._element(criterion, REF.AssessmentCriterion, f"CE{code[1:]}.{i}", words.criterion(self._random), "assessment")
            self.graph.link(subject, REF.hasCriterion, criterion)
        return subject

    def _element(self, subject: str, cls: URIRef, code: str, label: str, framework: str) -> None:
        stated = (SKOS.notation, text(code)), (SKOS.prefLabel, text(label, "fr")), (REF.sourceNotation, text(code))
        self.graph.thing(subject, cls, *stated)
        self.graph.link(self.mint.framework(framework), REF.hasElement, subject)

    def _evident(self, code: str, subject: str, prop: URIRef, target: str, name: str) -> None:
        """A link between a competency and something else, with the evidence for it."""
        self.graph.link(subject, prop, target)
        evidence = self.mint.evidence(code, prop.rsplit("#", 1)[1], name)
        self.graph.link(self.mint.competency(code), REF.hasEvidence, evidence)
        inferred = self._random.random() < 0.7
        rule = ((REF.inferenceRule, iri(INFERENCE_RULE[RULES[prop]])),) if inferred else ()
        self.graph.thing(
            evidence,
            REF.LinkEvidence,
            (RDF.subject, iri(subject)),
            (RDF.predicate, iri(prop)),
            (RDF.object, iri(target)),
            (REF.evidenceStatus, iri(EVIDENCE_STATUS["inferred" if inferred else "stated"])),
            *rule,
        )
