"""The data and the templates of an update: quads, in which variables may stand (SPARQL 1.1 Update, section 3.1).

A group of them is read as TriG, each variable as an IRI that nobody else can have written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import uuid4

import pyoxigraph as ox

from referentiel.store.engine import StoreError
from referentiel.store.inspection import TOKEN
from referentiel.store.update_syntax import BadUpdate, Operation, Part

_FULL_STOP: Final = re.compile(r"(?:\s|#[^\n\r]*+)*+\.")
"""What may follow a GRAPH clause, and means nothing there."""
NO_BLANK: Final = (
    "blank nodes are neither written nor removed here: give each thing an IRI of its own",
    "les nœuds anonymes ne sont ni écrits ni retirés ici : donner un IRI à chaque chose",
)
"""Why BlankNodes is raised, in English and in French."""
_NO_TRIPLE_TERM: Final = (
    "triples within triples (RDF 1.2) are not held here",
    "les triplets dans des triplets (RDF 1.2) ne sont pas admis ici",
)

Home: TypeAlias = Callable[[ox.NamedNode], ox.NamedNode | ox.DefaultGraph]
"""The graph of a statement about a subject that is said to be in none."""


class BlankNodes(StoreError):
    """The update would write or remove a blank node."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable in a template, by its name."""

    name: str


Term: TypeAlias = ox.NamedNode | ox.Literal | Variable
_Line: TypeAlias = tuple[Term, Term, Term, Term | None]


@dataclass(frozen=True, slots=True)
class Template:
    """Quads with variables; their graph is None where none is named. Without variables, they are data."""

    lines: tuple[_Line, ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(term.name for line in self.lines for term in line if isinstance(term, Variable))

    def quads(self, solution: ox.QuerySolution | None, home: Home) -> Iterator[ox.Quad]:
        """What it means for a solution, without what would be no RDF (section 3.1.3). Raises BlankNodes."""
        for line in self.lines:
            subject, predicate, value, named = (_value(term, solution) for term in line)
            if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
                raise BlankNodes(*NO_BLANK)
            if isinstance(value, ox.Triple):
                raise BadUpdate(*_NO_TRIPLE_TERM)
            if not (isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)) or value is None:
                continue
            if line[3] is None:
                yield ox.Quad(subject, predicate, value, home(subject))
            elif isinstance(named, ox.NamedNode):
                yield ox.Quad(subject, predicate, value, named)


def template(operation: Operation, group: Part, base: str, default: ox.NamedNode | None = None) -> Template:
    """A group of quads. `default`: the graph of those that name none. Raises BadUpdate, BlankNodes."""
    marker = f"urn:uuid:{uuid4()}:"
    written = "".join(_trig(operation, group, marker))
    store = ox.Store()
    try:
        store.load(written.encode(), format=ox.RdfFormat.TRIG, base_iri=base)
    except SyntaxError as error:  # what SPARQL allows and RDF does not, such as a literal as subject
        fault = str(error.msg).partition(": ")[2] or str(error.msg)
        raise BadUpdate(
            f"what is to be written or removed can't be read: {fault}", f"ce qui est à écrire ou à retirer : {fault}"
        ) from error
    return Template(tuple(_line(quad, marker, default) for quad in store))


def _trig(operation: Operation, group: Part, marker: str) -> Iterator[str]:
    """The group as TriG: what stands in no GRAPH clause needs braces there."""
    yield operation.declarations
    done = group.start + 1
    for start, end in group.graphs:
        yield f"{{{_marked(operation.update[done:start], marker)}\n}}\n{_marked(operation.update[start:end], marker)}\n"
        stop = _FULL_STOP.match(operation.update, end)
        done = stop.end() if stop else end
    yield f"{{{_marked(operation.update[done : group.end - 1], marker)}\n}}\n"


def _marked(text: str, marker: str) -> str:
    if "?" not in text and "$" not in text:
        return text
    return TOKEN.sub(lambda token: f"<{marker}{token[0][1:]}>" if token[0][0] in "?$" and len(token[0]) > 1 else token[0], text)


def _line(quad: ox.Quad, marker: str, default: ox.NamedNode | None) -> _Line:
    graph = default if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
    subject, predicate, value = (_term(term, marker) for term in (quad.subject, quad.predicate, quad.object))
    return subject, predicate, value, None if graph is None else _term(graph, marker)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, marker: str) -> Term:
    if isinstance(term, ox.BlankNode):
        raise BlankNodes(*NO_BLANK)
    if isinstance(term, ox.Triple):
        raise BadUpdate(*_NO_TRIPLE_TERM)
    if isinstance(term, ox.NamedNode) and term.value.startswith(marker):
        return Variable(term.value[len(marker) :])
    return term


def _value(term: Term | None, solution: ox.QuerySolution | None) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None:
    if isinstance(term, Variable):
        return None if solution is None else solution[term.name]
    return term


def names(operation: Operation, parts: Sequence[Part], base: str) -> list[ox.NamedNode]:
    """The IRIs that parts of an operation are. Raises BadUpdate."""
    stated = "".join(f"<x:> <x:> {part.word} .\n" for part in parts)
    try:
        parsed = list(ox.parse(operation.declarations + stated, format=ox.RdfFormat.TURTLE, base_iri=base))
    except SyntaxError as error:
        raise BadUpdate(f"an IRI can't be read: {error.msg}", f"un IRI ne peut pas être lu : {error.msg}") from error
    return [quad.object for quad in parsed if isinstance(quad.object, ox.NamedNode)]
