"""The ontology and the code that writes its terms agree, and so do the prefixes everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

import referentiel
from referentiel import resources
from referentiel.vocabulary import INVERSES, OWL, PREFIXES, RDF, REF

PACKAGE = Path(referentiel.__file__).parent
TURTLE = (*resources.files("ontology", "**/*.ttl"), *resources.files("shapes", "**/*.ttl"))
QUERIES = resources.files("queries", "**/*.rq")
DECLARATION = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def declared_terms() -> set[str]:
    ontology = resources.ontology()
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    terms = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    return {term.removeprefix(REF) for term in terms if term.startswith(REF)}


@pytest.mark.parametrize("path", [*TURTLE, *QUERIES], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_prefixes_agree_with_the_vocabulary(path: Path) -> None:
    text = path.read_text("utf-8")
    declared = DECLARATION.findall(text)
    assert len(declared) == len(re.findall(r"^\s*@?prefix\b", text, re.IGNORECASE | re.MULTILINE))
    for prefix, namespace in declared:
        if prefix:
            assert PREFIXES.get(prefix) == namespace
        else:  # a concept scheme names its own concepts with the empty prefix
            assert namespace in PREFIXES.values()


def test_every_term_that_the_code_uses_is_in_the_ontology() -> None:
    sources = sorted(PACKAGE.rglob("*.py"))
    used = {name for source in sources for name in re.findall(r"\bREF\.(\w+)", source.read_text("utf-8"))}
    assert len(used) > 30
    assert used - declared_terms() == set()


def test_every_term_that_the_shapes_use_is_in_the_ontology() -> None:
    used = {
        str(term).removeprefix(REF) for triple in resources.shapes() for term in triple if isinstance(term, URIRef) and term in REF
    }
    assert used
    assert used - declared_terms() == set()


def test_inverses_are_those_of_the_ontology() -> None:
    assert set(resources.ontology().subject_objects(OWL.inverseOf)) == set(INVERSES.items())


def test_every_file_of_the_ontology_is_loaded() -> None:
    loaded = sum((graph for _, graph in resources.vocabulary_graphs()), Graph())
    for path in TURTLE:
        assert not set(Graph().parse(path)) - set(loaded), path.name
