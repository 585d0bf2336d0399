"""Updates: their evaluation and their syntax, sent to a live server by somebody who may write everything."""

from __future__ import annotations

import httpx
import pytest

from referentiel.store import Engine
from w3c import updates
from w3c.cases import PARSED_UPDATES, UPDATED
from w3c.known_failures import KNOWN_UPDATE_FAILURES
from w3c.suite import ABSENT, ARCHIVE, Case
from w3c.test_query import marked

if not ARCHIVE.is_file():
    pytest.skip(ABSENT, allow_module_level=True)


@pytest.mark.parametrize("case", marked(UPDATED, KNOWN_UPDATE_FAILURES))
def test_evaluation(writer: httpx.Client, written: Engine, case: Case) -> None:
    before, after = updates.expected(case)
    updates.prepare(written, before)
    answer = updates.send(writer, case, before)
    assert answer.status_code == 200, answer.text
    assert updates.held(written) == after


@pytest.mark.parametrize("case", marked(PARSED_UPDATES, KNOWN_UPDATE_FAILURES))
def test_syntax(writer: httpx.Client, case: Case) -> None:
    answer = updates.send(writer, case)
    understood = {200, 409}  # 409: a graph that is not there, or one that is
    assert answer.status_code in (understood if case.kind.startswith("Positive") else {400}), answer.text


def test_known_failures_are_tests() -> None:
    assert set(KNOWN_UPDATE_FAILURES) <= {case.name for case in (*UPDATED, *PARSED_UPDATES)}
