"""The library's questions on the web: an address for each, with typed parameters, and every format that an answer has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from referentiel import library
from referentiel.graph import to_turtle
from referentiel.library import BadValue, LibraryQuestion, Parameter, Type
from referentiel.store import ResultFormat
from referentiel.web import problems
from referentiel.web.documentation import ANSWER_HEADERS, LIMITS
from referentiel.web.documents import Documents
from referentiel.web.formats import GRAPHS, TABLES, formats
from referentiel.web.graphs import RESPONSES, refusal
from referentiel.web.negotiation import HTML, Offer, choose
from referentiel.web.pages import Pages, as_table
from referentiel.web.problems import Problem
from referentiel.web.questions import FORMAT_TOKENS, Question, header
from referentiel.web.questions import parameters as parameters_of
from referentiel.web.representations import represent
from referentiel.web.sparql import Show
from referentiel.web.texts import Text

PASSED_OVER: Final = frozenset({"format", "lang", "output", "results"})
"""Names that no question gives to a parameter: what the clients of SPARQL endpoints send beside it, and the language of a page."""

_JSON: Final = Offer("json", "application/json")
_TURTLE: Final = Offer("ttl", ResultFormat.TURTLE.media_type)
_INDEX: Final = (_JSON, _TURTLE, HTML)
_LISTED: Final[dict[int | str, dict[str, Any]]] = {
    **RESPONSES,
    200: {"description": "The questions.", "content": {offer.media_type: {} for offer in _INDEX}},
}
_SHOWN: Final = 80
_SCHEMAS: Final[Mapping[Type, Mapping[str, Any]]] = {
    Type.CODE: {"type": "string", "minLength": 1, "maxLength": library.TEXT_LIMIT, "pattern": r"^\S+$"},
    Type.TEXT: {"type": "string", "minLength": 1, "maxLength": library.TEXT_LIMIT},
    Type.INTEGER: {"type": "integer", "minimum": 0, "maximum": library.INTEGER_LIMIT},
    Type.LANGUAGE: {"type": "string", "enum": list(library.LANGUAGES)},
    Type.IRI: {"type": "string", "maxLength": library.IRI_LIMIT},
}


Answer = Callable[[Request, Question, Show], Response]
"""The answer to a question as /sparql gives it, but on the page that `show` makes; see SparqlEndpoint.answer."""


def library_routes(app: FastAPI, questions: Sequence[LibraryQuestion], documents: Documents, pages: Pages, answer: Answer) -> None:
    """Declare `/queries`, `/queries/<name>` for each question, and `/library`, the graph that describes them; all with suffixes."""
    index = _Index(questions, pages)

    @app.get("/queries", response_class=Response, responses=_LISTED)
    def queries(request: Request) -> Response:
        """The library: questions with parameters, each at an address of its own."""
        return index.answer(request)

    @app.get("/queries.{suffix}", response_class=Response, include_in_schema=False)
    def queries_in(request: Request, suffix: str) -> Response:
        return index.answer(request, suffix)

    @app.get("/library", response_class=Response, responses=RESPONSES)
    def described(request: Request) -> Response:
        """The library as a graph: SHACL executables, in the form of SIB's SPARQL examples."""
        return documents.vocabulary(request, "library")

    @app.get("/library.{suffix}", response_class=Response, include_in_schema=False)
    def described_in(request: Request, suffix: str) -> Response:
        return documents.vocabulary(request, f"library.{suffix}")

    for question in questions:
        _declare(app, _Route(question, pages, answer))


def _declare(app: FastAPI, route: _Route) -> None:
    question = route.question
    app.add_api_route(
        f"/queries/{question.name}",
        route.plain,
        methods=["GET"],
        response_class=Response,
        name=question.name,
        operation_id=f"query_{question.name.replace('-', '_')}",
        summary=question.title["en"],
        description=f"{question.description['en']}\n\n{question.title['fr']} {question.description['fr']}",
        openapi_extra={"parameters": [*map(_described, question.parameters), _described_format(route.tokens)]},
        responses={
            200: {
                "description": "The answer.",
                "headers": ANSWER_HEADERS,
                "content": {offer.media_type: {} for offer in (*route.offers, HTML)},
            },
            **refusal(400, "A parameter is not UTF-8."),
            **refusal(404, "The suffix of the address names no format of this answer."),
            **refusal(422, "A parameter is missing, unknown or unfit."),
            **{int(status): described for status, described in LIMITS.items()},
        },
    )
    app.add_api_route(
        f"/queries/{question.name}.{{suffix}}", route.suffixed, methods=["GET"], response_class=Response, include_in_schema=False
    )


def _described_format(tokens: Sequence[str]) -> dict[str, Any]:
    """The parameter `format` in OpenAPI's words."""
    return {
        "name": "format",
        "in": "query",
        "description": "The format of the answer, where Accept does not name one; also a suffix of the address, as in `.csv`.",
        "schema": {"type": "string", "enum": list(tokens)},
    }


def _described(parameter: Parameter) -> dict[str, Any]:
    """A parameter in OpenAPI's words."""
    schema = dict(_SCHEMAS[parameter.type])
    whole = parameter.type is Type.INTEGER
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if whole else parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.description['en']} / {parameter.description['fr']}",
        "schema": schema,
        "example": int(parameter.example) if whole else parameter.example,
    }


class _Index:
    """What questions there are."""

    def __init__(self, questions: Sequence[LibraryQuestion], pages: Pages) -> None:
        self._questions = questions
        self._pages = pages

    def answer(self, request: Request, suffix: str | None = None) -> Response:
        """The list, in the format asked for. Raises Problem (404, 406)."""
        offer = self._offer(request, suffix)
        headers = {} if suffix else {"Vary": "Accept, Accept-Language"}
        if offer is HTML:
            headers["Content-Language"] = self._pages.view(request).language
        return represent(request, self._written(request, offer), offer.media_type, headers)

    def _offer(self, request: Request, suffix: str | None) -> Offer:
        if suffix is not None:
            for offer in _INDEX:
                if offer.suffix == suffix:
                    return offer
            raise problems.not_found(f"/queries.{suffix}")
        choice = choose(request.headers.get("accept"), _INDEX)
        if choice is None:
            raise problems.not_acceptable(offer.media_type for offer in _INDEX)
        return choice.offer

    def _written(self, request: Request, offer: Offer) -> bytes:
        addresses = self._pages.addresses
        if offer is _JSON:
            listed = [_listed(question, addresses.public(f"/queries/{question.name}")) for question in self._questions]
            return json.dumps(listed, ensure_ascii=False, indent=2).encode() + b"\n"
        if offer is _TURTLE:
            return to_turtle(library.graph(self._questions, addresses.public("/sparql") if addresses.settings.public_url else None))
        return self._pages.render(self._pages.view(request), "library.html", questions=self._questions)


def _listed(question: LibraryQuestion, address: str) -> dict[str, Any]:
    """A question for machines: all that its file says."""
    return {
        "name": question.name,
        "address": address,
        "example": f"{address}?{urlencode(question.example)}",
        "title": question.title,
        "description": question.description,
        "audience": question.audience,
        "keywords": question.keywords,
        "form": question.form,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type.value[0],
                "description": parameter.description,
                "required": parameter.required,
                "default": parameter.default,
                "example": parameter.example,
            }
            for parameter in question.parameters
        ],
        "query": question.text,
    }


@dataclass(frozen=True, eq=False)
class _Route:
    """The address of a question."""

    question: LibraryQuestion
    pages: Pages
    answer: Answer

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What machines can have the answer in."""
        return GRAPHS if self.question.form == "CONSTRUCT" else TABLES

    @property
    def tokens(self) -> tuple[str, ...]:
        """The values of `format`, and the suffixes, that name one of the offers."""
        forms = {offer.form for offer in self.offers}
        return tuple(token for token, named in FORMAT_TOKENS.items() if named & forms)

    async def plain(self, request: Request) -> Response:
        """The answer in the format that is negotiated."""
        return self._answer(request, None)

    async def suffixed(self, request: Request, suffix: str) -> Response:
        """The answer in the format that the address names. Raises Problem (404)."""
        if suffix not in self.tokens:
            raise problems.not_found(f"/queries/{self.question.name}.{suffix}")
        return self._answer(request, suffix)

    def _answer(self, request: Request, suffix: str | None) -> Response:
        """The answer, or the form where a browser gives no parameter. Raises Problem (400, 422)."""
        given = parameters_of(request.scope["query_string"])
        token = suffix or next((value.strip().lower() for name, value in given if name == "format"), "")
        if token and token not in self.tokens:
            raise _unknown_format(token, self.tokens)
        asked = Question(self.question.text, formats=frozenset(FORMAT_TOKENS.get(token, ())), fixed=suffix is not None)
        for_browser = HTML in formats(header(request.scope, b"accept"), asked.formats, asked.fixed) and not suffix
        values = self._values(given)
        show = _Shown(self, request, values)
        try:
            bound = self.question.bindings(values)
        except BadValue as error:
            problem = unfit(error)
            if not for_browser:
                raise problem from error
            return _page(show, problem if values else None)
        return self.answer(request, replace(asked, bindings=tuple(sorted(bound.items()))), show)

    def _values(self, given: Sequence[tuple[str, str]]) -> dict[str, str]:
        """What is given of the question's parameters. Raises Problem for a name it doesn't know, or knows and finds twice."""
        known = {parameter.name for parameter in self.question.parameters}
        found: dict[str, str] = {}
        for name, value in given:
            if name not in known | PASSED_OVER:
                names = ", ".join(sorted(known)) or "—"
                raise Problem(
                    problems.INVALID_PARAMETER,
                    Text(
                        f"Paramètres attendus : {names} ; trouvé : « {name[:_SHOWN]} ».",
                        f"Parameters expected: {names}; found: “{name[:_SHOWN]}”.",
                    ),
                )
            if name in found:
                raise Problem(
                    problems.INVALID_PARAMETER,
                    Text(f"{name} : une seule valeur est attendue ; trouvé : deux.", f"{name}: one value is expected; found: two."),
                )
            if name in known:
                found[name] = value
        return found


def _page(show: Show, problem: Problem | None) -> Response:
    """The form without an answer, and why there is none."""
    headers = {"Vary": "Accept, Accept-Language"}
    return Response(show(problem=problem), problem.kind.status if problem else 200, headers, HTML.media_type)


@dataclass(frozen=True, eq=False)
class _Shown:
    """The page of a question: its form with the values given, and its answer as a table."""

    route: _Route
    request: Request
    values: Mapping[str, str]

    def __call__(self, *, results: bytes = b"", triples: bytes = b"", more: bool = False, problem: Problem | None = None) -> bytes:
        route, pages = self.route, self.route.pages
        asked = "?" + urlencode(self.values, quote_via=quote) if self.values else ""
        suffixes = {_SUFFIXES.get(offer.suffix, offer.suffix): offer for offer in route.offers}
        path = pages.addresses.path(f"/queries/{route.question.name}")
        view = pages.view(self.request)
        answer = as_table(json.loads(results or triples), view) if results or triples else None
        return pages.render(
            view,
            "question.html",
            question=route.question,
            values=self.values,
            problem=problem,
            answer=answer,
            more=more,
            downloads={suffix: f"{path}.{suffix}{asked}" for suffix in suffixes},
            suffixes=suffixes,
        )


_SUFFIXES: Final = {"srj": "json", "srx": "xml"}
"""What people call the suffixes of tables."""


def _unknown_format(token: str, known: Sequence[str]) -> Problem:
    shown = token if len(token) <= _SHOWN else token[:_SHOWN] + "…"
    names = ", ".join(known)
    return Problem(
        problems.INVALID_PARAMETER,
        Text(f"format : attendu l'un de {names} ; trouvé : « {shown} ».", f"format: expected one of {names}; found: “{shown}”."),
    )


def unfit(error: BadValue) -> Problem:
    """What a parameter expects, and what was found."""
    parameter, value = error.parameter, error.value
    shown = None if value is None else value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    expected, example = parameter.type.expected, parameter.example
    return Problem(
        problems.INVALID_PARAMETER,
        Text(
            f"{parameter.name} : {expected['fr']} est attendu, par exemple « {example} » ; "
            + ("rien n'est donné." if shown is None else f"trouvé : « {shown} »."),
            f"{parameter.name}: {expected['en']} is expected, for example “{example}”; "
            + ("nothing is given." if shown is None else f"found: “{shown}”."),
        ),
    )
