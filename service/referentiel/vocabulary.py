"""Every namespace and term the project writes: the only module that spells an IRI prefix."""

from __future__ import annotations

from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.namespace import PROV

__all__ = ["DCT", "OWL", "PROV", "RDF", "RDFS", "SH", "SKOS", "XSD"]  # handed on: others import every term from here


ROOT: Final = "https://w3id.org/referentiel/"
"""Where the vocabulary lives. Fixed: an operator's own base never moves the ontology, the schemes or the shapes."""

DEFAULT_BASE: Final = ROOT + "id/"
"""Where resources live unless an operator configures another base."""

REF = Namespace(ROOT + "ns#")
SHAPES = Namespace(ROOT + "shapes#")
ASSESSMENT_MODE = Namespace(ROOT + "scheme/assessment-mode#")
WORK_ARRANGEMENT = Namespace(ROOT + "scheme/work-arrangement#")
EVIDENCE_STATUS = Namespace(ROOT + "scheme/evidence-status#")
INFERENCE_RULE = Namespace(ROOT + "scheme/inference-rule#")
SOURCE_COLUMN = Namespace(ROOT + "scheme/source-column#")

ESCO = Namespace("http://data.europa.eu/esco/model#")
ESCO_SKILL = Namespace("http://data.europa.eu/esco/skill/")
ESCO_OCCUPATION = Namespace("http://data.europa.eu/esco/occupation/")
ESCO_ISCO = Namespace("http://data.europa.eu/esco/isco/")
ESCO_SCHEME = Namespace("http://data.europa.eu/esco/concept-scheme/")
ESCO_SKILL_TYPE = Namespace("http://data.europa.eu/esco/skill-type/")
ESCO_REUSE_LEVEL = Namespace("http://data.europa.eu/esco/skill-reuse-level/")
ELM = Namespace("http://data.europa.eu/snb/model/elm/")
SCHEMA = Namespace("https://schema.org/")
CETERMS = Namespace("https://purl.org/ctdl/terms/")
CEASN = Namespace("https://purl.org/ctdlasn/terms/")
CASE = Namespace("https://purl.imsglobal.org/spec/case/v1p1/schema/openapi/imscasev1p1_openapi3_v1p0.json#/components/schemas/")
VANN = Namespace("http://purl.org/vocab/vann/")

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
TREE = Namespace("https://w3id.org/tree#")
LDES = Namespace("https://w3id.org/ldes#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
TEXT_INDEX = Namespace("http://jena.apache.org/text#")

SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
PAV = Namespace("http://purl.org/pav/")
ORCID = Namespace("https://orcid.org/")

MEDIA_TYPE = Namespace("https://www.iana.org/assignments/media-types/")
EU_AUTHORITY = Namespace("http://publications.europa.eu/resource/authority/")
"""The controlled lists of the European Union that DCAT-AP asks for: file types, languages, themes, access rights."""

ATOM: Final = "http://www.w3.org/2005/Atom"
FEED_HISTORY: Final = "http://purl.org/syndication/history/1.0"
"""The namespaces of the elements of a feed: names in XML, no terms of a graph."""

SPARQL_PROTOCOL: Final = URIRef("https://www.w3.org/TR/sparql11-protocol/")
CC_BY: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
LICENCE_OUVERTE: Final = URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence/")

ONTOLOGY: Final = URIRef(ROOT + "ns")
SHAPES_GRAPH: Final = URIRef(ROOT + "shapes")

LIBRARY_GRAPH: Final = URIRef(ROOT + "library")
LIBRARY = Namespace(ROOT + "library#")

PREFIXES: Final[dict[str, str]] = {
    "ref": str(REF),
    "rs": str(SHAPES),
    "mode": str(ASSESSMENT_MODE),
    "arrangement": str(WORK_ARRANGEMENT),
    "status": str(EVIDENCE_STATUS),
    "rule": str(INFERENCE_RULE),
    "column": str(SOURCE_COLUMN),
    "esco": str(ESCO),
    "elm": str(ELM),
    "schema": str(SCHEMA),
    "ceterms": str(CETERMS),
    "ceasn": str(CEASN),
    "case": str(CASE),
    "vann": str(VANN),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "xsd": str(XSD),
    "skos": str(SKOS),
    "dct": str(DCT),
    "sh": str(SH),
    "prov": str(PROV),
    "dcat": str(DCAT),
    "void": str(VOID),
    "sd": str(SD),
    "foaf": str(FOAF),
    "hydra": str(HYDRA),
    "tree": str(TREE),
    "ldes": str(LDES),
    "formats": str(FORMATS),
    "text": str(TEXT_INDEX),
    "library": str(LIBRARY),
    "sssom": str(SSSOM),
    "semapv": str(SEMAPV),
    "pav": str(PAV),
}
"""Prefixes bound in everything the project writes and predefined for nothing that it reads."""

INVERSES: Final[dict[URIRef, URIRef]] = {
    REF.hasFramework: REF.frameworkOf,
    REF.hasElement: REF.inFramework,
    REF.hasBlock: REF.blockOf,
    REF.hasActivity: REF.activityOf,
    REF.hasTask: REF.taskOf,
    REF.hasCompetency: REF.competencyOf,
    REF.requires: REF.requiredBy,
    REF.hasCriterion: REF.criterionOf,
    REF.hasAssessment: REF.assessmentOf,
    REF.assessedBy: REF.assesses,
    REF.hasExcerpt: REF.excerptOf,
    REF.hasEvidence: REF.evidenceOf,
}
"""Forward property -> inverse. Both directions are stored, so that each resource's own description can be followed."""


def bind_prefixes(graph: Graph) -> Graph:
    """Bind the project's prefixes, and no other, on `graph`; return it."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def empty_graph() -> Graph:
    """A graph that writes the project's prefixes only."""
    return bind_prefixes(Graph(bind_namespaces="none"))
