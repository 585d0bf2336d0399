"""What the rules found, for the reader: in words, or as the W3C's report."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from rdflib import Graph
from starlette.responses import Response

from referentiel.exports.rdf import to_ntriples, to_rdf_xml
from referentiel.store import ResultFormat
from referentiel.validation import Language, Report, Result
from referentiel.web.negotiation import Offer

JSON: Final = Offer("json", "application/json", aliases=("application/problem+json",))
SHOWN: Final = 1000
"""How many results an answer lists; `counts` tells of all."""

ELEMENT: Final = re.compile(r".*/certification/([^/]+)(?:/competency/([^/]+))?(?:/.*)?")
"""The address of an element of a certification: the identifier of that, and the code of the competency where it lies below one."""


def report_response(report: Report, chosen: Offer, status: int = 200) -> Response:
    """The W3C's report (SHACL, section 3.6) in a format of graphs."""
    assert chosen.form is not None, "a page is rendered, not written"
    body = report.to_turtle() if chosen.form is ResultFormat.TURTLE else _WRITERS[chosen.form](report.graph)
    return Response(body, status, {"Vary": "Accept"}, chosen.content_type)


_WRITERS: Final[Mapping[ResultFormat, Callable[[Graph], bytes]]] = {
    ResultFormat.N_TRIPLES: to_ntriples,
    ResultFormat.RDF_XML: to_rdf_xml,
    ResultFormat.JSON_LD: lambda graph: graph.serialize(format="json-ld", encoding="utf-8"),
}


def told_report(report: Report, language: Language) -> dict[str, Any]:
    """A report for JSON: `results` with the certification and the competency at fault, and `report`, which sums them up."""
    whole = report.to_json()
    return {
        "results": [_told_result(result, language) for result in report.results[:SHOWN]],
        "report": {
            "conforms": whole["conforms"],
            "contents": whole["contents"],
            "counts": whole["counts"],
            "summary": report.summary(language),
        },
    }


def _told_result(result: Result, language: Language) -> dict[str, Any]:
    element = ELEMENT.fullmatch(str(result.focus))
    return {
        "rule": result.code,
        "severity": result.severity.value,
        "certification": element and element[1],
        "competency": element and element[2],
        "element": str(result.focus),
        "place": result.place.get(language),
        "label": result.label,
        "value": None if result.value is None else str(result.value),
        "message": result.message.get(language),
        "messages": {"fr": result.message.fr, "en": result.message.en},
        "source": result.rule.source,
    }
