"""Bulk loading: files of RDF of any size, as an operator has them, into a store that no other process has open."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast
from xml.parsers import expat

import pyoxigraph as ox
from rdflib import URIRef

from referentiel.store.embedded import EmbeddedStore
from referentiel.store.engine import StoreError

SYNTAXES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".n3": ox.RdfFormat.N3,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
}
"""Syntax by suffix; each may be followed by `.gz`."""

_QUADS = {ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG}
_COMPRESSED = ".gz"
_EXCERPT = 60
_PLACE = re.compile(r"^Parser error at line [^:]*: ")


class UnknownSuffix(StoreError):
    """The name of the file does not say which syntax it is in."""


@dataclass(eq=False)
class BadFile(StoreError):
    """A file that can't be parsed, or read to its end. Line and column count from 1, and are None where nobody can tell."""

    syntax: str
    reason: str
    line: int | None = None
    column: int | None = None
    excerpt: str = ""


Progress = Callable[[int, int], None]
"""Told, as a file is read: how many of its bytes were read, and how many it has (compressed, where it is)."""


def syntax_of(path: Path) -> ox.RdfFormat:
    """The syntax of a file, by its name. Raises UnknownSuffix."""
    name = path.name.lower().removesuffix(_COMPRESSED)
    try:
        return SYNTAXES[Path(name).suffix]
    except KeyError:
        raise UnknownSuffix(path.name) from None


def names_graphs(path: Path) -> bool:
    """Whether the file is in a syntax of quads. Raises UnknownSuffix."""
    return syntax_of(path) in _QUADS


def is_iri(text: str) -> bool:
    """Whether this is an absolute IRI (RFC 3987)."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def load(store: EmbeddedStore, path: Path, *, graph: URIRef | None = None, base: str | None = None, progress: Progress) -> None:
    """Load a file, whole or not at all; what `progress` raises stops it. Triples that the file puts in no graph go to `graph`.

    `base` is the IRI of the file unless another is given. Raises BadFile, StoreUnavailable, OSError when it can't be opened.
    """
    syntax = syntax_of(path)
    try:
        with path.open("rb") as file, _plain(path, file) as data:
            reader = _Reader(file, data, path.stat().st_size, syntax, progress)
            store.load(cast("IO[bytes]", reader), syntax, base=base or path.resolve().as_uri(), graph=graph)
    except SyntaxError as error:
        raise _fault(path, syntax, error) from error


class _Reader:
    """What the engine reads from; it calls nothing but `read`. A fault in reading must not pass for one in writing."""

    def __init__(self, file: IO[bytes], data: IO[bytes], size: int, syntax: ox.RdfFormat, progress: Progress) -> None:
        self._file = file
        self._data = data
        self._size = size
        self._syntax = syntax
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._data.read(size)
        except (OSError, EOFError, zlib.error) as error:  # a broken disk, a file cut short, bytes that gzip didn't write
            raise BadFile(self._syntax.name, str(error)) from error
        self._progress(self._file.tell(), self._size)
        return piece


def _plain(path: Path, file: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if path.name.lower().endswith(_COMPRESSED) else file


def _fault(path: Path, syntax: ox.RdfFormat, error: SyntaxError) -> BadFile:
    reason = _PLACE.sub("", str(error.msg))
    line, column = error.lineno, error.offset
    if line is None and syntax == ox.RdfFormat.RDF_XML:
        line, column, reason = _xml_fault(path) or (None, None, reason)
    return BadFile(syntax.name, reason, line, column, _excerpt(path, line, column))


def _xml_fault(path: Path) -> tuple[int, int, str] | None:
    """Where and why the XML is not well-formed, if it isn't: the engine's parser of RDF/XML tells no places."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        with path.open("rb") as file, _plain(path, file) as data:
            parser.ParseFile(data)
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1, expat.ErrorString(error.code)
    return None


def _excerpt(path: Path, line: int | None, column: int | None) -> str:
    """What stands at a place of a file, on one line, with nothing that a terminal would obey."""
    if line is None or column is None:
        return ""
    with path.open("rb") as file, _plain(path, file) as data:
        text = next(islice(data, line - 1, None), b"").decode(errors="replace").rstrip("\r\n")
    found = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[column - 1 :])
    return found if len(found) <= _EXCERPT else f"{found[:_EXCERPT]}…"
