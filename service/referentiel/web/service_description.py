"""What the SPARQL endpoint says of itself (SPARQL 1.1 Service Description), and the graphs that it answers from.

Addresses come from the settings, never from a request: clients follow `sd:endpoint` wherever it leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef

from referentiel.catalog import Names, Triple
from referentiel.settings import Limits, Settings
from referentiel.store import QUERY_LIMIT, Engine
from referentiel.vocabulary import FORMATS, RDF, RDFS, REF, SD, TEXT_INDEX, VOID, XSD, empty_graph

RESULT_FORMATS: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)
"""The formats of answers, as the W3C names them (Unique URIs for File Formats)."""

NAMED_AT_MOST: Final = 1000
"""Beyond so many graphs the certifications are left to `/graphs`, which lists all graphs page by page."""

_COUNTED_AT_ONCE: Final = 100


def description(store: Engine, settings: Settings) -> Graph:
    """The service description, for a GET of the endpoint without a query that asks for RDF (section 2)."""
    names = Names.of(settings)
    service, endpoint = names.service, names.address("/sparql")
    graph = empty_graph()
    for triple in (
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, endpoint),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.supportedLanguage, SD.SPARQL11Update),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.propertyFeature, TEXT_INDEX.query),
        (TEXT_INDEX.query, RDF.type, SD.Feature),
        *((service, SD.resultFormat, FORMATS[name]) for name in RESULT_FORMATS),
        *_limits(service, settings.limits),
        *dataset(store, names, named(store, names)),
    ):
        graph.add(triple)
    return graph


def collection(names: Names) -> URIRef:
    """The dataset that the service answers from. It and its parts are named as fragments of the service, which describes them."""
    return URIRef(f"{names.service}#dataset")


def dataset(store: Engine, names: Names, listed: Sequence[URIRef]) -> Iterator[Triple]:
    """The graphs of the store: the default graph is the union of the named ones, of which those listed are told."""
    service = names.service
    held, default = collection(names), URIRef(f"{service}#default-graph")
    yield service, SD.defaultDataset, held
    yield held, RDF.type, SD.Dataset
    yield held, SD.defaultGraph, default
    yield default, RDF.type, SD.Graph
    yield default, VOID.triples, Literal(len(store))
    yield from ((held, RDFS.seeAlso, names.address(page)) for page in ("/catalog", "/graphs"))
    counts = triples(store, names, listed)
    for name in listed:
        graph = URIRef(f"{service}#graph/{quote(name, safe='')}")
        yield held, SD.namedGraph, graph
        yield graph, RDF.type, SD.NamedGraph
        yield graph, SD.name, name
        yield graph, SD.graph, URIRef(f"{graph}/content")
        yield URIRef(f"{graph}/content"), RDF.type, SD.Graph
        if name in counts:
            yield URIRef(f"{graph}/content"), VOID.triples, Literal(counts[name])


def named(store: Engine, names: Names) -> tuple[URIRef, ...]:
    """The named graphs that a service description lists: all, or all but the certifications where they are very many."""
    held = store.graph_names()
    return held if len(held) <= NAMED_AT_MOST else tuple(name for name in held if not names.certifies(name))


def triples(store: Engine, names: Names, listed: Iterable[URIRef]) -> dict[URIRef, int]:
    """How many triples graphs hold: as the catalogue says, which counts in the background; a few that it does not list, counted."""
    counted = f"GRAPH {names.catalog.n3()} {{ ?d {VOID.rootResource.n3()} ?g ; {VOID.triples.n3()} ?n }}"
    found = _counts(store, f"SELECT ?g ?n {{ {counted} }}")
    uncounted = [name.n3() for name in listed if name not in found]
    if len(uncounted) > _COUNTED_AT_ONCE:
        return found
    others = " ".join(uncounted)
    return found | _counts(store, f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {others} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")


def _counts(store: Engine, query: str) -> dict[URIRef, int]:
    return {URIRef(name): int(number) for name, number in store.query(query).rows() if name and number}


def _limits(service: URIRef, limits: Limits) -> Iterator[Triple]:
    yield service, REF.queryTimeLimit, Literal(Decimal(str(limits.seconds)))
    yield service, REF.queryMemoryLimit, Literal(limits.memory)
    yield service, REF.answerRowLimit, Literal(limits.rows)
    yield service, REF.queryByteLimit, Literal(QUERY_LIMIT)
    yield service, REF.queueLimit, Literal(limits.queue)
    if limits.rate:
        yield service, REF.queryRateLimit, Literal(limits.rate)
    if limits.services:
        yield service, SD.feature, SD.BasicFederatedQuery
    for allowed in limits.services:
        yield service, REF.allowedService, Literal(allowed, datatype=XSD.anyURI)
