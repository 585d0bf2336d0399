"""The answer to a refused write: a problem, a page that tells what to mend, or the W3C's report."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from referentiel.gate.outcome import RulesBroken
from referentiel.sources import UnreadableSource
from referentiel.validation import Language
from referentiel.web import problems
from referentiel.web.findings import broken_rules
from referentiel.web.formats import GRAPHS
from referentiel.web.negotiation import HTML, choose
from referentiel.web.pages import Pages
from referentiel.web.problems import Problem
from referentiel.web.refusals import problem_of
from referentiel.web.reports import JSON, report_response
from referentiel.web.validation_texts import WORDS

Failed = Callable[[Request, Problem], Response]
"""Makes the answer to a problem; see Failures.answer."""


def answer_refusal(request: Request, error: Exception, pages: Pages, failed: Failed) -> Response:
    """The answer to a refused write: where rules are broken and RDF is asked for the W3C's report, else a problem."""
    view = pages.view(request)
    language: Language = "en" if view.language == "en" else "fr"
    if isinstance(error, RulesBroken):
        choice = choose(request.headers.get("accept"), (JSON, *GRAPHS, HTML))
        if choice is not None and choice.offer.form is not None:
            return report_response(error.report, choice.offer, problems.RULES_BROKEN.status)
    problem = problem_of(error, language)
    if not (isinstance(error, RulesBroken | UnreadableSource) and pages.wanted(request)):
        return failed(request, problem)
    page = pages.render(
        view,
        "refused.html",
        w={name: text.in_(language) for name, text in WORDS.items()},
        problem=problem,
        report=isinstance(error, RulesBroken),
        broken=broken_rules(error.report, language) if isinstance(error, RulesBroken) else (),
    )
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    return Response(page, problem.kind.status, headers, HTML.media_type)
