"""The questions of the library: read from their files, their parameters typed, and described as SHACL executables in a graph.

A value never becomes part of a query's text: it is checked, made a term, and bound to the variable of its parameter's name. The
engine binds what a SELECT projects, and believes that a variable of no triple pattern is unbound. So every parameter is a column of
the answer, and one that may be left out is a variable of a triple pattern, where it finds what it isn't bound to; the others, that
filters compare with, are required or have a default.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from rdflib import Graph, Literal, URIRef

from referentiel.vocabulary import CC_BY, DCT, LIBRARY, LIBRARY_GRAPH, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, SKOS, XSD, empty_graph

TEXT_LIMIT: Final = 200
"""Characters of the longest value of a parameter that is not an IRI."""

IRI_LIMIT: Final = 2000

INTEGER_LIMIT: Final = 999_999_999

LANGUAGES: Final = ("fr", "en")

_HEADER: Final = re.compile(r"# @(?P<key>[a-z-]+) (?P<value>\S.*)")
_PARAMETER: Final = re.compile(r"(?P<name>[a-z]+)(?: (?P<required>required)| = (?P<default>\S.*))?")
_FORM: Final = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_CODE: Final = re.compile(rf"[^\s\x00-\x1f\x7f-\x9f]{{1,{TEXT_LIMIT}}}")
_TEXT: Final = re.compile(rf"(?=.*\S)[^\x00-\x1f\x7f-\x9f]{{1,{TEXT_LIMIT}}}")
_INTEGER: Final = re.compile(rf"[0-9]{{1,{len(str(INTEGER_LIMIT))}}}")
_LETTER = r"A-Za-z0-9\-._~\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
_IN_PATH = rf"[{_LETTER}!$&'()*+,;=:@/]|%[0-9A-Fa-f]{{2}}"
_IN_QUERY = rf"(?:{_IN_PATH}|\?)"
_IRI: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?:{_IN_PATH})*(?:\?{_IN_QUERY}*)?(?:#{_IN_QUERY}*)?")


class BadValue(ValueError):
    """A value that a parameter can't have; `value` is None where one is missing."""

    def __init__(self, parameter: Parameter, value: str | None) -> None:
        super().__init__(f"{parameter.name}: {parameter.type.expected['en']}; found {value!r}")
        self.parameter = parameter
        self.value = value


class Type(Enum):
    """What values a parameter has: name in `parameters.toml`, what is expected in French and in English."""

    CODE = ("code", "un code sans espace", "a code without space")
    TEXT = ("text", f"un texte de {TEXT_LIMIT} caractères au plus", f"a text of at most {TEXT_LIMIT} characters")
    INTEGER = ("integer", f"un nombre entier de 0 à {INTEGER_LIMIT}", f"a whole number from 0 to {INTEGER_LIMIT}")
    LANGUAGE = ("language", "« fr » ou « en »", "“fr” or “en”")
    IRI = ("iri", "un IRI absolu ou un nom préfixé", "an absolute IRI or a prefixed name")

    @property
    def expected(self) -> Mapping[str, str]:
        """What is expected, by language."""
        return {"fr": self.value[1], "en": self.value[2]}

    def term(self, text: str) -> URIRef | Literal | None:
        """The term that a text stands for; None when it stands for none of this type."""
        return _READERS[self](text)


def _literal(pattern: re.Pattern[str]) -> Callable[[str], Literal | None]:
    return lambda text: Literal(text) if pattern.fullmatch(text) else None


def _integer(text: str) -> Literal | None:
    return Literal(int(text)) if _INTEGER.fullmatch(text) else None


def _language(text: str) -> Literal | None:
    return Literal(text) if text in LANGUAGES else None


def _iri(text: str) -> URIRef | None:
    prefix, _, local = text.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else text
    if len(iri) > IRI_LIMIT or not _IRI.fullmatch(iri):
        return None
    try:
        fits = urlsplit(iri).port != 0  # reading the port refuses what is no port
    except ValueError:
        return None
    return URIRef(iri) if fits else None


_READERS: Final[Mapping[Type, Callable[[str], URIRef | Literal | None]]] = {
    Type.CODE: _literal(_CODE),
    Type.TEXT: _literal(_TEXT),
    Type.INTEGER: _integer,
    Type.LANGUAGE: _language,
    Type.IRI: _iri,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its type, what it means by language, an example, whether it must be given, else its default."""

    name: str
    type: Type
    description: Mapping[str, str]
    example: str
    required: bool
    default: str | None

    def term(self, text: str) -> URIRef | Literal:
        """The term to bind. Raises BadValue."""
        found = self.type.term(text)
        if found is None:
            raise BadValue(self, text)
        return found


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question with parameters. `form` is SELECT, ASK or CONSTRUCT; `example` a value for each parameter worth showing."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    audience: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    expects_none: str | None
    form: str
    text: str

    @property
    def iri(self) -> URIRef:
        """What the question is called in the library's graph."""
        return LIBRARY[self.name]

    def bindings(self, values: Mapping[str, str]) -> dict[str, URIRef | Literal]:
        """The terms of all parameters that are given or have a default; an empty text is no value. Raises BadValue."""
        bound: dict[str, URIRef | Literal] = {}
        for parameter in self.parameters:
            text = values.get(parameter.name) or parameter.default
            if text:
                bound[parameter.name] = parameter.term(text)
            elif parameter.required:
                raise BadValue(parameter, None)
        return bound


def read(questions: Iterable[Path], parameters: Path) -> tuple[LibraryQuestion, ...]:
    """The questions of files that are named after them. Raises ValueError where a file is not as it should be."""
    known = tomllib.loads(parameters.read_text("utf-8"))
    return tuple(_question(path.stem, path.read_text("utf-8"), known) for path in questions)


def _question(name: str, source: str, known: Mapping[str, Mapping[str, str]]) -> LibraryQuestion:
    lines = source.splitlines(keepends=True)
    size = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    said: dict[str, list[str]] = {}
    for line in lines[:size]:
        match = _HEADER.fullmatch(line.strip())
        if not match:
            raise ValueError(f"{name}: “# @key value” is expected; found “{line.strip()}”")
        said.setdefault(match["key"], []).append(match["value"])
    text = "".join(lines[size:]).lstrip("\n")
    form = _FORM.search(text)
    missing = {"question-fr", "question-en", "description-fr", "description-en", "audience", "keywords", "example"} - set(said)
    if missing or not form:
        raise ValueError(f"{name}: a query and {sorted(missing)} are expected")
    example = dict(parse_qsl(said["example"][0], strict_parsing=True))
    question = LibraryQuestion(
        name=name,
        title={language: said[f"question-{language}"][0] for language in LANGUAGES},
        description={language: said[f"description-{language}"][0] for language in LANGUAGES},
        audience=said["audience"][0],
        keywords=tuple(word.strip() for word in said["keywords"][0].split(",")),
        parameters=tuple(_parameter(name, line, known, example) for line in said.get("parameter", ())),
        example=example,
        expects_none=next(iter(said.get("expects", ())), None),
        form=form[1],
        text=text,
    )
    question.bindings(example)
    return question


def _parameter(question: str, line: str, known: Mapping[str, Mapping[str, str]], example: Mapping[str, str]) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if not match or match["name"] not in known:
        raise ValueError(f"{question}: a parameter of parameters.toml, “required” or “= default” are expected; found “{line}”")
    entry = known[match["name"]]
    return Parameter(
        name=match["name"],
        type=next(kind for kind in Type if kind.value[0] == entry["type"]),
        description={language: entry[language] for language in LANGUAGES},
        example=example.get(match["name"], entry["example"]),
        required=bool(match["required"]),
        default=match["default"],
    )


def graph(questions: Iterable[LibraryQuestion], endpoint: str | None = None) -> Graph:
    """The library as SHACL executables, in the form of SIB's SPARQL examples; `endpoint` is where they can be asked.

    Parameters are SHACL's (SHACL, section 6.2): the variable is the local name of a parameter's path. No blank node.
    """
    library = empty_graph()
    for triple in _triples(tuple(questions), URIRef(endpoint) if endpoint else None):
        library.add(triple)
    return library


_Triple = tuple[URIRef, URIRef, URIRef | Literal]
_QUERY_PROPERTY: Final = {"SELECT": SH.select, "ASK": SH.ask, "CONSTRUCT": SH.construct}
_DATATYPES: Final = {Type.CODE: XSD.string, Type.TEXT: XSD.string, Type.INTEGER: XSD.integer, Type.LANGUAGE: XSD.string}


def _triples(questions: tuple[LibraryQuestion, ...], endpoint: URIRef | None) -> Iterator[_Triple]:
    yield LIBRARY_GRAPH, RDF.type, OWL.Ontology
    yield LIBRARY_GRAPH, DCT.title, Literal("Bibliothèque de questions", "fr")
    yield LIBRARY_GRAPH, DCT.title, Literal("Library of questions", "en")
    yield LIBRARY_GRAPH, DCT.license, CC_BY
    used = "\n".join(question.text for question in questions)
    for prefix in sorted(set(re.findall(r"^PREFIX (\w+):", used, re.MULTILINE))):
        declaration = LIBRARY[f"prefix-{prefix}"]
        yield LIBRARY_GRAPH, SH.declare, declaration
        yield declaration, RDF.type, SH.PrefixDeclaration
        yield declaration, SH.prefix, Literal(prefix)
        yield declaration, SH.namespace, Literal(PREFIXES[prefix], datatype=XSD.anyURI)
    for question in questions:
        yield from _executable(question)
        if endpoint:
            yield question.iri, SCHEMA.target, endpoint


def _executable(question: LibraryQuestion) -> Iterator[_Triple]:
    iri = question.iri
    yield iri, RDF.type, SH.SPARQLExecutable
    yield iri, RDF.type, SH[f"SPARQL{question.form.capitalize()}Executable"]
    yield iri, SH.prefixes, LIBRARY_GRAPH
    yield iri, _QUERY_PROPERTY[question.form], Literal(question.text)
    for language in LANGUAGES:
        yield iri, RDFS.label, Literal(question.title[language], language)
        yield iri, RDFS.comment, Literal(question.description[language], language)
    for word in question.keywords:
        yield iri, SCHEMA.keywords, Literal(word, "en")
    for order, parameter in enumerate(question.parameters):
        yield iri, SH.parameter, LIBRARY[f"{question.name}/{parameter.name}"]
        yield from _declared(LIBRARY[f"{question.name}/{parameter.name}"], order, parameter)


def _declared(iri: URIRef, order: int, parameter: Parameter) -> Iterator[_Triple]:
    path = LIBRARY[f"parameter/{parameter.name}"]
    yield path, RDF.type, RDF.Property
    yield path, RDFS.label, Literal(parameter.name)
    yield iri, RDF.type, SH.Parameter
    yield iri, SH.path, path
    yield iri, SH.order, Literal(order)
    for language in LANGUAGES:
        yield iri, SH.description, Literal(parameter.description[language], language)
    if parameter.type in _DATATYPES:
        yield iri, SH.datatype, _DATATYPES[parameter.type]
    else:
        yield iri, SH.nodeKind, SH.IRI
    yield iri, SH.optional, Literal(not parameter.required)
    if parameter.default:
        yield iri, SH.defaultValue, parameter.term(parameter.default)
    yield iri, SKOS.example, parameter.term(parameter.example)
