"""Sorting outside the engine: `ORDER BY` variables of the answer's own columns.

Oxigraph 0.5 fetches both texts anew for every comparison (100,000 labels: 7 s), and a column that mixes numbers and texts can end
its process, for there its comparison is no total order. Here the engine answers without order, as TSV, and the lines are sorted.

The order is the engine's (`cmp_terms` of its crate spareval): unbound, blank nodes, IRIs, literals; numbers by value; other
literals by text, then datatype, then language, which is the order of values for plain dates, times and booleans too. Where the
engine has no consistent order, numbers come before other literals (SPARQL 1.1, section 15.1, leaves it open). What is compared by
value and is not understood here (durations, dates with a time zone…) is left to the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import IO, Any, Final, NamedTuple, cast

import pyoxigraph as ox

from referentiel.store.tokens import Token, tokenize
from referentiel.vocabulary import RDF, XSD

LONGEST: Final = 128 * 1024 * 1024
"""Bytes of the lines that are sorted here, which take four times as much; a longer answer is left to the engine."""

_ORDER_BY: Final = re.compile(r"order\s+by", re.IGNORECASE)
_LITERAL: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"(?:@([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)|\^\^<([^<>]*)>)?', re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED: Final = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
_ROWS_READ: Final = 256
_SAMPLE: Final = 20
_GROUPED: Final = re.compile(r"\b(?:group\s+by|distinct|reduced)\b", re.IGNORECASE)
"""Where asking anew would cost as much as it did the first time."""

_XSD: Final = str(XSD).encode()
_STRING: Final = str(XSD.string).encode()
_LANG_STRING: Final = str(RDF.langString).encode()
_INTEGER: Final = str(XSD.integer).encode()
_DECIMAL: Final = str(XSD.decimal).encode()
_FLOATING: Final = {str(XSD.double).encode(), str(XSD.float).encode()}
_NUMERIC: Final = {_INTEGER, _DECIMAL, *_FLOATING}
_ORDERED_AS_TEXT: Final = {
    _STRING: re.compile(rb""),
    str(XSD.boolean).encode(): re.compile(rb"(?:true|false)\Z"),
    str(XSD.date).encode(): re.compile(rb"\d{4}-\d\d-\d\d\Z"),
    str(XSD.dateTime).encode(): re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?\Z"),
}
"""Datatypes of XML Schema whose values stand in the order of their texts, for texts such as these."""

_EXACT: Final = re.compile(rb"[+-]?\d{1,15}\Z")
"""What an integer, a decimal, a double and a float compare alike with."""
_FIXED: Final = re.compile(rb"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})\Z")
"""What fits the engine's integers and decimals."""

_UNBOUND, _BLANK, _IRI, _NUMBER, _TEXT = range(5)
Key = tuple[Any, ...]


class Order(NamedTuple):
    """A query without its order: `keys` are variables with True for descending; `limit` None for all."""

    query: str
    keys: tuple[tuple[str, bool], ...]
    offset: int
    limit: int | None


class Incomparable(Exception):
    """The engine must sort: a term whose order is not known here, or too long an answer."""


def taken_out(query: str) -> Order | None:
    """The order of a query and the query without it; None when the engine must sort.

    It is taken out of a SELECT whose outermost `ORDER BY` has variables only, with or without LIMIT and OFFSET after it.
    """
    if not _ORDER_BY.search(query):
        return None
    try:
        tokens = tokenize(query)
    except ValueError:
        return None
    outer = [place for place, token in enumerate(tokens) if token.within == -1 and token.kind == "word"]
    words = [tokens[place].text.lower() for place in outer]
    if not ("select" in words and words.count("order") == 1 and not {"construct", "describe", "ask"} & set(words)):
        return None
    place = outer[words.index("order")]
    if not _is(tokens, place + 1, "by"):
        return None
    keys, after = _keys(tokens, place + 2)
    bounds = _bounds(tokens[after:])
    if not keys or bounds is None:
        return None
    return Order(query[: tokens[place].start], keys, bounds.get("offset", 0), bounds.get("limit"))


def _is(tokens: list[Token], place: int, word: str) -> bool:
    return place < len(tokens) and tokens[place].text.lower() == word


def _keys(tokens: list[Token], place: int) -> tuple[tuple[tuple[str, bool], ...], int]:
    """The keys from a place on, and the place after them."""
    keys: list[tuple[str, bool]] = []
    while place < len(tokens):
        descending = _is(tokens, place, "desc")
        if descending or _is(tokens, place, "asc"):
            if [token.text for token in tokens[place + 1 : place + 4 : 2]] != ["(", ")"]:
                break
            variable, width = tokens[place + 2], 4
        else:
            variable, width = tokens[place], 1
        if variable.kind != "variable":
            break
        keys.append((variable.text[1:], descending))
        place += width
    return tuple(keys), place


def _bounds(tokens: list[Token]) -> dict[str, int] | None:
    """LIMIT and OFFSET when nothing else is there."""
    bounds: dict[str, int] = {}
    if len(tokens) % 2:
        return None
    for word, number in zip(tokens[::2], tokens[1::2], strict=True):
        name = word.text.lower()
        if name not in ("limit", "offset") or name in bounds or not (number.text.isdecimal() and len(number.text) <= 18):
            return None
        bounds[name] = int(number.text)
    return bounds


def sorted_outside(query: str, ask: Callable[[str], object]) -> ox.QuerySolutions | None:
    """What `ask` answers to a query, sorted here; None when the engine must sort. Raises what `ask` and its answer raise."""
    order = taken_out(query)
    if order is None:
        return None
    solutions = ask(order.query)
    try:
        return _sorted(solutions, order) if isinstance(solutions, ox.QuerySolutions) else None
    except (Incomparable, MemoryError):  # the engine needs less memory than the lines do
        return None
    finally:
        del solutions


def _sorted(solutions: ox.QuerySolutions, order: Order) -> ox.QuerySolutions:
    try:
        columns = [variable.value for variable in solutions.variables]
        if not {name for name, _ in order.keys} <= set(columns):
            raise Incomparable
        lines = _Lines(None if _GROUPED.search(order.query) else columns.index(order.keys[0][0]))
        solutions.serialize(cast("IO[bytes]", lines), format=ox.QueryResultsFormat.TSV)
    finally:
        del solutions  # an error remembers this frame, and may be forgotten in another thread
    header, rows = lines.found[0], lines.found[1:]
    for name, descending in reversed(order.keys):
        rows.sort(key=_Column(columns.index(name)), reverse=descending)
    end = None if order.limit is None else order.offset + order.limit
    found = ox.parse_query_results(cast("IO[bytes]", _Reader(header, rows[order.offset : end])), ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    return found


class _Column:
    """The sort key of a row: that of its term in one column, given as TSV (SPARQL 1.1 Query Results CSV and TSV, section 4)."""

    def __init__(self, column: int) -> None:
        self._column = column
        self._inexact: set[bytes] = set()

    def __call__(self, row: bytes) -> Key:
        """Raises Incomparable."""
        term = row.split(b"\t", self._column + 1)[self._column]
        if not term:
            return (_UNBOUND,)
        if term.startswith(b'"'):
            return self._literal(term)
        if term.startswith(b"<") and not term.startswith(b"<<"):
            return (_IRI, term[1:-1])
        if term.startswith(b"_:"):
            return (_BLANK, term[2:])
        if term in (b"true", b"false"):
            return (_TEXT, term, b"", b"")
        if _FIXED.match(term):
            return self._number(term, _DECIMAL if b"." in term else _INTEGER)
        raise Incomparable

    def _literal(self, term: bytes) -> Key:
        match = _LITERAL.fullmatch(term)
        if match is None:
            raise Incomparable
        text, language, datatype = match[1], match[2], match[3] or _STRING
        if b"\\" in text:
            text = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), text)
        if language:
            return (_TEXT, text, _LANG_STRING, language)
        if datatype in _NUMERIC:
            return self._number(text, datatype)
        if datatype.startswith(_XSD) and not (datatype in _ORDERED_AS_TEXT and _ORDERED_AS_TEXT[datatype].match(text)):
            raise Incomparable
        return (_TEXT, text, datatype, b"")

    def _number(self, text: bytes, datatype: bytes) -> Key:
        """Exact numbers by value. Two kinds that the engine would round to compare them are not mixed."""
        if not _EXACT.match(text):
            self._inexact.add(_DECIMAL if datatype == _INTEGER else datatype)
            if len(self._inexact) > 1:
                raise Incomparable
        if datatype not in _FLOATING:
            if not _FIXED.match(text):
                raise Incomparable
            return (_NUMBER, 1, Decimal(text.decode()))
        try:
            value = float(text)
        except ValueError:
            raise Incomparable from None
        return (_NUMBER, 1, value) if value == value else (_NUMBER, 0)  # NaN is unequal to itself


class _Lines:
    """A sink that cuts what is written into lines. `leading`: the column that is sorted by first, if it is worth a look."""

    def __init__(self, leading: int | None) -> None:
        self._leading = leading
        self.found: list[bytes] = []
        self._rest = b""
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes. Raises Incomparable beyond LONGEST."""
        self._size += len(data)
        if self._size > LONGEST:
            raise Incomparable
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.found += lines
        if self._leading is not None and len(self.found) > _SAMPLE:
            if not any(_is_fetched(row.split(b"\t")[self._leading]) for row in self.found[1:]):
                raise Incomparable
            self._leading = None
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


def _is_fetched(term: bytes) -> bool:
    """Whether the engine fetches what it compares such a term by: numbers and dates it holds in its hand, and sorts faster."""
    return term.startswith((b"<", b"_:")) or (term.startswith(b'"') and not term.endswith(b">"))


class _Reader:
    """Lines as a file."""

    def __init__(self, header: bytes, rows: list[bytes]) -> None:
        self._rows = iter(rows)
        self._part = BytesIO(header + b"\n")

    def read(self, size: int = -1) -> bytes:
        """So many bytes or fewer; none at the end."""
        data = self._part.read(size)
        if not data and (rows := list(islice(self._rows, _ROWS_READ))):
            self._part = BytesIO(b"\n".join(rows) + b"\n")
            data = self._part.read(size)
        return data
