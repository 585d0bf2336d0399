"""The footprint of a write: the properties that it follows are all that the rules follow, and it grows with the write only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, SH, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from referentiel import resources
from referentiel.gate.footprint import HIERARCHY, KEYS, TIES
from referentiel.validation.rules import read_rules

FOLLOWED = TIES | HIERARCHY
BY_ADDRESS = {"ID-16-subject", "ID-16-object", "VOC-08-property", "VOC-08-type", "VOC-09-untyped"}
"""These look at every triple: at blank nodes, which nobody may write, and at what lies below the certification's address."""

Pattern = tuple[Node, set[str], Node]


def constraints() -> Iterator[tuple[str, str]]:
    shapes = resources.shapes()
    prefixes = "".join(
        f"PREFIX {shapes.value(each, SH.prefix)}: <{shapes.value(each, SH.namespace)}>\n"
        for each in shapes.subjects(RDF.type, SH.PrefixDeclaration)
    )
    for constraint, text in shapes.subject_objects(SH.select):
        yield str(constraint).partition("#")[2], prefixes + str(text)


def patterns(text: str) -> list[Pattern]:
    """Every triple pattern of a query, wherever it stands: subject, the predicates of its path, object."""
    found: list[Pattern] = []

    def visit(part: object) -> None:
        if isinstance(part, CompValue):
            for terms in dict(part).get("triples", []):  # three at a time: rdflib joins those of one subject below EXISTS
                for start in range(0, len(terms), 3):
                    subject, predicate, target = terms[start : start + 3]
                    found.append((subject, set(predicates(predicate)), target))
            for value in part.values():
                visit(value)
        elif isinstance(part, list | tuple | set):
            for each in part:
                visit(each)

    visit(prepareQuery(text).algebra)
    return found


def predicates(path: Node | Path) -> Iterator[str]:
    if isinstance(path, InvPath):
        yield from predicates(path.arg)
    elif isinstance(path, MulPath):
        yield from predicates(path.path)
    elif isinstance(path, AlternativePath | SequencePath):
        for each in path.args:
            yield from predicates(each)
    elif isinstance(path, Variable):
        yield f"?{path}"
    else:
        yield str(path)


def unreached(found: list[Pattern]) -> set[Variable]:
    """The variables of which something is read, and which no followed property or compared key ties to the focus node."""
    inverses = {f"?{subject}" for subject, path, _ in found if str(OWL.inverseOf) in path}  # a link that has an inverse is a tie
    reached: set[Node] = {Variable("this")}
    growing = True
    while growing:
        before = len(reached)
        for subject, path, target in found:
            if path <= FOLLOWED | inverses and (subject in reached or target in reached):
                reached |= {subject, target}
        keyed = [(subject, target) for subject, path, target in found if path <= KEYS]
        shared = {target for subject, target in keyed if subject in reached}
        reached |= {subject for subject, target in keyed if target in shared}
        growing = len(reached) > before
    schema = {f"?{name}" for name, path, _ in found if str(OWL.inverseOf) in path}
    return {subject for subject, _, _ in found if isinstance(subject, Variable) and f"?{subject}" not in schema} - reached


@pytest.mark.parametrize(("name", "text"), list(constraints()), ids=[name for name, _ in constraints()])
def test_rules_follow_nothing_else(name: str, text: str) -> None:
    left = unreached(patterns(text))
    assert bool(left) == (name in BY_ADDRESS), left


def test_a_rule_that_follows_something_else_would_be_seen() -> None:
    prefix = "PREFIX ref: <https://w3id.org/referentiel/ns#> "
    assert unreached(patterns(prefix + "SELECT $this { $this ref:other ?x . ?x a ref:Competency }"))
    assert unreached(patterns(prefix + "SELECT $this { $this ref:notation ?v . ?x ref:notation ?v }"))
    assert not unreached(patterns(prefix + "SELECT $this { $this ref:hasBlock ?x . ?x a ref:SkillBlock }"))


def test_core_constraints_look_no_further_than_ties() -> None:
    """Constraints without SPARQL read the values of one property, and of those at most the class."""
    shapes = resources.shapes()
    known = {SH.minCount, SH.maxCount, SH["class"], SH.datatype, SH.pattern, SH.nodeKind, SH.hasValue, SH.uniqueLang, SH.disjoint}
    known |= {SH.equals, SH.minInclusive, SH.sparql}
    told = {SH.path, SH.severity, SH.message, SH.targetClass, SH.targetSubjectsOf}
    for rule in read_rules(shapes):
        used = {predicate for predicate in shapes.predicates(rule, None) if str(predicate).startswith(str(SH))}
        assert used <= known | told, rule
        if (rule, SH["class"], None) in shapes:
            assert str(shapes.value(rule, SH.path)) in FOLLOWED, rule
