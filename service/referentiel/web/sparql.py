"""The SPARQL endpoint (SPARQL 1.1 Protocol, section 2): a plain ASGI application, since routing costs as much as a small query."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from referentiel.readers import (
    AnswerCut,
    Entry,
    Head,
    Job,
    NoFormat,
    OutOfMemory,
    Overloaded,
    QueryTimeout,
    Readers,
    Stream,
    Whole,
    volatile,
)
from referentiel.settings import Limits
from referentiel.store import BadQuery, QueryForm, ServiceFailed, ServiceRefused, StoreError, TooManyRows
from referentiel.web import problems
from referentiel.web.attendance import Attended
from referentiel.web.formats import GRAPHS, TABLES, formats
from referentiel.web.metrics import Outcome
from referentiel.web.negotiation import HTML, Offer, coding, offer
from referentiel.web.observed import note
from referentiel.web.pages import ROWS_SHOWN, Pages
from referentiel.web.problems import Problem
from referentiel.web.questions import FORMAT_TOKENS, UPDATE, ClientGone, Question, SentUpdate, header, read, sends_update
from referentiel.web.representations import holds
from referentiel.web.syntax import explained
from referentiel.web.texts import Text
from referentiel.web.updates import Updates

RAW_REQUEST: Final = "referentiel.raw_request"
"""Key of a scope under which a server may tell the bytes of the whole request: how it can know the next one like it."""

_PROLOGUE = re.compile(r"\s+|#[^\n\r]*|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>", re.IGNORECASE)
_UPDATE_WORD = re.compile(r"(?:INSERT|DELETE|WITH|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)

Headers = list[tuple[bytes, bytes]]
_VARY: Final = (b"vary", b"Accept, Accept-Encoding, Accept-Language")


class Show(Protocol):
    """Makes the page of an answer, or of the reason why there is none; see Pages.sparql."""

    def __call__(
        self, *, results: bytes = b"", triples: bytes = b"", more: bool = False, problem: Problem | None = None
    ) -> bytes: ...


class SparqlEndpoint:
    """GET with a query, POST of a form, of a query or of an update."""

    def __init__(
        self,
        readers: Readers,
        pages: Pages,
        limits: Limits,
        describe: Callable[[Request], Response],
        failed: Callable[[Request, Problem], Response],
        updates: Updates,
    ) -> None:
        self._updates = updates
        self._answers = readers.answers
        self._pool = readers.pool
        self._pages = pages
        self._describe = describe
        self._failed = failed
        self._limits = limits
        self._base = pages.addresses.endpoint
        self._limits_told = limit_header(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever it asks."""
        asked = (scope["path"], scope["query_string"], header(scope, b"accept"), header(scope, b"accept-encoding"))
        with contextlib.suppress(ClientGone):
            if scope["method"] != "POST" and (entry := self._answers.at_hand(asked)) is not None:
                note(scope).outcome = "cached"
                if scope.get(RAW_REQUEST) is not None:
                    self._answers.remember(scope[RAW_REQUEST], entry)
                await self._give(scope, send, entry)
                return
            try:
                asks = None if sends_update(scope) else await read(scope, receive)
                if isinstance(asks, Question):
                    question = _suffixed(scope["path"], asks)
                    await self.respond(scope, receive, send, question, None if scope["method"] == "POST" else asked)
                else:
                    await (await self._update(Request(scope, receive), asks))(scope, receive, send)
            except Problem as problem:
                note(scope).outcome = "refused"
                await self._failed(Request(scope), problem)(scope, receive, send)

    async def _update(self, request: Request, sent: SentUpdate | None) -> Response:
        """The answer to an update; without `sent` it is the body of the request. Raises Problem."""
        if "." in request.scope["path"]:
            raise problems.not_found(request.scope["path"])
        return await (self._updates.answer_body(request) if sent is None else self._updates.answer_form(request, sent))

    def answer(self, request: Request, question: Question, show: Show | None = None) -> Response:
        """The answer to a question that another address asks, to be sent as any response; `show` makes its page."""
        return _Asked(self, question, show or partial(self._pages.sparql, request, query=question.text or ""), self._failed)

    async def respond(
        self, scope: Scope, receive: Receive, send: Send, question: Question, asked: object = None, show: Show | None = None
    ) -> None:
        """Answer a question. `asked`: what identifies the request, for the next one like it. Raises Problem, ClientGone."""
        request = Request(scope)
        if question.text is None:
            await (await asyncio.to_thread(self._without_query, request, question))(scope, receive, send)
            return
        show = show or partial(self._pages.sparql, request, query=question.text)
        told = note(scope)
        told.query = question.text
        table, graph = formats(header(scope, b"accept"), question.formats, question.fixed)
        job = Job(
            text=question.text,
            default_graphs=question.default_graphs,
            named_graphs=question.named_graphs,
            bindings=question.bindings,
            table=table.form if table else None,
            graph=graph.form if graph else None,
            coding=coding(header(scope, b"accept-encoding")),
            base=self._base,
        )
        try:
            with Attended(receive):
                response: Response | None = await self._answer_as(scope, send, job, table, graph, asked, show)
        except (StoreError, ClientGone) as error:
            why = error.__cause__ if isinstance(error, AnswerCut) else error
            told.outcome = _OUTCOMES.get(type(why), "failed")
            if isinstance(error, ClientGone):
                raise
            problem = self._problem(question.text, why)
            response = self._failed(request, problem)
            if table is HTML and isinstance(error, BadQuery):
                response = _html(await asyncio.to_thread(show, problem=problem), problem.kind.status)
        if response is not None:
            await response(scope, receive, send)

    async def _answer_as(
        self, scope: Scope, send: Send, job: Job, table: Offer | None, graph: Offer | None, asked: object, show: Show
    ) -> Response | None:
        """Answer in the format that fits the form of the query; None when that is done, else the page to send. Raises Problem."""
        if not (table is HTML and graph is HTML):
            try:
                await self._answer(scope, send, job, asked)
            except NoFormat as error:
                wanted, offers = (graph, GRAPHS) if error.form is QueryForm.GRAPH else (table, TABLES)
                if wanted is not HTML:
                    raise problems.not_acceptable(candidate.media_type for candidate in (*offers, HTML)) from error
            else:
                return None
        return await self._page(scope, job, show)

    async def _answer(self, scope: Scope, send: Send, job: Job, asked: object) -> None:
        """Answer with what is kept, or with a new answer: at once when it is whole, else as it comes."""
        told = note(scope)
        lasting = not volatile(job.text)
        tag = _tag(self._pool.generation, job)
        if lasting and header(scope, b"if-none-match") != "*" and _held(scope, tag):
            told.outcome = "not_modified"
            await _start(send, 304, [(b"etag", tag), _VARY])
            return
        if lasting and (entry := self._answers.kept(job, asked)) is not None:
            told.outcome = "cached"
            await self._give(scope, send, entry)
            return
        answer, shared = await self._answers.ask(job)
        told.outcome, told.lane = "coalesced" if shared else "answered", answer.lane
        headers = self._headers(job, answer.head, answer.generation if lasting else None)
        if isinstance(answer, Whole):
            await _start(send, 200, [*headers, (b"content-length", b"%d" % len(answer.body))], answer.body)
        elif scope.get("head"):
            answer.close()
            await _start(send, 200, headers)
        else:
            await self._stream(scope, send, job, answer, headers)

    async def _stream(self, scope: Scope, send: Send, job: Job, answer: Stream, headers: Headers) -> None:
        """Hand on an answer as it comes. One that is cut is never ended: the server resets the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            async with contextlib.aclosing(self._answers.parts(job, answer)) as parts:
                async for part in parts:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except AnswerCut as error:
            note(scope).outcome = _OUTCOMES.get(type(error.__cause__), "failed")
            return
        await send({"type": "http.response.body", "body": b""})

    async def _give(self, scope: Scope, send: Send, entry: Entry) -> None:
        """Send an answer that is kept."""
        if entry.prepared is None:
            headers = self._headers(entry.job, entry.answer.head, entry.answer.generation)
            tag = _tag(entry.answer.generation, entry.job)
            entry.prepared = [*headers, (b"content-length", b"%d" % len(entry.answer.body))], tag
        headers, tag = entry.prepared
        if _held(scope, tag):
            note(scope).outcome = "not_modified"
            await _start(send, 304, [(b"etag", tag), _VARY])
            return
        await _start(send, 200, headers, entry.answer.body)

    def _headers(self, job: Job, head: Head, generation: str | None) -> Headers:
        """The headers of an answer; `generation` names the checkpoint, for an answer that lasts as long as that."""
        written_as = offer(head.format)
        headers = [(b"content-type", written_as.content_type.encode()), _VARY, self._limits_told]
        if head.coding != "identity":
            headers.append((b"content-encoding", head.coding.encode()))
        if generation:
            return [*headers, (b"etag", _tag(generation, job)), (b"cache-control", b"no-cache")]
        return [*headers, (b"cache-control", b"no-store")]

    async def _page(self, scope: Scope, job: Job, show: Show) -> Response:
        """The first rows of an answer, on a page."""
        told = note(scope)
        excerpt = replace(job, table=None, graph=None, coding="identity", excerpt=ROWS_SHOWN)
        answer, shared = await self._answers.ask(excerpt)
        told.outcome, told.lane = "coalesced" if shared else "answered", answer.lane
        if isinstance(answer, Stream):  # a thousand long texts
            body = b"".join([part async for part in self._answers.parts(excerpt, answer)])
            answer = Whole(answer.head, body, answer.lane, answer.generation, more=answer.more)
        if answer.head.form is QueryForm.GRAPH:
            return _html(await asyncio.to_thread(show, triples=answer.body, more=answer.more))
        return _html(await asyncio.to_thread(show, results=answer.body, more=answer.more))

    def _without_query(self, request: Request, question: Question) -> Response:
        """The form for a browser, the service description for who asks nothing else (SPARQL 1.1 Service Description, section 2)."""
        if self._pages.wanted(request):
            return _html(self._pages.sparql(request))
        if not question.bare or request.method == "POST":
            raise Problem(problems.MISSING_QUERY, Text("Le paramètre « query » est attendu.", "The parameter “query” is expected."))
        return self._describe(request)

    def _problem(self, query: str, error: BaseException | None) -> Problem:
        """What went wrong, for the client."""
        limits = self._limits
        later = {"Retry-After": str(max(1, round(limits.seconds / 2)))}
        if isinstance(error, ServiceRefused):
            return Problem(problems.SERVICE_REFUSED, _told(error))
        if isinstance(error, ServiceFailed):
            return Problem(problems.SERVICE_FAILED, _told(error))
        if isinstance(error, BadQuery):
            return _bad_query(query, error)
        if isinstance(error, TooManyRows):
            detail = Text(f"Au plus {limits.rows} lignes ou triplets.", f"At most {limits.rows} rows or triples.")
            return Problem(problems.ANSWER_TOO_LARGE, detail)
        if isinstance(error, QueryTimeout):
            detail = Text(f"Au plus {limits.seconds:g} secondes par question.", f"At most {limits.seconds:g} seconds a query.")
            return Problem(problems.QUERY_TIMEOUT, detail, later)
        if isinstance(error, OutOfMemory):
            detail = Text(f"Au plus {limits.memory} Mio par question.", f"At most {limits.memory} MiB a query.")
            return Problem(problems.QUERY_MEMORY, detail, later)
        if isinstance(error, Overloaded):
            seconds = str(error.retry_after)
            detail = Text(f"Réessayer dans {seconds} secondes.", f"Try again in {seconds} seconds.")
            return Problem(problems.OVERLOADED, detail, {"Retry-After": seconds})
        return Problem(problems.STORE_UNAVAILABLE, Text("Le magasin ne répond pas.", "The store does not answer."), later)


class _Asked(Response):
    """A response that is worked out while it is sent."""

    def __init__(
        self, endpoint: SparqlEndpoint, question: Question, show: Show, failed: Callable[[Request, Problem], Response]
    ) -> None:
        super().__init__()
        self._show = show
        self._endpoint = endpoint
        self._question = question
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientGone):
            try:
                await self._endpoint.respond(scope, receive, send, self._question, show=self._show)
            except Problem as problem:
                note(scope).outcome = "refused"
                await self._failed(Request(scope), problem)(scope, receive, send)


_OUTCOMES: Final[dict[type, Outcome]] = {
    ServiceRefused: "refused",
    BadQuery: "refused",
    TooManyRows: "too_many_rows",
    QueryTimeout: "timeout",
    OutOfMemory: "memory",
    Overloaded: "overloaded",
    ClientGone: "disconnected",
}
"""How a question ended, by the error that ended it."""


def limit_header(limits: Limits) -> tuple[bytes, bytes]:
    """What a question may cost, as a header of every answer: a dictionary (RFC 8941, section 3.2)."""
    return b"query-limits", b"seconds=%g, mebibytes=%d, rows=%d" % (limits.seconds, limits.memory, limits.rows)


def _suffixed(path: str, question: Question) -> Question:
    """The question, in the format that the suffix of the address names. Raises Problem for a suffix that names none."""
    suffix = path.rpartition("/")[2].partition(".")[2]
    if not suffix:
        return question
    if suffix not in FORMAT_TOKENS:
        raise problems.not_found(path)
    return replace(question, formats=frozenset(FORMAT_TOKENS[suffix]), fixed=True)


def _tag(generation: str, job: Job) -> bytes:
    """The name of an answer, known before it is: to the same question, of the same checkpoint, in the same format."""
    return b'"%s-%s"' % (generation.encode(), job.key)


def _held(scope: Scope, tag: bytes) -> bool:
    """Whether the client holds the answer already."""
    found = header(scope, b"if-none-match")
    return bool(found) and holds(found, tag.decode())


async def _start(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _html(body: bytes, status: int = 200) -> Response:
    return Response(body, status, {"Vary": _VARY[1].decode()}, HTML.media_type)


def _told(error: StoreError) -> Text:
    """What an error says, in French where it does."""
    return Text(error.french or str(error), str(error))


def _bad_query(query: str, error: BadQuery) -> Problem:
    if not is_update(query):
        return Problem(problems.BAD_QUERY, explained(query, str(error)) or _told(error))
    return Problem(
        problems.BAD_QUERY,
        Text(
            f"C'est une mise à jour : l'envoyer par POST, dans « update » ou comme {UPDATE}.",
            f"This is an update: send it by POST, in “update” or as {UPDATE}.",
        ),
    )


def is_update(query: str) -> bool:
    """Whether a text that is no query begins as an update does, after its prologue and comments."""
    position = 0
    while match := _PROLOGUE.match(query, position):
        position = match.end()
    return _UPDATE_WORD.match(query, position) is not None
