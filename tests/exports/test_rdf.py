from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from referentiel import resources
from referentiel.exports.rdf import WRITERS, to_ntriples
from referentiel.graph import to_turtle
from referentiel.store import ResultFormat
from referentiel.vocabulary import ONTOLOGY, SKOS, empty_graph

PARSERS = {ResultFormat.TURTLE: "turtle", ResultFormat.RDF_XML: "xml", ResultFormat.N_TRIPLES: "nt"}
CONTEXT = "https://example.org/context.jsonld"


@pytest.fixture(scope="module")
def seed_graph() -> Graph:
    return Graph().parse(resources.certification_files()[0])


def test_every_format_of_a_graph_has_a_writer() -> None:
    assert set(WRITERS) == {*PARSERS, ResultFormat.JSON_LD}


@pytest.mark.parametrize("form", PARSERS)
def test_nothing_is_lost(seed_graph: Graph, form: ResultFormat) -> None:
    for graph in (seed_graph, resources.ontology()):
        written = WRITERS[form](graph, ONTOLOGY, CONTEXT)
        assert isomorphic(Graph().parse(data=written, format=PARSERS[form]), graph)


@pytest.mark.parametrize("form", PARSERS)
def test_awkward_texts_come_back(form: ResultFormat) -> None:
    graph = empty_graph()
    for text in ("a\nb", "tab\t", "<b>&amp;</b>", "quotes \"'", "back\\slash", "é 😀", " spaces "):
        graph.add((URIRef("https://example.org/a"), SKOS.prefLabel, Literal(text, "fr")))
    written = WRITERS[form](graph, ONTOLOGY, CONTEXT)
    assert set(Graph().parse(data=written, format=PARSERS[form])) == set(graph)


def test_turtle_is_the_one_byte_form(seed_graph: Graph) -> None:
    assert WRITERS[ResultFormat.TURTLE](seed_graph, ONTOLOGY, CONTEXT) == to_turtle(seed_graph)


def test_ntriples_are_sorted(seed_graph: Graph) -> None:
    lines = to_ntriples(seed_graph).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(seed_graph)
