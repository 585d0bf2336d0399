"""Finds, for all focus nodes of a SPARQL constraint at once, those that it may speak of: pySHACL then asks about these alone.

pySHACL evaluates the query of a constraint (SHACL, 5) once for each focus node, $this being bound before. The same rows come of one
query whose outermost group begins with the targets of the shape, where the query has a form for which that is sure. It is sure
when each part of it, taken with $this bound before or joined with $this afterwards, gives the same: `_Form` says when. A constraint
of any other form, or of a shape that is reached in another way than by its targets, is left to pySHACL as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rdflib import Graph, Literal, URIRef, Variable
from rdflib.paths import InvPath, MulPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from referentiel.store import BadQuery
from referentiel.store.scratch import Scratch
from referentiel.store.tokens import BadTokens, tokenize
from referentiel.vocabulary import OWL, RDF, RDFS, SH

_THIS: Final = Variable("this")
_LEFT_ALONE: Final = re.compile(r"\b(?:minus|values|service|from|limit|offset|path|currentShape|shapesGraph)\b", re.IGNORECASE)
"""What pySHACL refuses or replaces, and what chooses among rows or graphs."""
_TARGETS: Final = {
    SH.targetClass: "?this a/<{subclass}>* <{value}>",
    SH.targetSubjectsOf: "?this <{value}> ?referentielTarget",
    SH.targetObjectsOf: "?referentielTarget <{value}> ?this",
}
_NESTING: Final = frozenset(SH[name] for name in ("node", "property", "not", "or", "and", "xone", "qualifiedValueShape"))
_KNOWN_TARGETS: Final = frozenset(_TARGETS)
_TARGETING: Final = frozenset({*_TARGETS, SH.targetNode, SH.target})


@dataclass(frozen=True, slots=True)
class Screen:
    """A constraint of a shape, and the query that finds its focus nodes with rows as `?this`. `select` is its own query."""

    shape: URIRef
    constraint: URIRef
    select: str
    query: str

    def find(self, data: Scratch) -> set[Node] | None:
        """The focus nodes that the constraint has rows for; None when the engine can't answer."""
        try:
            return data.column(self.query, _THIS)
        except BadQuery:
            return None


def screens(shapes: Graph) -> tuple[Screen, ...]:
    """The screens of all constraints that have one, in any order; a query that two shapes share has none."""
    if any((None, predicate, None) in shapes for predicate in _NESTING):
        return ()
    found = [_screen(shapes, shape, constraint) for shape, constraint in shapes.subject_objects(SH.sparql)]
    uses = Counter(shapes.value(constraint, SH.select) for _, constraint in shapes.subject_objects(SH.sparql))
    return tuple(screen for screen in found if screen and uses[Literal(screen.select)] == 1)


class _NoScreen(Exception):
    """The form of the constraint is not one of those for which a screen is sure."""


def _screen(shapes: Graph, shape: Node, constraint: Node) -> Screen | None:
    if not (isinstance(shape, URIRef) and isinstance(constraint, URIRef)):
        return None
    try:
        select = _only_text(shapes, constraint)
        query = f"{_prefixes(shapes, constraint)}\n{_with_targets(select, _targets(shapes, shape))}"
        _Form.check(query)
    except _NoScreen:
        return None
    return Screen(shape, constraint, select, query)


def _only_text(shapes: Graph, constraint: URIRef) -> str:
    texts = list(shapes.objects(constraint, SH.select))
    if len(texts) != 1 or not isinstance(texts[0], Literal) or _LEFT_ALONE.search(texts[0]):
        raise _NoScreen
    if (constraint, SH.deactivated, None) in shapes:
        raise _NoScreen
    return str(texts[0])


def _targets(shapes: Graph, shape: URIRef) -> str:
    """A group that gives each target of a shape once."""
    said = {predicate for predicate in shapes.predicates(shape) if predicate in _TARGETING}
    implicit = {RDFS.Class, OWL.Class} & set(shapes.objects(shape, RDF.type))
    if not said or said - _KNOWN_TARGETS or implicit or (shape, SH.deactivated, None) in shapes:
        raise _NoScreen
    values = [(form, value) for kind, form in _TARGETS.items() for value in shapes.objects(shape, kind)]
    if not all(isinstance(value, URIRef) for _, value in values):
        raise _NoScreen
    arms = (f"{{ {form.format(subclass=RDFS.subClassOf, value=value)} }}" for form, value in values)
    return f"{{ SELECT DISTINCT ?this WHERE {{ {' UNION '.join(arms)} }} }}"


def _prefixes(shapes: Graph, constraint: URIRef) -> str:
    declared = [
        declaration for graph in shapes.objects(constraint, SH.prefixes) for declaration in shapes.objects(graph, SH.declare)
    ]
    pairs = {(shapes.value(each, SH.prefix), shapes.value(each, SH.namespace)) for each in declared}
    return "\n".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in sorted(pairs, key=str))


def _with_targets(select: str, targets: str) -> str:
    """The query with the targets at the start of its outermost group."""
    try:
        opening = next(token for token in tokenize(select) if token.text == "{" and token.within == -1)
    except (BadTokens, StopIteration):
        raise _NoScreen from None
    return f"{select[: opening.end]} {targets} {select[opening.end :]}"


class _Form:
    """Whether a part of a query gives the same with $this bound before it as joined with $this afterwards.

    So do patterns, joins and unions of such parts. An expression may speak of $this where the part that it looks at always
    binds it; the right side of OPTIONAL where the left side always does. Whatever is not named here has no sure form.
    """

    @classmethod
    def check(cls, query: str) -> None:
        """Raises _NoScreen."""
        try:
            whole = prepareQuery(query).algebra
        except Exception as error:  # the parser raises its own errors, and plain ones
            raise _NoScreen from error
        if whole.name != "SelectQuery" or whole.datasetClause or _THIS not in whole.PV:
            raise _NoScreen
        cls._outermost(whole.p)

    @classmethod
    def _outermost(cls, part: CompValue) -> None:
        """The outermost select: what stands above its grouping, by $this, speaks of one $this at a time."""
        while part.name in {"Distinct", "Reduced", "Project", "OrderBy"}:
            part = part.p
        grouped = part
        while grouped.name in {"Filter", "Extend"} and next(_patterns(grouped.expr), None) is None:
            grouped = grouped.p
        if grouped.name == "AggregateJoin":
            group = grouped.p
            if group.name != "Group" or not group.expr or _THIS not in group.expr:
                raise _NoScreen
            part = group.p
        if not cls.binds(part):
            raise _NoScreen
        cls.require(part)

    @classmethod
    def binds(cls, part: CompValue) -> bool:
        """Whether each row of a part has $this."""
        match part.name:
            case "BGP":
                return any(_THIS in triple for triple in part.triples)
            case "Join":
                return cls.binds(part.p1) or cls.binds(part.p2)
            case "Union":
                return cls.binds(part.p1) and cls.binds(part.p2)
            case "LeftJoin":
                return cls.binds(part.p1)
            case "Project":
                return _THIS in part.PV and cls.binds(part.p)
            case "Filter" | "Extend" | "Distinct" | "Reduced" | "ToMultiSet":
                return "p" in part and cls.binds(part.p)
        return False

    @classmethod
    def require(cls, part: CompValue, *, known: bool = False) -> None:
        """Raises _NoScreen for a part of another form. `known`: whoever evaluates it has $this, as in FILTER EXISTS."""
        match part.name:
            case "BGP" if not any(_repeats(predicate) for _, predicate, _ in part.triples):
                pass
            case "Join" | "Union":
                cls.require(part.p1)
                cls.require(part.p2)
            case "LeftJoin":
                cls.require(part.p1)
                cls.require(part.p2)
                if _mentions((part.p2, part.expr)) and not cls.binds(part.p1):
                    raise _NoScreen
                cls._require_inner(part.expr)
            case "Filter":
                cls.require(part.p, known=known)
                cls._require_expression(part, known=known)
            case "Extend" if part.var != _THIS:
                cls.require(part.p, known=known)
                cls._require_expression(part, known=known)
            case "ToMultiSet" if "p" in part:
                cls.require(part.p)
            case "Distinct" | "Reduced":
                cls.require(part.p)
            case "Project" if _THIS in part.PV:
                cls.require(part.p)
            case _:
                raise _NoScreen

    @classmethod
    def _require_expression(cls, part: CompValue, *, known: bool) -> None:
        if _mentions(part.expr) and not known and not cls.binds(part.p):
            raise _NoScreen
        cls._require_inner(part.expr)

    @classmethod
    def _require_inner(cls, expression: object) -> None:
        for pattern in _patterns(expression):
            cls.require(pattern, known=True)


def _repeats(path: object) -> bool:
    """Whether a path may be gone any number of times: rdflib takes "", 0 and false on it for no node at all."""
    if isinstance(path, MulPath):
        return path.path != RDFS.subClassOf
    return any(_repeats(each) for each in (*getattr(path, "args", ()), *([path.arg] if isinstance(path, InvPath) else ())))


def _mentions(part: object) -> bool:
    return part == _THIS or any(_mentions(each) for each in _parts(part))


def _patterns(expression: object) -> Iterator[CompValue]:
    """The patterns of EXISTS and NOT EXISTS in an expression."""
    if isinstance(expression, CompValue) and expression.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        yield expression.graph
        return
    for part in _parts(expression):
        yield from _patterns(part)


def _parts(part: Any) -> Iterable[object]:
    if isinstance(part, CompValue):
        return [value for name, value in part.items() if not name.startswith("_")]
    return part if isinstance(part, list | tuple | set | frozenset) else ()
