"""The OpenAPI description of what FastAPI can't see: the SPARQL endpoint, which is a plain ASGI application."""

from __future__ import annotations

from typing import Any, Final

from referentiel.web.questions import FORM, FORMAT_TOKENS, QUERY
from referentiel.web.sparql import GRAPHS, TABLES

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

_RESPONSES: Final[dict[str, Any]] = {
    "200": {
        "description": "The answer. ASK in CSV or TSV is the single word true or false. Without query, a browser gets a form.",
        "content": {candidate.media_type: {} for candidate in (*TABLES, *GRAPHS)} | {"text/html": {}},
    },
    **{
        status: {"description": reason, "content": {"application/problem+json": {}}}
        for status, reason in {
            "400": "The query is missing, repeated, not UTF-8, or can't be parsed.",
            "403": "An update: the service is read-only.",
            "406": "No format on offer fits Accept.",
            "413": "The body is longer than 1 MiB.",
            "415": "The body is neither a form nor a query, or not UTF-8.",
        }.items()
    },
}

SPARQL: Final[dict[str, Any]] = {
    "get": {
        "summary": "Ask a SPARQL query",
        "description": "SPARQL 1.1 Protocol, query via GET. Parameters not listed here are passed over.",
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
