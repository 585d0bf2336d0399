"""Reading what a request asks (SPARQL 1.1 Protocol, section 2): GET with a query, POST of a form, POST of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from rdflib import Literal, URIRef
from starlette.types import Receive, Scope

from referentiel.store import QUERY_LIMIT, ResultFormat
from referentiel.web import problems
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

MAX_BODY: Final = 3 * QUERY_LIMIT + 2**16
"""Bytes of the longest body that is read: a form writes a byte of a query as three at most, and may name graphs beside it."""

MAX_PARAMETERS: Final = 1000

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

FORMAT_TOKENS: Final = {
    "json": {ResultFormat.JSON, ResultFormat.JSON_LD},
    "xml": {ResultFormat.XML, ResultFormat.RDF_XML},
    "srj": {ResultFormat.JSON},
    "srx": {ResultFormat.XML},
    "csv": {ResultFormat.CSV},
    "tsv": {ResultFormat.TSV},
    "ttl": {ResultFormat.TURTLE},
    "nt": {ResultFormat.N_TRIPLES},
    "rdf": {ResultFormat.RDF_XML},
    "jsonld": {ResultFormat.JSON_LD},
}
"""Values of `format`, and suffixes of the address. Clients send others, lists of media types among them: those are passed over."""

_GRAPH = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*""")


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it was asked: its text, the graphs to ask it of, values of its variables, and what `format` says.

    `text` is None when there is none; `bare`: there was no parameter at all. `fixed`: the address names the format.
    """

    text: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: frozenset[ResultFormat] = frozenset()
    bindings: tuple[tuple[str, URIRef | Literal], ...] = ()
    bare: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class SentUpdate:
    """An update as it was sent, and the graphs that its WHERE is asked of."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class ClientGone(Exception):
    """The client has closed the connection: nobody waits for an answer."""


def header(scope: Scope, wanted: bytes) -> str:
    """The value of a header, several joined; empty when there is none."""
    return b", ".join([value for name, value in scope["headers"] if name == wanted]).decode("latin-1")


def sends_update(scope: Scope) -> bool:
    """Whether the body of a request is an update."""
    return scope["method"] == "POST" and _content_type(header(scope, b"content-type"))[0] == UPDATE


async def read(scope: Scope, receive: Receive) -> Question | SentUpdate:
    """The question that a request asks, or the update in its form; one that is the body is not read here. Raises Problem."""
    given = parameters(scope["query_string"])
    if scope["method"] == "POST":
        sent = header(scope, b"content-type")
        content_type, charset = _content_type(sent)
        body = await _body(receive)
        given += parameters(body) if content_type == FORM else [("query", _decoded(body))]
        if content_type not in {FORM, QUERY} or charset not in {"utf-8", "utf8", "us-ascii"}:
            raise Problem(
                problems.UNSUPPORTED_MEDIA_TYPE,
                Text(
                    f"Attendu : {FORM} ou {QUERY}, en UTF-8 ; trouvé : « {sent} ».",
                    f"Expected: {FORM} or {QUERY}, in UTF-8; found: “{sent}”.",
                ),
                {"Accept-Post": f"{FORM}, {QUERY}, {UPDATE}"},
            )
    if any(name == "update" for name, _ in given):
        return _update(given, posted=scope["method"] == "POST")
    return _question(given)


def _update(given: Sequence[tuple[str, str]], *, posted: bool) -> SentUpdate:
    if not posted:
        raise Problem(
            problems.BAD_REQUEST,
            Text("Une mise à jour est attendue dans un POST ; trouvé : un GET.", "An update is expected in a POST; found: a GET."),
        )
    texts = [value for name, value in given if name in {"update", "query"}]
    if len(texts) > 1:
        raise Problem(
            problems.REPEATED_QUERY,
            Text(
                f"Une mise à jour seule est attendue ; trouvé : {len(texts)} textes.",
                f"One update by itself is expected; found: {len(texts)} texts.",
            ),
        )
    return SentUpdate(texts[0], *named_graphs(given, "using-graph-uri", "using-named-graph-uri"))


def named_graphs(given: Sequence[tuple[str, str]], *names: str) -> Iterator[tuple[str, ...]]:
    """The graphs that each of some parameters names. Raises Problem for what is no absolute IRI."""
    for wanted in names:
        found = tuple(value for name, value in given if name == wanted)
        for value in found:
            if not _GRAPH.fullmatch(value):
                raise Problem(
                    problems.BAD_REQUEST,
                    Text(
                        f"{wanted} : un IRI absolu est attendu ; trouvé « {value} ».",
                        f"{wanted}: an absolute IRI is expected; found “{value}”.",
                    ),
                )
        yield found


def _question(given: Sequence[tuple[str, str]]) -> Question:
    texts = [value for name, value in given if name == "query"]
    if len(texts) > 1:
        raise Problem(
            problems.REPEATED_QUERY,
            Text(f"Une question est attendue ; {len(texts)} ont été trouvées.", f"One query is expected; {len(texts)} were found."),
        )
    default_graphs, named = named_graphs(given, "default-graph-uri", "named-graph-uri")
    if texts and len(texts[0].encode()) > QUERY_LIMIT:
        raise _too_large(QUERY_LIMIT)
    return Question(
        text=texts[0] if texts and texts[0].strip() else None,
        default_graphs=default_graphs,
        named_graphs=named,
        formats=frozenset(
            form for name, value in given if name == "format" for form in FORMAT_TOKENS.get(value.strip().lower(), ())
        ),
        bare=not given,
    )


def _content_type(sent: str) -> tuple[str, str]:
    """The media type of the body and its charset, in small letters."""
    media_type, *parameters = sent.lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return media_type.strip(), named.get("charset", "utf-8").strip('" ')


async def _body(receive: Receive) -> bytes:
    """The body, read no further than the bound."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise _too_large(MAX_BODY)
    return bytes(body)


def _too_large(limit: int) -> Problem:
    return Problem(
        problems.TOO_LARGE, Text(f"Au plus {limit} octets sont lus.", f"At most {limit} bytes are read."), {"Connection": "close"}
    )


def parameters(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string or of a form. Raises Problem when they are not UTF-8, or far too many."""
    try:
        return parse_qsl(_decoded(encoded), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.start + 1].hex().upper()
        raise Problem(
            problems.BAD_REQUEST,
            Text(f"Un paramètre n'est pas en UTF-8 : il contient %{found}.", f"A parameter is not UTF-8: it holds %{found}."),
        ) from error
    except ValueError as error:
        raise Problem(
            problems.BAD_REQUEST,
            Text(f"Au plus {MAX_PARAMETERS} paramètres sont attendus.", f"At most {MAX_PARAMETERS} parameters are expected."),
        ) from error


def _decoded(encoded: bytes) -> str:
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise Problem(
            problems.BAD_REQUEST,
            Text(f"L'octet {error.start} n'est pas de l'UTF-8.", f"Byte {error.start} is not UTF-8."),
        ) from error
