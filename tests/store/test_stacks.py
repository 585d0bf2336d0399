"""No query that is let in, however deep, ends the process: each shape is tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from referentiel.store import QUERY_LIMIT

SHAPES = {
    "braces": '"SELECT * " + "{" * (n // 2 - 8) + "}" * (n // 2 - 8)',
    "braces left open": '"SELECT * " + "{" * (n - 9)',
    "parentheses": '"SELECT * {FILTER(" + "(" * (n // 2 - 12) + "1" + ")" * (n // 2 - 12) + ")}"',
    "negations": '"SELECT (" + "!" * (n - 24) + "true AS ?x) {}"',
    "paths": '"SELECT * {?s " + "(" * (n // 2 - 16) + "<a:b>" + ")" * (n // 2 - 16) + " ?o}"',
    "conditions": '"SELECT (" + "IF(1," * (n // 8 - 4) + "1" + ",1)" * (n // 8 - 4) + " AS ?x) {}"',
    "blank nodes": '"SELECT * {?s ?p " + "[<a:p>" * (n // 12 - 4) + "]" * (n // 12 - 4) + "}"',
}
SCRIPT = """
from concurrent.futures import ThreadPoolExecutor
from referentiel.store import BadQuery, QUERY_LIMIT as n, ResultFormat, deepen_stacks, open_store
store = open_store(None)
def ask():
    try:
        return store.query({shape}).serialize(ResultFormat.CSV)
    except BadQuery as error:
        return str(error)[:10]
deepen_stacks()
print("survived", ThreadPoolExecutor(1).submit(ask).result())
"""


@pytest.mark.parametrize("shape", SHAPES)
def test_the_deepest_query_does_not_end_the_process(shape: str) -> None:
    script = SCRIPT.replace("{shape}", SHAPES[shape])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("survived"), (done.returncode, done.stderr)


def test_a_thread_of_the_usual_size_would_not_survive() -> None:
    script = SCRIPT.replace("{shape}", SHAPES["braces"]).replace("deepen_stacks()\n", "")
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False).returncode < 0


def test_a_longer_query_is_not_let_in() -> None:
    from referentiel.store import BadQuery, open_store

    with pytest.raises(BadQuery, match=str(QUERY_LIMIT)):
        open_store(None).query("ASK {} #" + "x" * QUERY_LIMIT)
