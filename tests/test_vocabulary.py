from __future__ import annotations

from rdflib import URIRef

from referentiel.vocabulary import INVERSES, PREFIXES, REF, empty_graph


def test_a_graph_writes_our_prefixes_and_no_other() -> None:
    assert {prefix: str(namespace) for prefix, namespace in empty_graph().namespaces()} == PREFIXES


def test_prefixes_name_one_namespace_each() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_inverses_are_pairs() -> None:
    assert not set(INVERSES) & set(INVERSES.values())
    assert len(set(INVERSES.values())) == len(INVERSES)
    assert INVERSES[URIRef(REF.hasCriterion)] == REF.criterionOf
