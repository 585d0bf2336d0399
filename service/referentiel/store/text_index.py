"""An index of the words of every text in a store: SQLite's FTS5, one file for each checkpoint.

Accents and case don't matter, œ is oe and æ is ae, an apostrophe and a hyphen part words. Nothing is stemmed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from referentiel.store.engine import BadQuery, StoreUnavailable
from referentiel.vocabulary import RDF, SSSOM, XSD

WORDS_LIMIT: Final = 64
"""Words of the longest search."""

_BATCH: Final = 2000
_TEXTS: Final = {str(XSD.string), str(RDF.langString)}
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "\0": " "})
_PART: Final = re.compile(r'(?P<but>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+?))(?P<prefix>\*)?(?=\s|"|$)')
_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)", re.IGNORECASE)
_EVERY_LITERAL: Final = (
    "SELECT ?subject ?predicate ?text { ?subject ?predicate ?text"
    f" FILTER (isLiteral(?text) && ?predicate NOT IN ({SSSOM.subject_label.n3()}, {SSSOM.object_label.n3()})) }}"
)
"""All but what records of links repeat: the label of a concept that many competencies lead to would be found as often."""
_SCHEMA: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE literal (id INTEGER PRIMARY KEY, subject TEXT, predicate TEXT, language TEXT, text TEXT);
    CREATE VIRTUAL TABLE words USING fts5(text, content = '', tokenize = 'unicode61 remove_diacritics 2');
"""
_SEARCH: Final = """
    SELECT subject, predicate, literal.text, language, -rank FROM words JOIN literal ON id = words.rowid
    WHERE words MATCH :words
    AND (:predicates IS NULL OR predicate IN (SELECT value FROM json_each(:predicates)))
    AND (:language IS NULL OR language = :language OR substr(language, 1, length(:language) + 1) = :language || '-')
    ORDER BY rank, id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A triple whose text was found. `language` is None for a plain string; `score` is BM25, the better the greater."""

    subject: str
    predicate: str
    text: str
    language: str | None
    score: float


class TextIndex:
    """The index in a file, which nothing changes any more. Raises StoreUnavailable when it can't be read."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._connection.execute("SELECT 1 FROM words, literal LIMIT 0")
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the text index {path.name} can't be read: {error}") from error

    @classmethod
    def of(cls, path: Path, store: ox.Store) -> TextIndex:
        """The index in a file, which is made of the store first when it isn't there."""
        build(path, store)
        return cls(path)

    def search(self, text: str, predicates: Sequence[str] = (), language: str | None = None, limit: int = 10_000) -> list[Hit]:
        """The best hits, those of the same score in the order of the store. No predicates: all. `fr` finds fr-BE too.

        Raises BadQuery (see `match_expression`).
        """
        found = self._connection.execute(
            _SEARCH,
            {
                "words": match_expression(text),
                "predicates": json.dumps(predicates) if predicates else None,
                "language": language and language.lower(),
                "limit": limit,
            },
        )
        return [Hit(*row) for row in found]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def build(path: Path, store: ox.Store) -> None:
    """Index the plain and language-tagged strings of every graph, unless the file is there: all of it, or nothing.

    Processes that want the same index wait for the one that builds it. Raises StoreUnavailable.
    """
    part = path.with_name(f"{path.name}.part")
    while not path.exists():
        try:
            with part.open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # let go by the system when this process is killed
                if _is_file(lock.fileno(), part):  # otherwise another process has finished it meanwhile
                    lock.truncate(0)
                    _write(part, store)
                    part.replace(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"the text index {path.name} can't be written: {error}") from error


def _is_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _write(part: Path, store: ox.Store) -> None:
    connection = sqlite3.connect(part)
    try:
        connection.executescript(_SCHEMA)
        rows = _rows(store)
        while batch := list(islice(rows, _BATCH)):
            connection.executemany("INSERT INTO literal VALUES (?, ?, ?, ?, ?)", batch)
            connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", ((row[0], _folded(row[4])) for row in batch))
        connection.commit()
    finally:
        connection.close()


def _rows(store: ox.Store) -> Iterator[tuple[int, str, str, str | None, str]]:
    """A row for each text about an IRI: blank nodes have no name by which a query could be told of them."""
    solutions = store.query(_EVERY_LITERAL, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    number = 0
    for subject, predicate, text in solutions:
        if isinstance(text, ox.Literal) and isinstance(subject, ox.NamedNode) and text.datatype.value in _TEXTS:
            assert isinstance(predicate, ox.NamedNode)
            number += 1
            yield number, subject.value, predicate.value, text.language, text.value


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_LIGATURES)


def match_expression(text: str) -> str:
    """A search as FTS5's MATCH takes it; every word is quoted, so that nothing in it is syntax.

    `mot mot` both, `mot OR mot` either, `"deux mots"` side by side, `mot*` a beginning, `-mot` none of it. Raises BadQuery.
    """
    if text.count('"') % 2:
        raise BadQuery(
            f"text:query: a quotation mark is missing in « {text} »: a phrase stands between two of them",
            f"text:query : il manque un guillemet dans « {text} » : une expression se met entre deux guillemets",
        )
    parts = list(_PART.finditer(text))
    if len(parts) > WORDS_LIMIT:
        raise BadQuery(
            f"text:query: the search has {len(parts)} words, at most {WORDS_LIMIT} are looked for",
            f"text:query : la recherche a {len(parts)} mots, {WORDS_LIMIT} au plus sont cherchés",
        )
    groups: list[list[re.Match[str]]] = [[]]
    for part in parts:
        if part["word"] == "OR" and part[0] == "OR":
            groups.append([])
        elif part[0] != "AND":
            groups[-1].append(part)
    alternatives = [_all_of(group) for group in groups]
    if not all(alternatives):
        raise BadQuery(
            f"text:query: no word to look for in « {text} » (`-word` needs one beside it, `OR` on both sides)",
            f"text:query : aucun mot à chercher dans « {text} » (« -mot » en veut un autre à côté, « OR » un de chaque côté)",
        )
    return " OR ".join(f"({alternative})" for alternative in alternatives)


def _all_of(parts: Sequence[re.Match[str]]) -> str:
    wanted = [term for part in parts if not part["but"] and (term := _term(part))]
    unwanted = [term for part in parts if part["but"] and (term := _term(part))]
    return " NOT ".join([f"({' AND '.join(wanted)})", *unwanted]) if wanted else ""


def _term(part: re.Match[str]) -> str:
    """A word or a phrase; what is neither letter nor digit, and an elided article before a word, is left out."""
    text = _folded(part["phrase"] if part["phrase"] is not None else _ELISION.sub("", part["word"], count=1))
    if not any(character.isalnum() for character in text):
        return ""
    return f'"{text}"*' if part["prefix"] else f'"{text}"'
