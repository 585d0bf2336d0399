"""Which tests are asked of the server as they are, and which are not claimed."""

from __future__ import annotations

from typing import Final

from w3c.suite import ARCHIVE, Case, cases, files

EVALUATION: Final = {"QueryEvaluationTest", "CSVResultFormatTest"}
SYNTAX: Final = {"PositiveSyntaxTest11", "NegativeSyntaxTest11"}
UPDATE: Final = {"UpdateEvaluationTest", "PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11"}

NOT_CLAIMED: Final = {
    "entailment": "the endpoint answers with simple entailment only: what reasoning adds is not in the store",
    "service": "SERVICE calls only endpoints that the operator allows, and the suite's exist nowhere",
    "syntax-fed": "SERVICE is refused before it is parsed further, unless the operator allows its endpoint",
}
_BY_HTTP: Final = {"protocol", "service-description", "graph-store-protocol", "http-rdf-update"}

_ALL: Final = (
    [
        case
        for name in sorted(files())
        if name.endswith("/manifest.ttl") and (folder := name.partition("/")[0]) not in _BY_HTTP
        for case in cases(folder)
    ]
    if ARCHIVE.is_file()
    else list[Case]()
)


def _folder(case: Case) -> str:
    return case.name.partition("/")[0]


_CLAIMED: Final = [case for case in _ALL if _folder(case) not in NOT_CLAIMED]
_UPDATES: Final = [case for case in _CLAIMED if case.kind in UPDATE or case.query.endswith(".ru")]
EVALUATED: Final = [case for case in _CLAIMED if case.kind in EVALUATION]
PARSED: Final = [case for case in _CLAIMED if case.kind in SYNTAX and case not in _UPDATES]
UPDATED: Final = [case for case in _UPDATES if case.kind == "UpdateEvaluationTest"]
PARSED_UPDATES: Final = [case for case in _UPDATES if case not in UPDATED]
WAITING: Final = {
    f"{folder} ({sum(_folder(case) == folder for case in _ALL)} tests)": reason for folder, reason in NOT_CLAIMED.items()
}
"""Groups of tests that are not run, with the reason."""
