"""A point look-up while questions that nobody should ask keep coming."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.endpoint.prepare import Bench
from benchmarks.endpoint.questions import questions, target
from benchmarks.endpoint.servers import Server, running
from benchmarks.endpoint.timing import Figures, by_wrk, finished, wrk
from referentiel.settings import Limits

_SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
ATTACKS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c = ?i && STR(?f) != 'NONCE') }",
    _SKOS + "SELECT (COUNT(*) AS ?nNONCE) { ?a (skos:broader|skos:narrower)* ?b . ?b (skos:broader|skos:narrower)* ?c }",
    "SELECT ?sNONCE ?p ?o { ?sNONCE ?p ?o } ORDER BY DESC(STR(?o)) ?p ?sNONCE",
    "SELECT ?s ?o { ?s ?p ?o . ?t ?q ?r FILTER (REGEX(STR(?o), '^(([a-z])+.)+[A-Z]([a-z])+NONCE$')) }",
    "SELECT ?a ?b ?c ?dNONCE { ?a a ?t . ?b a ?t . ?c a ?t . ?dNONCE a ?t }",
    "SELECT ?oNONCE (GROUP_CONCAT(STR(?s)) AS ?all) { ?s ?p ?oNONCE . ?s ?q ?x } GROUP BY ?oNONCE",
)
"""Cross products, paths with both ends free, a sort and a grouping of everything, a costly pattern, an endless answer."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What a server's bystander saw, quiet and under attack; what the attackers got, by status, and the answers that broke.

    `policy`: "retry" (attackers ask again at once) or "wait" (as Retry-After says).
    """

    server: str
    policy: str
    attackers: int
    quiet: Figures
    attacked: Figures
    statuses: dict[str, int]
    broken: int


def attacks(bench: Bench, names: list[str], seconds: int, limit: int, tell: Callable[[str], None]) -> Iterator[Attack]:
    """Attack each server in turn, with each policy, all with the same time limit for a question. Each is started anew."""
    attackers = 2 * Limits().workers
    for policy in ("retry", "wait"):
        for name in names:
            tell(f"runaways on {name}, {policy}")
            with running(bench.recipes(limit)[name]) as server:
                yield _attack(bench, server, policy, attackers, seconds)


def _attack(bench: Bench, server: Server, policy: str, attackers: int, seconds: int) -> Attack:
    _bystander(bench, server, 2)
    quiet = _bystander(bench, server, seconds)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(target(server.path, text) for text in ATTACKS))
        file.flush()
        attack = wrk(server, attackers, seconds + 6, file.name, "0", "application/sparql-results+json", policy)
        try:
            time.sleep(3)
            attacked = _bystander(bench, server, seconds)
        except BaseException:
            attack.kill()
            raise
        run = finished(attack)
    return Attack(server.name, policy, attackers, quiet, attacked, run.statuses, run.broken)


def _bystander(bench: Bench, server: Server, seconds: int) -> Figures:
    point = questions()[0]
    texts = [point.text(bench.constants, i, "NONCE") for i in range(200)]
    return by_wrk(server, texts, point.accept, 1, seconds, time.monotonic_ns() // 1_000_000, "pace")
