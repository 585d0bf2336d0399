"""Catalogue, service and datasets as DCAT-AP 3 describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rdflib import Literal, URIRef

from referentiel.catalog.held import Held
from referentiel.catalog.names import Names, Triple
from referentiel.store import ResultFormat
from referentiel.vocabulary import (
    CC_BY,
    DCAT,
    DCT,
    EU_AUTHORITY,
    FOAF,
    LIBRARY_GRAPH,
    MEDIA_TYPE,
    ONTOLOGY,
    RDF,
    RDFS,
    ROOT,
    SHAPES_GRAPH,
    SPARQL_PROTOCOL,
    VOID,
)

FILE_TYPES: Final[Mapping[ResultFormat, URIRef]] = {
    ResultFormat.TURTLE: EU_AUTHORITY["file-type/RDF_TURTLE"],
    ResultFormat.JSON_LD: EU_AUTHORITY["file-type/JSON_LD"],
    ResultFormat.RDF_XML: EU_AUTHORITY["file-type/RDF_XML"],
    ResultFormat.N_TRIPLES: EU_AUTHORITY["file-type/RDF_N_TRIPLES"],
}
"""The formats in which each graph can be downloaded, as the European list of file types names them."""

TYPED: Final[Mapping[URIRef, URIRef]] = {
    CC_BY: DCT.LicenseDocument,
    SPARQL_PROTOCOL: DCT.Standard,
    **{MEDIA_TYPE[form.media_type]: DCT.MediaType for form in FILE_TYPES},
}
"""What others have named and DCAT-AP wants to be told the class of; the lists of the European Union say it themselves."""

_FRENCH, _ENGLISH = EU_AUTHORITY["language/FRA"], EU_AUTHORITY["language/ENG"]

_CATALOG: Final = (
    "Catalogue des certifications professionnelles",
    "Catalogue of professional certifications",
    "Les certifications professionnelles françaises tenues ici, une par jeu de données, et les vocabulaires qui les décrivent.",
    "The French professional certifications held here, one per dataset, and the vocabularies that describe them.",
)
_REGISTER: Final = (
    *_CATALOG[:2],
    "Les certifications professionnelles françaises tenues ici, comme un seul jeu de données tant elles sont nombreuses "
    "(l'adresse /graphs énumère leurs graphes), et les vocabulaires qui les décrivent, un par jeu de données.",
    "The French professional certifications held here, as one dataset since they are so many (the address /graphs lists their "
    "graphs), and the vocabularies that describe them, one per dataset.",
)
"""The same where certifications have no dataset of their own."""

_WHOLE: Final = (
    "Le graphe entier",
    "The whole graph",
    "Toutes les certifications et tous les vocabulaires tenus ici, comme un seul graphe que l'on interroge en SPARQL. "
    "L'adresse /graphs énumère les graphes nommés qui le composent.",
    "All certifications and all vocabularies held here, as one graph to be queried in SPARQL. "
    "The address /graphs lists the named graphs that it is made of.",
)
_SERVICE: Final = (
    "Point d'accès SPARQL",
    "SPARQL endpoint",
    "Répond aux questions SPARQL 1.1 sur toutes les certifications et tous les vocabulaires tenus ici.",
    "Answers SPARQL 1.1 queries over all certifications and all vocabularies held here.",
)
_CERTIFICATION_KEYWORDS: Final = ("référentiel de certification", "certification framework")
_CERTIFICATION: Final = (
    "Les référentiels d'activités, de compétences et d'évaluation de cette certification, et ce qui les lie.",
    "The activity, competency and assessment frameworks of this certification, and what ties them.",
    *_CERTIFICATION_KEYWORDS,
)
_VOCABULARIES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    str(ONTOLOGY): (
        "Ontologie qui sert à décrire les certifications : ses classes et ses propriétés, leurs libellés et leurs définitions.",
        "Ontology that serves to describe certifications: its classes and properties, their labels and their definitions.",
        "ontologie",
        "ontology",
    ),
    str(SHAPES_GRAPH): (
        "Règles de contrôle, en SHACL : ce qu'une certification doit énoncer pour être complète et cohérente.",
        "Validation rules, in SHACL: what a certification has to state to be complete and consistent.",
        "règles de contrôle",
        "validation rules",
    ),
    str(LIBRARY_GRAPH): (
        "Questions SPARQL toutes prêtes sur les certifications, avec leurs paramètres, et l'adresse où chacune se pose.",
        "SPARQL queries about certifications that are ready to ask, with their parameters, and the address where each is asked.",
        "questions SPARQL",
        "SPARQL queries",
    ),
    f"{ROOT}alignment/": (
        "Correspondances entre les termes de l'ontologie et ceux d'un autre vocabulaire.",
        "Mappings between the terms of the ontology and those of another vocabulary.",
        "correspondances",
        "mappings",
    ),
    f"{ROOT}scheme/": (
        "Liste de valeurs qui sert à décrire les certifications : chaque valeur, son libellé et sa définition.",
        "List of values that serves to describe certifications: each value, its label and its definition.",
        "liste de valeurs",
        "value list",
    ),
}
"""The name of a vocabulary's graph, or how it begins -> a description and a keyword, each in French and in English."""

_MAPPING_SET: Final = (
    "Liens de compétences et de certifications vers ESCO et le ROME, décidés par des personnes : chaque décision, et par qui.",
    "Links from competencies and certifications to ESCO and ROME, decided by people: each decision, and who took it.",
    "liens vers ESCO et le ROME",
    "links to ESCO and ROME",
)

_RIGHTS: Final = (
    "Le texte d'un référentiel appartient à son auteur : ce catalogue n'accorde aucune licence pour le reprendre.",
    "The text of a framework is its author's: this catalogue grants no licence to reuse it.",
)


def catalog(names: Names, publisher: str, listed: Iterable[Held], *, register: bool) -> Iterator[Triple]:
    """The catalogue, who publishes it, and what it lists. `register`: certifications have no dataset of their own."""
    own, agent, rights = names.catalog, names.publisher, names.rights
    yield own, RDF.type, DCAT.Catalog
    yield from _texts(own, *(_REGISTER if register else _CATALOG))
    yield own, DCT.publisher, agent
    yield agent, RDF.type, FOAF.Agent
    yield agent, FOAF.name, Literal(publisher)
    yield own, DCT.language, _FRENCH
    yield own, DCT.language, _ENGLISH
    yield own, DCT.license, CC_BY
    yield own, DCT.spatial, EU_AUTHORITY["country/FRA"]
    yield own, FOAF.homepage, names.address("/")
    yield own, DCAT.themeTaxonomy, EU_AUTHORITY["data-theme"]
    yield own, DCAT.service, names.service
    yield own, DCAT.dataset, names.whole
    yield rights, RDF.type, DCT.RightsStatement
    yield from _texts(rights, *_RIGHTS, properties=(RDFS.label,))
    yield from ((term, RDF.type, kind) for term, kind in TYPED.items())
    for graph in listed:
        yield own, DCAT.dataset, names.dataset(graph.name)


def service(names: Names) -> Iterator[Triple]:
    """The SPARQL endpoint."""
    own = names.service
    yield own, RDF.type, DCAT.DataService
    yield from _texts(own, *_SERVICE)
    yield own, DCT.publisher, names.publisher
    yield own, DCT.conformsTo, SPARQL_PROTOCOL
    yield own, DCAT.endpointURL, names.address("/sparql")
    yield own, DCAT.endpointDescription, names.address("/sparql")
    yield own, DCAT.landingPage, names.address("/docs")
    yield own, DCAT.servesDataset, names.whole


def whole(names: Names, graphs: Sequence[Held], listed: Sequence[Held]) -> Iterator[Triple]:
    """The dataset of all graphs but the catalogue's, which is to be queried; `graphs`: those that it has, `listed`: as datasets."""
    everything = names.whole
    yield from _common(names, everything)
    yield from _texts(everything, *_WHOLE)
    yield from _texts(everything, *_CERTIFICATION_KEYWORDS, properties=(DCAT.keyword,))
    yield everything, DCT.language, _FRENCH
    yield everything, DCT.language, _ENGLISH
    yield from ((everything, DCAT.landingPage, names.address(page)) for page in ("/", "/graphs"))
    yield everything, VOID.sparqlEndpoint, names.address("/sparql")
    yield everything, VOID.uriSpace, Literal(names.base)
    yield everything, VOID.triples, Literal(sum(graph.triples for graph in graphs))
    distribution = URIRef(f"{everything}/distribution/sparql")
    yield everything, DCAT.distribution, distribution
    yield distribution, RDF.type, DCAT.Distribution
    yield distribution, DCAT.accessURL, names.address("/sparql")
    yield distribution, DCAT.accessService, names.service
    if not all(graph.licences for graph in graphs if names.certifies(graph.name)):
        yield from ((subject, DCT.rights, names.rights) for subject in (everything, distribution))
    for graph in listed:
        yield everything, VOID.subset, names.dataset(graph.name)
    examples = [graph.name for graph in listed if names.certifies(graph.name)]
    yield from ((everything, VOID.exampleResource, URIRef(name)) for name in examples[:3])


def dataset(names: Names, graph: Held, version: str) -> Iterator[Triple]:
    """A graph as a dataset, with a distribution for each format. A licence is given where the graph itself grants one."""
    own, document = names.dataset(graph.name), names.document(graph.name)
    certification = names.certifies(graph.name)
    yield from _common(names, own)
    titles = _linking(graph) if names.links(graph.name) else graph.titles or _untitled(graph)
    yield from ((own, DCT.title, title) for title in titles)
    yield own, DCAT.version, Literal(version)
    about = _CERTIFICATION if certification else _MAPPING_SET if names.links(graph.name) else _vocabulary(graph.name)
    yield from _texts(own, *about, properties=(DCT.description, DCAT.keyword))
    yield own, DCT.language, _FRENCH
    if not certification:
        yield own, DCT.language, _ENGLISH
    terms = [(DCT.license, licence) for licence in graph.licences] or [(DCT.rights, names.rights)]
    yield from ((own, *term) for term in terms)
    yield own, DCAT.landingPage, URIRef(document)
    yield own, VOID.rootResource, URIRef(graph.name)
    yield own, VOID.triples, Literal(graph.triples)
    yield own, VOID.distinctSubjects, Literal(graph.subjects)
    for form, file_type in FILE_TYPES.items():
        distribution = URIRef(f"{own}/distribution/{form.suffix}")
        yield own, DCAT.distribution, distribution
        yield distribution, RDF.type, DCAT.Distribution
        yield distribution, DCAT.accessURL, URIRef(document)
        yield distribution, DCAT.downloadURL, URIRef(f"{document}.{form.suffix}")
        yield distribution, DCAT.mediaType, MEDIA_TYPE[form.media_type]
        yield distribution, DCT["format"], file_type
        yield from ((distribution, *term) for term in terms)


def _common(names: Names, dataset: URIRef) -> Iterator[Triple]:
    yield dataset, RDF.type, DCAT.Dataset
    yield dataset, RDF.type, VOID.Dataset
    yield dataset, DCT.identifier, Literal(str(dataset))
    yield dataset, DCT.publisher, names.publisher
    yield dataset, DCT.accessRights, EU_AUTHORITY["access-right/PUBLIC"]
    yield dataset, DCAT.theme, EU_AUTHORITY["data-theme/EDUC"]


def _vocabulary(name: str) -> tuple[str, str, str, str]:
    """What is said of the graph of a vocabulary."""
    return next(about for begins, about in _VOCABULARIES.items() if name.startswith(begins))


def _untitled(graph: Held) -> Iterator[Literal]:
    """What a certification is called whose source gives no title: by its code, since none may be invented."""
    code = graph.code or graph.name.rpartition("/")[2]
    yield Literal(f"Certification {code}", lang="fr")
    yield Literal(f"Certification {code}", lang="en")


def _linking(graph: Held) -> Iterator[Literal]:
    """What a mapping set is called: SSSOM gives its title no language."""
    code = graph.name.rpartition("/")[2]
    yield Literal(f"Liens de {code} vers ESCO et le ROME", lang="fr")
    yield Literal(f"Links from {code} to ESCO and ROME", lang="en")


def _texts(
    subject: URIRef, *texts: str, properties: Iterable[URIRef] = (DCT.title, DCT.description)
) -> Iterator[tuple[URIRef, URIRef, Literal]]:
    """French and English values of the properties, in their order."""
    pairs = iter(texts)
    for predicate in properties:
        yield subject, predicate, Literal(next(pairs), lang="fr")
        yield subject, predicate, Literal(next(pairs), lang="en")
