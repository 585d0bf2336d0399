"""The OpenAPI description of what FastAPI can't see: the SPARQL endpoint, which is a plain ASGI application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from referentiel.store import QUERY_LIMIT
from referentiel.vocabulary import TEXT_INDEX
from referentiel.web.formats import GRAPHS, TABLES
from referentiel.web.questions import FORM, FORMAT_TOKENS, QUERY

_STRINGS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string", "format": "uri"}}
_EXAMPLE: Final = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"

_PARAMETERS: Final[list[dict[str, Any]]] = [
    {"name": "query", "in": "query", "description": "The SPARQL 1.1 query.", "schema": {"type": "string"}, "example": _EXAMPLE},
    {
        "name": "default-graph-uri",
        "in": "query",
        "description": "A graph of the default graph; repeatable, wins over FROM. Without any: the union of all graphs.",
        "schema": _STRINGS,
    },
    {
        "name": "named-graph-uri",
        "in": "query",
        "description": "A graph that GRAPH may name; repeatable. Wins over FROM NAMED.",
        "schema": _STRINGS,
    },
    {
        "name": "format",
        "in": "query",
        "description": "The format of the answer, where Accept does not name one that fits the form of the query.",
        "schema": {"type": "string", "enum": list(FORMAT_TOKENS)},
    },
]

_FORM_FIELDS: Final = {parameter["name"]: parameter["schema"] for parameter in _PARAMETERS}

ANSWER_HEADERS: Final[dict[str, Any]] = {
    "ETag": {
        "description": "Names the answer, for If-None-Match. Absent where the same query may give another, as with NOW().",
        "schema": {"type": "string"},
    },
    "Query-Limits": {
        "description": "What a query may cost: seconds, mebibytes, rows (a dictionary of RFC 8941).",
        "schema": {"type": "string"},
        "example": "seconds=20, mebibytes=512, rows=100000",
    },
    "RateLimit": {
        "description": "How many queries are left, where the operator bounds them; RateLimit-Policy tells the bound.",
        "schema": {"type": "string"},
    },
}
"""Headers of an answer to a query."""

_RETRY_AFTER: Final[dict[str, Any]] = {
    "Retry-After": {"description": "Seconds to wait before asking again.", "schema": {"type": "integer"}}
}


def _refusal(description: str, headers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    told = {"description": description, "content": {"application/problem+json": {}}}
    return told | {"headers": headers} if headers else told


LIMITS: Final[dict[str, Any]] = {
    "304": {"description": "The client holds the answer already (If-None-Match)."},
    "406": _refusal("No format on offer fits Accept."),
    "413": _refusal(
        f"The query is longer than {QUERY_LIMIT // 1024} KiB, or its answer has more rows or triples than Query-Limits tells."
    ),
    "429": _refusal("Too many queries in a short time.", _RETRY_AFTER),
    "503": _refusal("Too many queries wait already, the query needs too much memory, or the data can't be reached.", _RETRY_AFTER),
    "504": _refusal("The query takes longer than Query-Limits tells.", _RETRY_AFTER),
}
"""What every query may be answered with besides its answer."""


def _by_status(responses: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(responses.items()))


_RESPONSES: Final[dict[str, Any]] = _by_status(
    {
        "200": {
            "headers": ANSWER_HEADERS,
            "description": "The answer. ASK in CSV or TSV is the single word true or false. Without query, a browser gets a form.",
            "content": {candidate.media_type: {} for candidate in (*TABLES, *GRAPHS)} | {"text/html": {}},
        },
        "400": _refusal("The query is missing, repeated, not UTF-8, or can't be parsed."),
        "403": _refusal("An update: the service is read-only. Or a SERVICE that this endpoint does not call."),
        "415": _refusal("The body is neither a form nor a query, or not UTF-8."),
        "502": _refusal("A SERVICE that the query calls did not answer as expected."),
        **LIMITS,
    }
)

SPARQL: Final[dict[str, Any]] = {
    "get": {
        "summary": "Ask a SPARQL query",
        "description": (
            "SPARQL 1.1 Protocol, query via GET. Parameters not listed here are passed over. "
            'Full-text search: `?s text:query "words"`, or `(?s ?score ?text) text:query ("words" 20)` for the 20 best with their '
            f"scores (the property function of Apache Jena, prefix text: <{TEXT_INDEX}>)."
        ),
        "operationId": "sparql_get",
        "parameters": _PARAMETERS,
        "responses": _RESPONSES,
    },
    "post": {
        "summary": "Ask a SPARQL query in the body",
        "description": "SPARQL 1.1 Protocol, query via POST: of a form, or of the query itself.",
        "operationId": "sparql_post",
        "parameters": _PARAMETERS[1:],
        "requestBody": {
            "required": True,
            "content": {
                FORM: {"schema": {"type": "object", "properties": _FORM_FIELDS, "required": ["query"]}},
                QUERY: {"schema": {"type": "string"}, "example": _EXAMPLE},
            },
        },
        "responses": _RESPONSES,
    },
}
"""The path item of `/sparql` (OpenAPI 3.1)."""


def _suffixed(operation: Mapping[str, Any]) -> dict[str, Any]:
    """The operation at an address that names the format."""
    parameters = [parameter for parameter in operation["parameters"] if parameter["name"] != "format"]
    return {
        **operation,
        "operationId": f"{operation['operationId']}_in",
        "summary": f"{operation['summary']}, answered in one format",
        "parameters": [_SUFFIX, *parameters],
        "responses": {**operation["responses"], "404": _refusal("The suffix names no format.")},
    }


_SUFFIX: Final[dict[str, Any]] = {
    "name": "suffix",
    "in": "path",
    "required": True,
    "description": "The format of the answer, whatever Accept says; 406 where it does not fit the form of the query.",
    "schema": {"type": "string", "enum": list(FORMAT_TOKENS)},
}

SPARQL_PATHS: Final[dict[str, Any]] = {
    "/sparql": SPARQL,
    "/sparql.{suffix}": {method: _suffixed(operation) for method, operation in SPARQL.items()},
}
"""The paths of the endpoint."""
