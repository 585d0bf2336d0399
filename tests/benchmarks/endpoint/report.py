"""The tables, in Markdown; every number but rates and latencies is a ratio to Oxigraph's server, of the same round."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.endpoint.runaway import Attack
from benchmarks.endpoint.timing import Figures

OURS, PEER = "referentiel", "oxigraph"


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement. `mode`: "cold" or "repeated"; `kind`: the class of the question."""

    mode: str
    question: str
    kind: str
    clients: int
    turn: int
    server: str
    figures: Figures


class Report:
    """Tables of samples and attacks."""

    def __init__(self, samples: Sequence[Sample], attacks: Sequence[Attack], verdicts: dict[str, dict[str, str]]) -> None:
        self._samples = samples
        self._attacks = attacks
        self._verdicts = verdicts
        self._servers = [name for name in dict.fromkeys(s.server for s in samples) if name != PEER]
        self._index = {(s.mode, s.question, s.clients, s.turn, s.server): s for s in samples}

    def text(self) -> str:
        """All of them."""
        parts = [*self._goals(), "", *self._classes(), "", *self._each(), "", *self._notes()]
        return "\n".join([*parts, *(["", *self._runaways()] if self._attacks else [])]) + "\n"

    def ratio(self, server: str, mode: str, question: str, clients: int) -> float | None:
        """Median over the rounds of its rate to that of Oxigraph's server."""
        ratios = []
        for sample in self._chosen(server, mode, question, clients):
            peer = self._index.get((mode, question, clients, sample.turn, PEER))
            if peer and peer.figures.rate:
                ratios.append(sample.figures.rate / peer.figures.rate)
        return statistics.median(ratios) if ratios else None

    def _chosen(self, server: str, mode: str, question: str, clients: int) -> list[Sample]:
        wanted = (server, mode, question, clients)
        return [s for s in self._samples if (s.server, s.mode, s.question, s.clients) == wanted]

    def _values(self, name: str) -> list[str]:
        return list(dict.fromkeys(getattr(s, name) for s in self._samples))

    def _mean(self, server: str, mode: str, clients: int, questions: Iterable[str]) -> float | None:
        ratios = [ratio for question in questions if (ratio := self.ratio(server, mode, question, clients)) is not None]
        return math.exp(sum(math.log(max(ratio, 1e-4)) for ratio in ratios) / len(ratios)) if ratios else None

    def _questions(self, kind: str) -> list[str]:
        return list(dict.fromkeys(s.question for s in self._samples if s.kind == kind))

    def _latency(self, server: str, question: str, name: str) -> float | None:
        """Median over the rounds of a latency, in milliseconds, with the fewest clients."""
        clients = min(s.clients for s in self._samples)
        found = [getattr(s.figures, name) for s in self._chosen(server, "cold", question, clients) if s.figures.answers]
        return statistics.median(found) if found else None

    def _goals(self) -> Iterator[str]:
        dear = [q for q in self._values("question") if (self._latency(PEER, q, "p50") or 0) > 5]
        every = self._values("question")
        yield "| goal, as a ratio to Oxigraph's server | wanted | mean | worst | where |"
        yield "|---|---|---|---|---|"
        for name, wanted, mode, chosen in (
            ("repeated questions", 3, "repeated", every),
            ("cold questions above 5 ms", 0.95, "cold", dear),
            ("cold point look-ups", 0.6, "cold", self._questions("point")),
        ):
            found = {
                (q, c): ratio
                for q in chosen
                for c in dict.fromkeys(s.clients for s in self._samples if s.mode == mode)
                if (ratio := self.ratio(OURS, mode, q, c)) is not None
            }
            if found:
                mean = math.exp(sum(math.log(max(r, 1e-4)) for r in found.values()) / len(found))
                worst = min(found, key=lambda key: found[key])
                yield f"| {name} | {wanted} | {mean:.2f} | {found[worst]:.2f} | {worst[0]}, {worst[1]} clients |"
        yield from self._against_rdflib()

    def _against_rdflib(self) -> Iterator[str]:
        found = {}
        for sample in (s for s in self._samples if s.server == "rdflib"):
            ours = self._index.get((sample.mode, sample.question, sample.clients, sample.turn, OURS))
            if ours:
                found[sample.question, sample.mode] = ours.figures.rate / max(sample.figures.rate, 1e-3)
        if found:
            mean = math.exp(sum(math.log(max(r, 1e-4)) for r in found.values()) / len(found))
            worst = min(found, key=lambda key: found[key])
            yield f"| against rdflib-endpoint, as a ratio to it | 10 | {mean:.0f} | {found[worst]:.1f} | {worst[0]}, {worst[1]} |"

    def _classes(self) -> Iterator[str]:
        columns = [
            (server, mode, clients)
            for server in self._servers
            for mode in self._values("mode")
            for clients in dict.fromkeys(s.clients for s in self._samples if s.mode == mode and s.server == server)
        ]
        yield "| class | " + " | ".join(f"{server}, {mode}, {clients}" for server, mode, clients in columns) + " |"
        yield "|---" * (1 + len(columns)) + "|"
        for kind in self._values("kind"):
            cells = (_shown(self._mean(s, m, c, self._questions(kind))) for s, m, c in columns)
            yield f"| {kind} | " + " | ".join(cells) + " |"

    def _each(self) -> Iterator[str]:
        modes = [(server, mode) for server in self._servers for mode in self._values("mode")]
        yield "| question | Oxigraph p50, p99 (ms) | ours p50, p99 | " + " | ".join(f"{s}, {m}, 8" for s, m in modes) + " |"
        yield "|---" * (3 + len(modes)) + "|"
        for question in self._values("question"):
            times = [", ".join(_shown(self._latency(server, question, name)) for name in ("p50", "p99")) for server in (PEER, OURS)]
            verdicts = self._verdicts.get(question, {})
            cells = [
                _shown(self.ratio(s, m, question, 8)) if verdicts.get(s, "same") in {"same", "slow"} else verdicts[s]
                for s, m in modes
            ]
            yield f"| {question} | {' | '.join(times)} | {' | '.join(cells)} |"

    def _notes(self) -> Iterator[str]:
        for server in (PEER, *self._servers):
            failures = sum(s.figures.failures for s in self._samples if s.server == server)
            verdicts = [found.get(server, "") for found in self._verdicts.values()]
            counts = ", ".join(f"{verdicts.count(v)} {v}" for v in ("same", "differs", "slow", "fails") if v in verdicts)
            yield f"- {server}: answers compared with Oxigraph's: {counts}; failures while timed: {failures}"

    def _runaways(self) -> Iterator[str]:
        yield "| server | attackers | quiet p50, p99 (ms) | attacked p50, p99 | p99 ratio | answers/s, failures | attackers got |"
        yield "|---|---|---|---|---|---|---|"
        for attack in self._attacks:
            quiet, under = attack.quiet, attack.attacked
            p99 = under.p99 if under.answers else under.seconds * 1000
            got = ", ".join(f"{times} x {status}" for status, times in sorted(attack.statuses.items()))
            times = f"{quiet.p50:.2f}, {quiet.p99:.2f} | {under.p50:.2f}, {p99:.2f} | {p99 / quiet.p99:.1f}"
            counts = f"{under.rate:.0f}, {under.failures} | {got or 'no answer'}; {attack.broken} broken"
            yield f"| {attack.server} | {attack.attackers}, {attack.policy} | {times} | {counts} |"


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"
