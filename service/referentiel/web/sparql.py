"""The SPARQL endpoint (SPARQL 1.1 Protocol, section 2): a plain ASGI application, since routing costs as much as a small query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from referentiel.store import QUERY_LIMIT, Answer, BadQuery, Engine, QueryForm, ResultFormat
from referentiel.web import problems
from referentiel.web.negotiation import HTML, Choice, Offer, choose, offer
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.texts import Text

MAX_BODY: Final = 3 * QUERY_LIMIT + 2**16
"""Bytes of the longest body that is read: a form writes a byte of a query as three at most, and may name graphs beside it."""

QUERIES_AT_ONCE: Final = 4
"""Queries that run at the same time; the others wait. Pages and documents don't wait for them."""

MAX_PARAMETERS: Final = 1000

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

TABLES: Final = tuple(map(offer, (ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV)))
GRAPHS: Final = tuple(map(offer, (ResultFormat.TURTLE, ResultFormat.JSON_LD, ResultFormat.RDF_XML, ResultFormat.N_TRIPLES)))

FORMAT_TOKENS: Final = {
    "json": {ResultFormat.JSON},
    "xml": {ResultFormat.XML, ResultFormat.RDF_XML},
    "csv": {ResultFormat.CSV},
    "tsv": {ResultFormat.TSV},
    "ttl": {ResultFormat.TURTLE},
    "nt": {ResultFormat.N_TRIPLES},
    "rdf": {ResultFormat.RDF_XML},
    "jsonld": {ResultFormat.JSON_LD},
}
"""Values of `format`. Clients send others, lists of media types among them: those are passed over."""

_PROLOGUE = re.compile(r"\s+|#[^\n\r]*|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+): expected(?: one of)?")
_GRAPH = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*""")
_UPDATE_WORD = re.compile(r"(?:INSERT|DELETE|WITH|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it was asked: its text, the graphs to ask it of, and what `format` says. `text` is None when there is none."""

    text: str | None
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    formats: frozenset[ResultFormat] = field(default_factory=frozenset)


class SparqlEndpoint:
    """GET with a query, POST of a form, POST of a query. Reads only."""

    def __init__(self, store: Engine, pages: Pages) -> None:
        self._store = store
        self._pages = pages
        self._limiter = CapacityLimiter(QUERIES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        question = await read(request)
        response = await to_thread.run_sync(self._answer, request, question, limiter=self._limiter)
        await response(scope, receive, send)

    def _answer(self, request: Request, question: Question) -> Response:
        """The answer. Raises Problem."""
        if question.text is None:
            return self._form(request)
        try:
            answer = self._store.query(question.text, default_graphs=question.default_graphs, named_graphs=question.named_graphs)
            offered = offer_for(request, question, answer.form)
            if offered is None:
                answer.discard()
                raise problems.not_acceptable(candidate.media_type for candidate in (*_offers(answer.form), HTML))
            body = self._page(request, question.text, answer) if offered.form is None else answer.serialize(offered.form)
        except BadQuery as error:
            problem = _refusal(question.text, error)
            if self._pages.wanted(request):
                return self._failed(request, question.text, problem)
            raise problem from error
        return Response(body, media_type=offered.media_type, headers={"Vary": "Accept, Accept-Language"})

    def _page(self, request: Request, query: str, answer: Answer) -> bytes:
        if answer.form is QueryForm.GRAPH:
            return self._pages.sparql(request, query=query, triples=answer.serialize(ResultFormat.N_TRIPLES))
        return self._pages.sparql(request, query=query, results=answer.serialize(ResultFormat.JSON))

    def _form(self, request: Request) -> Response:
        if not self._pages.wanted(request):
            raise Problem(problems.MISSING_QUERY, Text("Le paramètre « query » est attendu.", "The parameter “query” is expected."))
        return Response(self._pages.sparql(request), media_type=HTML.media_type, headers={"Vary": "Accept, Accept-Language"})

    def _failed(self, request: Request, query: str, problem: Problem) -> Response:
        body = self._pages.sparql(request, query=query, problem=problem)
        headers = {"Vary": "Accept, Accept-Language"}
        return Response(body, status_code=problem.kind.status, media_type=HTML.media_type, headers=headers)


def offer_for(request: Request, question: Question, form: QueryForm) -> Offer | None:
    """The format of an answer: what Accept names, else what `format` says, else what Accept allows; None when it allows none.

    The form of the query decides what is on offer: some clients ask for every format of both kinds, always.
    """
    offers = _offers(form)
    choice = choose(request.headers.get("accept"), (*offers, HTML))
    if not _names_a_format(choice):
        for candidate in offers:
            if candidate.form in question.formats:
                return candidate
    return choice.offer if choice else None


def _offers(form: QueryForm) -> tuple[Offer, ...]:
    return GRAPHS if form is QueryForm.GRAPH else TABLES


def _names_a_format(choice: Choice | None) -> bool:
    """Whether Accept itself names the format: a browser, which names HTML first, lets the link that it follows decide."""
    return choice is not None and choice.named and choice.offer is not HTML


async def read(request: Request) -> Question:
    """The question that a request asks. Raises Problem."""
    parameters = _parameters(request.scope["query_string"])
    if request.method == "POST":
        content_type, charset = _content_type(request)
        body = await _body(request)
        if content_type == UPDATE:
            raise Problem(problems.READ_ONLY, Text("Ce corps est une mise à jour.", "This body is an update."))
        parameters += _parameters(body) if content_type == FORM else [("query", _decoded(body))]
        if content_type not in {FORM, QUERY} or charset not in {"utf-8", "utf8", "us-ascii"}:
            found = request.headers.get("content-type", "")
            raise Problem(
                problems.UNSUPPORTED_MEDIA_TYPE,
                Text(
                    f"Attendu : {FORM} ou {QUERY}, en UTF-8 ; trouvé : « {found} ».",
                    f"Expected: {FORM} or {QUERY}, in UTF-8; found: “{found}”.",
                ),
                {"Accept-Post": f"{FORM}, {QUERY}"},
            )
    return _question(parameters)


def _question(parameters: Sequence[tuple[str, str]]) -> Question:
    if any(name == "update" for name, _ in parameters):
        raise Problem(
            problems.READ_ONLY, Text("Le paramètre « update » est une mise à jour.", "The parameter “update” is an update.")
        )
    texts = [value for name, value in parameters if name == "query"]
    if len(texts) > 1:
        raise Problem(
            problems.REPEATED_QUERY,
            Text(f"Une question est attendue ; {len(texts)} ont été trouvées.", f"One query is expected; {len(texts)} were found."),
        )
    for name, value in parameters:
        if name in {"default-graph-uri", "named-graph-uri"} and not _GRAPH.fullmatch(value):
            raise Problem(
                problems.BAD_REQUEST,
                Text(
                    f"{name} : un IRI absolu est attendu ; trouvé « {value} ».",
                    f"{name}: an absolute IRI is expected; found “{value}”.",
                ),
            )
    if texts and len(texts[0].encode()) > QUERY_LIMIT:
        raise _too_large(QUERY_LIMIT)
    return Question(
        text=texts[0] if texts and texts[0].strip() else None,
        default_graphs=[value for name, value in parameters if name == "default-graph-uri"],
        named_graphs=[value for name, value in parameters if name == "named-graph-uri"],
        formats=frozenset(
            form for name, value in parameters if name == "format" for form in FORMAT_TOKENS.get(value.strip().lower(), ())
        ),
    )


def _content_type(request: Request) -> tuple[str, str]:
    """The media type of the body and its charset, in small letters."""
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return media_type.strip(), named.get("charset", "utf-8").strip('" ')


async def _body(request: Request) -> bytes:
    """The body, read no further than the bound."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _too_large(MAX_BODY)
    return bytes(body)


def _too_large(limit: int) -> Problem:
    return Problem(
        problems.TOO_LARGE, Text(f"Au plus {limit} octets sont lus.", f"At most {limit} bytes are read."), {"Connection": "close"}
    )


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
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


def _refusal(query: str, error: Exception) -> Problem:
    if is_update(query):
        return Problem(problems.READ_ONLY, Text("Cette question est une mise à jour.", "This query is an update."))
    english = str(error)
    return Problem(problems.BAD_QUERY, Text(_POSITION.sub(r"erreur ligne \1, colonne \2 : attendu", english), english))


def is_update(query: str) -> bool:
    """Whether a text that is no query begins as an update does, after its prologue and comments."""
    position = 0
    while match := _PROLOGUE.match(query, position):
        position = match.end()
    return _UPDATE_WORD.match(query, position) is not None
