"""The patches: one compressed file for each revision, in RDF Patch, that says what it added to graphs and removed from them.

Equal changes make equal files: their lines are sorted by graph, removals before additions. The digest of a patch is the SHA-256
of its text before it is compressed, so that another version of zlib may write it anew.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from rdflib import URIRef

from referentiel.store import Changes, GraphChange, Name, Statements, StorageFull, StoreUnavailable

_NAMED: Final = re.compile(r'(.*) <([^\x00-\x20<>"]*)>', re.DOTALL)
_TERMS: Final = 2  # spaces between three terms, before an object's own


class DamagedHistory(StoreUnavailable):
    """A patch is missing, or not what was written; `path` is its file."""

    def __init__(self, path: Path, reason: str, french: str) -> None:
        super().__init__(f"{path}: {reason}", f"{path} : {french}")
        self.path = path


class Patches:
    """The patch files of a folder, made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, number: int) -> Path:
        """The file of a revision."""
        return self._folder / f"{number}.patch.gz"

    def write(self, number: int, revision: URIRef, changes: Changes) -> str:
        """Keep a patch for good, in the place of what a write that came to nothing has left; its digest. Raises StorageFull."""
        path = self.path(number)
        unfinished = path.with_name(f".{path.name}")
        digest = sha256()
        try:
            self._make_folder()
            with unfinished.open("wb") as file:
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    for line in patch_lines(revision, changes):
                        data = line.encode()
                        digest.update(data)
                        packed.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _settle(self._folder)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise StorageFull(f"{path}: {error.strerror or error}") from error
        return digest.hexdigest()

    def read(self, number: int, digest: str) -> Changes:
        """What a patch says. Raises DamagedHistory."""
        return _changes(self._lines(number, digest))

    def read_graph(self, number: int, digest: str, name: Name) -> GraphChange:
        """What a patch says of one graph. Raises DamagedHistory."""
        marked = None if name is None else f" <{name}> .\n"
        lines = (line for line in self._lines(number, digest) if marked is None or line.endswith(marked))
        return next((change for change in _changes(lines).graphs if change.name == name), GraphChange(name))

    def check(self, number: int, digest: str) -> None:
        """Raise DamagedHistory unless a patch is there and whole."""
        for _ in self._lines(number, digest):
            pass

    def check_absent(self, number: int) -> None:
        """Raise DamagedHistory when there is a patch of that number."""
        if self.path(number).exists():
            reason = "belongs to a write that the store does not hold any more"
            raise DamagedHistory(self.path(number), reason, "relève d'une écriture que le magasin ne tient plus")

    def _lines(self, number: int, digest: str) -> Iterator[str]:
        """The lines of a patch, with their ends. Raises DamagedHistory, after the last line when it is the digest that differs."""
        path = self.path(number)
        found = sha256()
        try:
            with gzip.open(path) as file:
                for line in file:
                    found.update(line)
                    yield line.decode()
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise DamagedHistory(path, f"can't be read ({error})", f"illisible ({error})") from error
        if found.hexdigest() != digest:
            raise DamagedHistory(path, "is not the patch that was written", "ce n'est pas ce qui a été écrit")

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            self._folder.mkdir()
            _settle(self._folder.parent)


def patch_lines(revision: URIRef, changes: Changes) -> Iterator[str]:
    """Changes as RDF Patch, line by line: a header that names the revision, and one transaction."""
    yield f"H id <{revision}> .\n"
    yield "TX .\n"
    for change in changes.graphs:
        name = "" if change.name is None else f"<{change.name}> "
        for verb, statements in (("D", change.removed), ("A", change.added)):
            for statement in sorted(statements):
                yield f"{verb} {statement.removesuffix('.')}{name}.\n"
    yield "TC .\n"


def _changes(lines: Iterator[str]) -> Changes:
    found: dict[Name, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for line in lines:
        verb, _, rest = line.partition(" ")
        if verb in {"A", "D"}:
            statement, name = _parted(rest)
            found[name][verb == "D"].add(statement)
    return Changes.of(GraphChange(name, _frozen(added), _frozen(removed)) for name, (added, removed) in found.items())


def _parted(rest: str) -> tuple[str, Name]:
    """A line without its verb as a statement and the name of its graph. An IRI at the end that is the third term is the object."""
    terms = rest.removesuffix(" .\n")
    match = _NAMED.fullmatch(terms)
    if match and match[1].count(" ") >= _TERMS:
        return f"{match[1]} .", URIRef(match[2])
    return f"{terms} .", None


def _frozen(statements: set[str]) -> Statements:
    return frozenset(statements)


def _settle(folder: Path) -> None:
    """Have what a folder lists on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
