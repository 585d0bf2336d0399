"""JSON-LD 1.1: the published context, the frame that makes one readable tree of a certification, and the writer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Lock
from typing import Any, Final, TypeAlias

from pyld import jsonld
from rdflib import Graph, URIRef
from rdflib.plugins.serializers.jsonld import from_rdf

from referentiel.model import natural_key
from referentiel.vocabulary import INVERSES, PREFIXES, REF, XSD

Json: TypeAlias = dict[str, Any]

_CLASSES: Final = (
    "Certification SkillBlock Activity Task Competency Assessment AssessmentCriterion Framework ActivityFramework "
    "CompetencyFramework AssessmentFramework SourceDocument SourceExcerpt LinkEvidence Revision"
).split()
_TEXTS: Final = {
    "prefLabel": "skos:prefLabel",
    "altLabel": "skos:altLabel",
    "definition": "skos:definition",
    "editorialNote": "skos:editorialNote",
    "label": "rdfs:label",
    "title": "dct:title",
    "description": "dct:description",
    "citation": "dct:bibliographicCitation",
    "sourceText": "ref:sourceText",
    "message": "sh:message",
}
_LITERALS: Final = {
    "notation": "skos:notation",
    "identifier": "dct:identifier",
    "sourceNotation": "ref:sourceNotation",
    "sourcePage": "ref:sourcePage",
    "registerNumber": "ref:registerNumber",
    "ruleCode": "ref:ruleCode",
}
_REFERENCES: Final = {
    "source": "dct:source",
    "license": "dct:license",
    "inScheme": "skos:inScheme",
    "isDefinedBy": "rdfs:isDefinedBy",
    "assessmentMode": "ref:assessmentMode",
    "workArrangement": "ref:workArrangement",
    "evidenceStatus": "ref:evidenceStatus",
    "inferenceRule": "ref:inferenceRule",
    "sourceColumn": "ref:sourceColumn",
    "skillType": "esco:skillType",
    "skillReuseLevel": "esco:skillReuseLevel",
    "subject": "rdf:subject",
    "object": "rdf:object",
}
_ONE_VALUED: Final = {
    *(REF.frameworkOf, REF.blockOf, REF.activityOf, REF.taskOf, REF.competencyOf, REF.criterionOf),
    *(REF.excerptOf, REF.evidenceOf, REF.inFramework),
}


def _links() -> Iterator[tuple[str, Json]]:
    """The links of the ontology: lists, even of one, except where there can be one only."""
    for predicate in (*INVERSES, *INVERSES.values()):
        name = predicate.removeprefix(str(REF))
        yield name, {"@id": f"ref:{name}", "@type": "@id"} | ({} if predicate in _ONE_VALUED else {"@container": "@set"})


CONTEXT: Final[Json] = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    **PREFIXES,
    **{name: f"ref:{name}" for name in _CLASSES},
    **_LITERALS,
    **{name: {"@id": iri, "@container": "@language"} for name, iri in _TEXTS.items()},
    **{name: {"@id": iri, "@type": "@id"} for name, iri in _REFERENCES.items()},
    "predicate": {"@id": "rdf:predicate", "@type": "@vocab"},
    **dict(_links()),
}
"""What the keys mean. Texts are keyed by language, links are IRIs or the thing itself, links to many are always lists."""

_BRANCHES: Final[dict[str, tuple[str, ...]]] = {
    "source": (),
    "hasExcerpt": (),
    "hasBlock": ("hasExcerpt", "hasActivity", "hasCompetency", "hasAssessment"),
    "hasActivity": ("hasExcerpt", "hasTask"),
    "hasTask": ("hasExcerpt",),
    "hasCompetency": ("hasExcerpt", "hasCriterion", "hasEvidence"),
    "hasCriterion": ("hasExcerpt",),
    "hasEvidence": (),
    "hasAssessment": ("hasExcerpt",),
    "hasFramework": (),
}
"""Where a tree grows: link -> the links that are followed from there. Every other link stays a reference."""

_ORDER: Final = ("@context", "id", "type", "notation", "identifier", "registerNumber", "prefLabel", "sourceNotation")
_IN_ORDER: Final = {"@list", "@graph"}
_framing = Lock()  # PyLD keeps contexts in a cache that threads may not share


def to_jsonld(graph: Graph, root: URIRef, context_url: str) -> bytes:
    """The graph as compact JSON-LD: one tree from `root`; what the tree does not reach stands beside it in `@graph`."""
    nodes = [_plain(node) for node in from_rdf(graph)]  # type: ignore[no-untyped-call]
    options: Json = {"documentLoader": _loader(context_url), "omitDefault": True, "omitGraph": True, "embed": "@never"}
    with _framing:
        tree: Json = jsonld.frame(nodes, frame(graph, root) | {"@context": context_url}, options)
        reached = set(_described(tree))
        others = [node for node in nodes if node["@id"] not in reached]
        if others:
            rest: Json = jsonld.compact(others, context_url, options | {"graph": True})
            tree.pop("@context")
            tree = {"@context": context_url, "@graph": [*filter(None, [_tidy(tree)]), *_tidy(rest["@graph"])]}
    return json.dumps(_tidy(tree), ensure_ascii=False, indent=2).encode() + b"\n"


def frame(graph: Graph, root: URIRef) -> Json:
    """The frame of the tree below `root` (JSON-LD 1.1 Framing): branches are embedded once, all else is named only."""
    subjects = set(graph.subjects())
    linking = {str(predicate) for _, predicate, target in graph if target in subjects}
    closed: Json = {iri: {"@embed": "@never", "@id": {}} for iri in linking - {_expand(name) for name in _BRANCHES}}
    return closed | {name: _branch(name, closed) for name in _BRANCHES} | {"@id": str(root)}


def _branch(name: str, closed: Json) -> Json:
    grown = {below: _branch(below, closed) for below in _BRANCHES[name]}
    kept = {other: {"@embed": "@never", "@id": {}} for other in _BRANCHES if other not in grown}
    return closed | kept | grown | {"@embed": "@once", "@id": {}}


def _expand(term: str) -> str:
    definition = CONTEXT[term]
    prefix, _, local = (definition if isinstance(definition, str) else definition["@id"]).partition(":")
    return PREFIXES[prefix] + local


def _loader(context_url: str) -> Any:
    """Serves our context from memory and nothing else: writing a graph opens no connection."""

    def load(url: str, _options: Json) -> Json:
        if url != context_url:
            raise LookupError(url)
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXT}}

    return load


def _plain(value: Any) -> Any:
    """Expanded JSON-LD of plain strings, which rdflib's are not, and of numbers where a number reads back as the same literal."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return str(value) if isinstance(value, str) else value
    if str(value.get("@type")) == str(XSD.integer) and str(value["@value"]) == _canonical(value["@value"]):
        return {"@value": int(value["@value"])}
    return {str(key): _plain(item) for key, item in value.items()}


def _canonical(number: object) -> str | None:
    try:
        return str(int(str(number)))
    except ValueError:
        return None


def _described(value: Any) -> Iterator[str]:
    """The nodes that a tree says something of."""
    if isinstance(value, list):
        for item in value:
            yield from _described(item)
    elif isinstance(value, dict):
        if "id" in value and len(value.keys() - {"@context"}) > 1:
            yield value["id"]
        for item in value.values():
            yield from _described(item)


def _tidy(value: Any) -> Any:
    """The same with keys and sets in an order for people: identity, texts, references, branches; C9 before C10."""
    if isinstance(value, list):
        return sorted((_tidy(item) for item in value), key=_position)
    if isinstance(value, dict):
        ordered = sorted(value, key=_key_position)
        return {key: value[key] if key in _IN_ORDER else _tidy(value[key]) for key in ordered}
    return value


def _key_position(key: str) -> tuple[int, int, str]:
    if key in _ORDER:
        return 0, _ORDER.index(key), key
    return (2, list(_BRANCHES).index(key), key) if key in _BRANCHES else (1, 0, key)


def _position(item: object) -> tuple[tuple[int, int, str], ...]:
    return natural_key(str(item.get("id", item.get("@value", ""))) if isinstance(item, dict) else str(item))
