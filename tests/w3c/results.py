"""Answers read from each result format, and whether two of them are the same."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Final
from xml.etree import ElementTree

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from w3c.suite import Facts, Node

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

Term = tuple[str, ...]
"""Kind (uri, bnode, literal, text) and value; then, of a literal, language and datatype."""


@dataclass(frozen=True)
class Table:
    """An answer to a SELECT."""

    variables: frozenset[str]
    rows: tuple[dict[str, Term], ...]


def literal(value: str, language: str | None, datatype: str | None) -> Term:
    """A literal; numbers and booleans by what they are worth: the decimal 2.0 is 2.00, but not the integer 2."""
    datatype = datatype or f"{XSD}string"
    try:
        if datatype == f"{XSD}integer":
            value = str(int(value))
        elif datatype == f"{XSD}decimal":
            value = str(Decimal(value).normalize())
        elif datatype in {f"{XSD}double", f"{XSD}float"}:
            value = repr(float(value))
        elif datatype == f"{XSD}boolean":
            value = {"0": "false", "1": "true"}.get(value, value)
    except (ArithmeticError, ValueError):
        pass  # an ill-typed literal is the same as itself only
    return ("literal", value, language.lower()) if language else ("literal", value, "", datatype)


def read_json(data: bytes) -> Table | bool:
    """SPARQL 1.1 Query Results JSON Format."""
    document = json.loads(data)
    if "boolean" in document:
        return bool(document["boolean"])
    rows = ({name: _json_term(term) for name, term in row.items()} for row in document["results"]["bindings"])
    return Table(frozenset(document["head"]["vars"]), tuple(rows))


def _json_term(term: dict[str, str]) -> Term:
    if term["type"] in {"uri", "bnode"}:
        return term["type"], term["value"]
    return literal(term["value"], term.get("xml:lang"), term.get("datatype"))


def read_xml(data: bytes) -> Table | bool:
    """SPARQL Query Results XML Format."""
    root = ElementTree.fromstring(data)
    boolean = root.findtext(f"{_SRX}boolean")
    if boolean is not None:
        return boolean.strip() == "true"
    names = frozenset(variable.attrib["name"] for variable in root.iter(f"{_SRX}variable"))
    rows = (
        {binding.attrib["name"]: _xml_term(binding[0]) for binding in result.iter(f"{_SRX}binding")}
        for result in root.iter(f"{_SRX}result")
    )
    return Table(names, tuple(rows))


def _xml_term(element: ElementTree.Element) -> Term:
    kind, value = element.tag.removeprefix(_SRX), element.text or ""
    return (kind, value) if kind != "literal" else literal(value, element.get(_XML_LANG), element.get("datatype"))


def read_tsv(data: bytes) -> Table:
    """SPARQL 1.1 Query Results TSV Format."""
    head, *lines = data.decode().removesuffix("\n").split("\n")
    names = [name.removeprefix("?") for name in head.split("\t")]
    rows = (zip(names, line.split("\t"), strict=True) for line in lines)
    return Table(frozenset(names), tuple({name: _turtle_term(cell) for name, cell in row if cell} for row in rows))


def _csv_term(cell: str) -> Term:
    return "bnode" if cell.startswith("_:") else "text", cell


def _turtle_term(text: str) -> Term:
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.TURTLE)
    return node_term(quad.object) if not text.startswith("_:") else ("bnode", text)


def node_term(node: Node) -> Term:
    """A term of a parsed graph."""
    if isinstance(node, ox.Literal):
        return literal(node.value, node.language, node.datatype.value)
    assert not isinstance(node, ox.Triple)
    return "uri" if isinstance(node, ox.NamedNode) else "bnode", node.value


def read_csv(data: bytes) -> Table:
    """SPARQL 1.1 Query Results CSV Format: text, and labels of blank nodes."""
    head, *lines = csv.reader(StringIO(data.decode(), newline=""))
    rows = (dict(zip(head, map(_csv_term, line), strict=True)) for line in lines)
    return Table(frozenset(head), tuple(rows))


def read_result_set(path: str) -> Table | None:
    """A table written as RDF, in the vocabulary of the suites; None when the file is a graph of another kind."""
    facts = Facts(path)
    for result in facts.of_type(f"{RS}ResultSet"):
        names = frozenset(str(getattr(node, "value", "")) for node in facts.all(result, f"{RS}resultVariable"))
        solutions = facts.all(result, f"{RS}solution")
        return Table(names, tuple(dict(_bindings(facts, solution)) for solution in solutions))
    return None


def _bindings(facts: Facts, solution: Node) -> Iterator[tuple[str, Term]]:
    for binding in facts.all(solution, f"{RS}binding"):
        value = facts.one(binding, f"{RS}value")
        assert value is not None
        yield facts.text(binding, f"{RS}variable"), node_term(value)


def same(one: Table | bool, other: Table | bool, *, ordered: bool) -> bool:
    """Whether two answers are the same but for the names of blank nodes, and for the order of rows unless that counts."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if one.variables != other.variables:
        return False
    if any(term[0] == "bnode" for row in one.rows for term in row.values()):
        return isomorphic(_graph(one, ordered=ordered), _graph(other, ordered=ordered))
    if ordered:
        return one.rows == other.rows
    return Counter(frozenset(row.items()) for row in one.rows) == Counter(frozenset(row.items()) for row in other.rows)


def _graph(table: Table, *, ordered: bool) -> Graph:
    """A table as a graph, so that its blank nodes can be matched: one node for each row."""
    graph = Graph()
    for number, row in enumerate(table.rows):
        node = BNode()
        graph.add((node, URIRef("urn:row"), Literal(number if ordered else 0)))
        for name, term in row.items():
            value = BNode(f"b{term[1]}".replace(":", "")) if term[0] == "bnode" else Literal(repr(term))
            graph.add((node, URIRef(f"urn:variable:{name}"), value))
    return graph
