"""The OpenAPI description of what FastAPI can't see: the SPARQL endpoint, which is a plain ASGI application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from referentiel.store import QUERY_LIMIT
from referentiel.vocabulary import TEXT_INDEX
from referentiel.web.formats import GRAPHS, TABLES
from referentiel.web.questions import FORM, FORMAT_TOKENS, QUERY, UPDATE

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
        "403": _refusal("A SERVICE that this endpoint does not call."),
        "415": _refusal("The body is neither a form nor a query, or not UTF-8."),
        "502": _refusal("A SERVICE that the query calls did not answer as expected."),
        **LIMITS,
    }
)

_JSON: Final[dict[str, Any]] = {"application/json": {}}

ACCEPTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Kept for good: its revision, what changed, and what the rules say; or there was nothing to change.",
        "content": _JSON | {candidate.media_type: {} for candidate in GRAPHS},
    },
    201: {"description": "The same, of what was not there before; Location says where it is now.", "content": _JSON},
    204: {"description": "The same, without an account of it (Prefer: return=minimal)."},
}
"""How a write may be accepted."""

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: _refusal("What is sent is missing, or can't be read: `line` and `column` tell where."),
    401: _refusal("No token comes with the request, or one that is not recognised."),
    403: _refusal("The token does not allow that, or the service keeps that graph itself."),
    409: _refusal("The Idempotency-Key was used for another request."),
    412: _refusal("Somebody else has written in the meantime (If-Match, If-None-Match); ETag names the present version."),
    413: _refusal("What is sent is longer than the operator allows."),
    415: _refusal("This media type is not read here; Accept, Accept-Post or Accept-Patch names those that are."),
    422: {
        "description": (
            "Refused, nothing was written: rules are broken (`results` tells each with its certification, competency, message and "
            "how to mend it; the W3C's report where RDF is asked for), a table can't be read (`faults`), a parameter is unfit, "
            "or statements have no place in that graph (`found`)."
        ),
        "content": {"application/problem+json": {}} | {candidate.media_type: {} for candidate in GRAPHS},
    },
    429: _refusal("Too many tokens were refused in a short time.", _RETRY_AFTER),
    503: _refusal("The data can't be reached.", _RETRY_AFTER),
    507: _refusal("The disk is full or protected; nothing was written.", _RETRY_AFTER),
}
"""How it may be refused."""


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


CONDITIONS: Final[list[dict[str, Any]]] = [
    _header("If-Match", "The ETag of the state that was read: 412 when it is no longer the present one. `*`: there is something."),
    _header("If-None-Match", "`*`: only where there is nothing yet."),
    _header("Idempotency-Key", "Names the request: sent again under the same key, it is answered again and not done twice."),
    _header("Prefer", "`return=minimal`: no account of what was done."),
]
"""Headers that every write may carry."""
ACCEPT_DATETIME: Final = _header("Accept-Datetime", "A moment: leads to the certification as it was then (RFC 7089).")

BEARER: Final = "bearer"
SECURITY_SCHEMES: Final[dict[str, Any]] = {
    BEARER: {"type": "http", "scheme": "bearer", "description": "Made by the operator: `referentiel token create`."}
}
"""How one may write (OpenAPI 3.1, Security Scheme Object)."""


def writing(media_types: Iterable[str] = ()) -> dict[str, Any]:
    """What FastAPI can't see of a write: its body, the headers that it minds, and that it needs a token."""
    content: dict[str, Any] = {media_type: {} for media_type in media_types}
    described: dict[str, Any] = {"parameters": CONDITIONS, "security": [{BEARER: []}]}
    return described | ({"requestBody": {"required": True, "content": content}} if content else {})


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
"""The operations that ask (OpenAPI 3.1, Path Item Object)."""

_UPDATE_PARAMETERS: Final[list[dict[str, Any]]] = [
    {
        "name": "using-graph-uri",
        "in": "query",
        "description": "A graph of the default graph that WHERE is asked of, as USING names it; repeatable.",
        "schema": _STRINGS,
    },
    {
        "name": "using-named-graph-uri",
        "in": "query",
        "description": "A graph that GRAPH may name in WHERE, as USING NAMED names it; repeatable.",
        "schema": _STRINGS,
    },
]
_UPDATE_FIELDS: Final = {"update": {"type": "string"}, **{each["name"]: each["schema"] for each in _UPDATE_PARAMETERS}}
_UPDATE_EXAMPLE: Final = "INSERT DATA { GRAPH <https://example.org/g> { <https://example.org/s> <https://example.org/p> 1 } }"

_POST: Final[dict[str, Any]] = {
    **SPARQL["post"],
    "summary": "Ask a SPARQL query in the body, or send an update",
    "description": (
        "SPARQL 1.1 Protocol, query and update via POST: of a form, or of the text itself. An update needs a token, and goes "
        "through the gate: what would break a rule is refused as a whole. WHERE without WITH or USING is asked of the union of all "
        "graphs; a triple in no GRAPH belongs to the graph of the certification that its subject is or lies below, any other to "
        "the unnamed graph. ALL and NAMED leave out the graphs that the service keeps. LOAD, SERVICE and blank nodes are refused. "
        f"Only an update that is the body itself may be longer than {QUERY_LIMIT // 1024} KiB."
    ),
    "parameters": [*SPARQL["post"]["parameters"], *_UPDATE_PARAMETERS, *CONDITIONS],
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": _FORM_FIELDS | _UPDATE_FIELDS,
                    "oneOf": [{"required": ["query"]}, {"required": ["update"]}],
                }
            },
            QUERY: {"schema": {"type": "string"}, "example": _EXAMPLE},
            UPDATE: {"schema": {"type": "string"}, "example": _UPDATE_EXAMPLE},
        },
    },
    "responses": _by_status(
        {
            **{str(status): told for status, told in REFUSALS.items()},
            **_RESPONSES,
            "200": {
                **_RESPONSES["200"],
                "description": f"{_RESPONSES['200']['description']} Of an update: what it changed.",
                "content": {**_RESPONSES["200"]["content"], **_JSON},
            },
            "204": ACCEPTED[204],
            "403": _refusal(
                "The token does not allow that update, it writes what the service keeps, or LOAD or SERVICE is refused."
            ),
            "409": _refusal("An operation that is not SILENT needs a graph that is not there, or makes one that is."),
        }
    ),
    "security": [{}, {BEARER: []}],
}


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
    "/sparql": {**SPARQL, "post": _POST},
    "/sparql.{suffix}": {method: _suffixed(operation) for method, operation in SPARQL.items()},
}
"""The paths of the endpoint."""
