"""Reading RDF that someone sends: any syntax, as the engine understands it, as statements."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

import pyoxigraph as ox
from rdflib import Graph, URIRef

from referentiel.store.changes import Name, Statements
from referentiel.store.engine import StoreError

MEDIA_TYPES: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "text/n3": ox.RdfFormat.N3,
}
"""Syntax by media type."""

XML_DEPTH: Final = 1000
"""Elements of RDF/XML inside one another: the engine takes the square of it in time."""
JSON_DEPTH: Final = 100
"""Values of JSON-LD inside one another: the engine keeps a context for each, with all that stands in those around it."""

_PLACE: Final = re.compile(r"^Parser error at (?:line [^:]*|byte \d+)?: ?")
_EXCERPT: Final = 80


@dataclass(eq=False)
class BadData(StoreError):
    """Data that can't be read. Line and column count from 1; None where nobody can tell."""

    syntax: str
    reason: str
    line: int | None = None
    column: int | None = None
    excerpt: str = ""


def read(
    data: bytes, media_type: str, *, base: str, graph: Name = None, contexts: Mapping[str, dict[str, Any]] | None = None
) -> dict[Name, Statements]:
    """The statements of a document, by graph; those that it puts in no graph are those of `graph`.

    `base`: of relative IRIs. `contexts`: JSON-LD contexts that a document may name, by their addresses; no other is ever fetched.
    Raises BadData; KeyError for a media type that is not in MEDIA_TYPES.
    """
    syntax = MEDIA_TYPES[media_type]
    data = _disarmed(data, syntax, contexts or {})
    store = ox.Store()
    try:
        store.load(data, format=syntax, base_iri=base or None, to_graph=ox.NamedNode(graph) if graph else None)
    except SyntaxError as error:
        raise _fault(data, syntax, error) from error
    except (ValueError, RuntimeError, RecursionError) as error:
        raise BadData(syntax.name, " ".join(str(error).split())) from error
    names: list[Name] = [URIRef(name.value) for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    if any(isinstance(name, ox.BlankNode) for name in store.named_graphs()):
        raise BadData(syntax.name, "a graph is named by a blank node: a named graph needs an IRI")
    found = {name: statements_of(store, name) for name in (None, *names)}
    return {name: statements for name, statements in found.items() if statements}


def verbatim(data: bytes, media_type: str, *, base: str, contexts: Mapping[str, dict[str, Any]] | None = None) -> Statements:
    """The statements of a document, all its graphs together, literals as they are written: 007 stays 007. Raises as `read`."""
    syntax = MEDIA_TYPES[media_type]
    data = _disarmed(data, syntax, contexts or {})
    try:
        triples = (quad.triple for quad in ox.parse(data, format=syntax, base_iri=base or None, rename_blank_nodes=True))
        written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    except SyntaxError as error:
        raise _fault(data, syntax, error) from error
    except (ValueError, RuntimeError, RecursionError) as error:
        raise BadData(syntax.name, " ".join(str(error).split())) from error
    return frozenset(line for line in written.decode().split("\n") if line)


def statements(graph: Graph) -> Statements:
    """A graph in memory, as statements."""
    return read(graph.serialize(format="nt", encoding="utf-8"), "application/n-triples", base="").get(None, frozenset())


def statements_of(store: ox.Store, name: Name) -> Statements:
    """One graph of a store of the engine, as statements."""
    graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
    written = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return frozenset(line for line in written.decode().split("\n") if line)  # a text may hold other line ends


def _disarmed(data: bytes, syntax: ox.RdfFormat, contexts: Mapping[str, dict[str, Any]]) -> bytes:
    """The document, once it is sure that the engine can be given it. Raises BadData."""
    if syntax == ox.RdfFormat.RDF_XML:
        _refuse_traps(data)
    return _with_contexts(data, contexts) if syntax == ox.RdfFormat.JSON_LD else data


def _refuse_traps(data: bytes) -> None:
    """Refuse what takes a line to write and a gigabyte or an hour to read: entities (XML 1.0, 2.8), depth. Raises BadData."""
    depth = 0

    def refuse(*_: object) -> None:
        raise BadData("RDF/XML", "a document type declaration (<!DOCTYPE …>) is not read here", parser.CurrentLineNumber)

    def begin(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > XML_DEPTH:
            raise BadData("RDF/XML", f"more than {XML_DEPTH} elements inside one another", parser.CurrentLineNumber)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler, parser.EndElementHandler = refuse, begin, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        raise BadData("RDF/XML", expat.ErrorString(error.code), line, column, _excerpt(data, line, column)) from error
    except (LookupError, ValueError) as error:  # the declaration names an encoding that is none
        raise BadData("RDF/XML", f"its encoding is not read here: {error}", 1) from error


def _with_contexts(data: bytes, contexts: Mapping[str, dict[str, Any]]) -> bytes:
    """The document with the contexts that it names written into it. Raises BadData."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
        raise BadData("JSON-LD", str(getattr(error, "msg", error)), line, column, _excerpt(data, line, column)) from error
    _refuse_depth(document)
    whole = document if isinstance(document, list) else [document]
    for node in whole:
        if isinstance(node, dict) and "@context" in node:
            named = node["@context"]
            node["@context"] = [_context(one, contexts) for one in named] if isinstance(named, list) else _context(named, contexts)
    return json.dumps(document).encode()


def _refuse_depth(document: Any) -> None:
    """Refuse values too deep inside one another. Raises BadData."""
    level, depth = [document] if isinstance(document, dict | list) else [], 0
    while level:
        if depth > JSON_DEPTH:
            raise BadData("JSON-LD", f"more than {JSON_DEPTH} objects or arrays inside one another")
        inner = (value.values() if isinstance(value, dict) else value for value in level)
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
        depth += 1


def _context(named: Any, contexts: Mapping[str, dict[str, Any]]) -> Any:
    if not isinstance(named, str):
        return named
    if named not in contexts:
        known = ", ".join(contexts) or "none"
        raise BadData("JSON-LD", f"the context {named[:200]} is not fetched: write it into the document, or name one of: {known}")
    return contexts[named]


def _fault(data: bytes, syntax: ox.RdfFormat, error: SyntaxError) -> BadData:
    line, column = (None, None) if syntax == ox.RdfFormat.JSON_LD else (error.lineno, error.offset)  # it was written anew
    return BadData(syntax.name, _PLACE.sub("", str(error.msg)), line, column, _excerpt(data, line, column))


def _excerpt(data: bytes, line: int | None, column: int | None) -> str:
    """What stands at a place, on one line, with nothing that a terminal would obey."""
    if line is None or column is None:
        return ""
    lines = data.split(b"\n", line)
    text = lines[line - 1].decode(errors="replace").rstrip("\r") if len(lines) >= line else ""
    found = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[max(column - 1, 0) :])
    return found if len(found) <= _EXCERPT else f"{found[:_EXCERPT]}…"
