"""A graph that is asked and thrown away."""

from __future__ import annotations

import pytest
from rdflib import XSD, BNode, Literal, URIRef

from referentiel.store import BadQuery
from referentiel.store.reading import BadData
from referentiel.store.scratch import Scratch

A, P = URIRef("http://example.org/a"), URIRef("http://example.org/p")


def test_rdflib_is_given_what_a_query_sees() -> None:
    scratch = Scratch()
    assert scratch.add(b'<http://example.org/a> <http://example.org/p> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .\n') == {
        A
    }
    assert scratch.add(b'_:b <http://example.org/p> "x"@fr .\n_:b <http://example.org/p> "x" .\n') == {BNode("b")}
    triples = set(scratch.triples())
    assert (A, P, Literal("7", datatype=XSD.integer)) in triples
    assert {value for subject, _, value in triples if subject == BNode("b")} == {Literal("x", "fr"), Literal("x")}
    assert scratch.column("SELECT ?s { ?s ?p 7 }", "s") == {A}


def test_it_tells_whether_a_node_is_blank() -> None:
    scratch = Scratch()
    scratch.add(b"<http://example.org/a> <http://example.org/p> <http://example.org/a> .\n")
    assert not scratch.anonymous
    scratch.add(b"<http://example.org/a> <http://example.org/p> _:b .\n")
    assert scratch.anonymous


def test_a_column_may_be_unbound() -> None:
    scratch = Scratch()
    scratch.add(b"<http://example.org/a> <http://example.org/p> <http://example.org/a> .\n")
    assert scratch.column("SELECT ?s ?x { ?s ?p ?o OPTIONAL { ?s <x:none> ?x } }", "x") == set()


@pytest.mark.parametrize("query", ["ASK {}", "nothing", "SELECT ?s { SERVICE <http://localhost:1/> { ?s ?p ?o } }"])
def test_only_a_select_at_home_is_answered(query: str) -> None:
    with pytest.raises(BadQuery):
        Scratch().column(query, "s")


def test_what_is_no_rdf_is_told_with_its_place() -> None:
    with pytest.raises(BadData) as told:
        Scratch().add(b"<x:a> <x:b> <x:c> .\n<x:a> nothing .\n")
    assert told.value.line == 2


def test_a_triple_as_an_object_is_refused() -> None:
    scratch = Scratch()
    scratch.add(b"<x:a> <x:b> <<( <x:c> <x:d> <x:e> )>> .\n")
    with pytest.raises(BadData, match=r"RDF 1\.2"):
        list(scratch.triples())
