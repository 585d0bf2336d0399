"""Judges a whole store, shard by shard, on all cores; some certifications twice, so that what screening missed would be seen."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from rdflib import BNode
from rdflib.term import Node

from referentiel.store.survey import Survey
from referentiel.validation.messages import Judged
from referentiel.validation.report import Result
from referentiel.validation.rules import Rule, Severity
from referentiel.validation.shards import Plan, Shard
from referentiel.validation.validators import Validators
from referentiel.vocabulary import RDF, SH

_SECONDS: Final = 3600.0
"""Time that one shard may take: one of certifications that are all tied may be large."""
_MEMORY: Final = 8192
_OF_THE_WHOLE: Final = (SH.conforms.n3(), SH.result.n3(), f"{RDF.type.n3()} {SH.ValidationReport.n3()}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, and the certification that it is about; None for what stands in no certification."""

    certification: str | None
    result: Result


@dataclass(slots=True)
class Audit:
    """What an audit found. `certifications`: how many were judged. `reports`: what the W3C report says of each
    result (SHACL, 3.6.2), predicate and object as N-Triples writes them.

    `compared`: certifications judged twice. `missed`: those of them for which screening made a difference: a fault of this tool.
    """

    certifications: int
    findings: list[Finding] = field(default_factory=list)
    reports: list[tuple[str, ...]] = field(default_factory=list, repr=False)
    compared: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether no obligation is broken."""
        return all(finding.result.severity is not Severity.VIOLATION for finding in self.findings)

    def by_rule(self) -> list[tuple[Rule, int, int]]:
        """Each rule that has results, heaviest first: how many results, and in how many certifications."""
        results = Counter(finding.result.rule for finding in self.findings)
        places = Counter(rule for rule, _ in {(finding.result.rule, finding.certification) for finding in self.findings})
        ordered = sorted(results, key=lambda rule: (rule.severity.rank, rule.code))
        return [(rule, results[rule], places[rule]) for rule in ordered]

    def by_certification(self) -> list[tuple[str | None, Counter[Severity]]]:
        """Each certification that has results, those with the most violations first."""
        counts: dict[str | None, Counter[Severity]] = {}
        for finding in self.findings:
            counts.setdefault(finding.certification, Counter())[finding.result.severity] += 1
        return sorted(counts.items(), key=lambda item: ([-item[1][severity] for severity in Severity], item[0] or ""))


def audit(
    survey: Survey,
    *,
    shapes: bytes | None = None,
    processes: int | None = None,
    sample: int = 20,
    random: Random | None = None,
    progress: Callable[[int, int], None] = lambda _done, _whole: None,
) -> Audit:
    """Judge all that a store holds. `shapes`: as for Validators.validate. `sample`: how many certifications are judged again.

    `progress` is told how many shards are done, and how many there are. An interrupt ends all processes.
    Raises ValidationLimit and InvalidShapes.
    """
    count = processes or os.cpu_count() or 1
    with closing(Validators(count, _SECONDS, _MEMORY)) as validators:
        validators.prepare()
        plan = Plan(survey)
        whole = Audit(len(plan.certifications))
        chosen = (random or Random()).sample(sorted(plan.certifications), min(sample, len(plan.certifications)))  # noqa: S311
        groups = {name: group for shard in plan.shards for group in shard.groups for name in group}
        again = dict.fromkeys(groups[name] for name in chosen)
        total = len(plan.shards) + len(again)
        pool = ThreadPoolExecutor(count + 1)  # one reads the store while the others wait for their processes
        try:
            judged = [pool.submit(_judged, plan, shard, validators, shapes) for shard in plan.shards]
            compared = {pool.submit(_differs, plan, Shard((group,)), validators, shapes): group for group in again}
            futures: list[Future[Any]] = [*judged, *compared]
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                progress(done, total)
        except BaseException:
            validators.close()
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()
    whole.compared = sum(map(len, again))
    whole.missed = [name for future, group in compared.items() if future.result() for name in group]
    _gather(whole, plan, [part for future in judged for part in future.result()])
    return whole


def _judged(plan: Plan, shard: Shard, validators: Validators, shapes: bytes | None) -> list[Judged]:
    data = plan.data(shard)
    if len(shard.groups) > 1 and any(line.startswith("_:") or " _:" in line for line in data):
        # Rules about blank nodes speak of a certification's graph: with others in it, they would be blamed for them.
        return [part for group in shard.groups for part in _judged(plan, Shard((group,)), validators, shapes)]
    return [validators.judge(data, background=plan.background(data), shapes=shapes)] if data else []


def _differs(plan: Plan, shard: Shard, validators: Validators, shapes: bytes | None) -> bool:
    """Whether screening makes a difference for a shard."""
    data = plan.data(shard)
    background = plan.background(data)
    one, other = (validators.judge(data, background=background, shapes=shapes, screen=screen) for screen in (True, False))
    return set(one.results) != set(other.results)


def _gather(whole: Audit, plan: Plan, parts: Iterable[Judged]) -> None:
    """Put the parts together. A node that several graphs describe is judged in several parts, and told of once."""
    results = {result for part in parts for result in part.results}
    whole.findings = [Finding(plan.owner(_name(result.focus)), result) for result in results]
    whole.findings.sort(key=lambda finding: (finding.certification or "", *finding.result.sort_key))
    whole.reports = list({frozenset(said): said for part in parts for said in _told(part.graph)}.values())


def _told(report: bytes) -> list[tuple[str, ...]]:
    """What a W3C report says of each of its results: predicate and object, as N-Triples writes them."""
    said: dict[str, list[str]] = {}
    for line in report.decode().split("\n"):
        node, _, rest = line.partition(" ")
        if rest and not rest.startswith(_OF_THE_WHOLE):
            said.setdefault(node, []).append(rest)
    return [tuple(sorted(lines)) for lines in said.values()]


def _name(node: Node) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)
