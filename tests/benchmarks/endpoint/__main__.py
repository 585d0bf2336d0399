"""Our endpoint beside its peers, same data, same machine, same run, in turn.

    make bench-endpoint ARGS="--triples 1000000"

Twenty questions, asked cold (each request differs) and repeated (the same text), by 1, 8 and 32 clients; then a point look-up
while runaway questions keep coming. Answers are compared between the servers before anything is timed; a server that answers
otherwise is not timed on that question. Progress goes to standard error, the tables to standard output, figures and tables to a
folder.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from shutil import which

from benchmarks.endpoint.answers import agreement
from benchmarks.endpoint.prepare import Bench
from benchmarks.endpoint.questions import Question, questions
from benchmarks.endpoint.register import version
from benchmarks.endpoint.report import OURS, PEER, Report, Sample
from benchmarks.endpoint.runaway import Attack, attacks
from benchmarks.endpoint.servers import Server, running, start
from benchmarks.endpoint.timing import Figures, measure

PATIENCE = 2.0
"""Seconds after which rdflib-endpoint is given up on a question, and taken to answer one in this time: more than it does."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.endpoint", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the register")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another register")
    parser.add_argument("--seconds", type=int, default=1, help="how long each question is asked, at least")
    parser.add_argument("--rounds", type=int, default=2, help="how often everything is measured")
    parser.add_argument("--clients", type=lambda text: [int(n) for n in text.split(",")], default=[1, 8, 32])
    parser.add_argument("--servers", type=lambda text: text.split(","), default=[OURS, PEER, "virtuoso", "rdflib"])
    parser.add_argument("--modes", type=lambda text: text.split(","), default=["cold", "repeated", "runaway"])
    parser.add_argument("--only", type=re.compile, default=re.compile(""), help="regular expression on the questions' names")
    parser.add_argument("--limit", type=int, default=30, help="seconds that servers give a question")
    parser.add_argument("--runaway-limit", type=int, default=3, help="the same, under runaways")
    parser.add_argument("--runaway-seconds", type=int, default=10, help="how long the bystander asks")
    parser.add_argument("--quick", action="store_true", help="one round, 8 clients, beside Oxigraph's server only")
    parser.add_argument("--cache", type=Path, default=Path(".bench"), help="folder that keeps registers and the servers' data")
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench"), help="environment with the peers from PyPI")
    parser.add_argument("--output", type=Path, default=Path(".bench/results"), help="folder that gets results.json and results.md")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.clients, chosen.runaway_seconds = 1, [8], 5
        chosen.servers = [OURS, PEER]
    return chosen


def tell(message: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


class Session:
    """One run, and what it found so far."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        folder = chosen.cache.resolve() / f"{chosen.triples}-{chosen.seed}-{version()}"
        self.bench = Bench(folder, chosen.peers.resolve(), chosen.triples, chosen.seed, chosen.limit, os.cpu_count() or 1)
        self.questions = [question for question in questions() if chosen.only.search(question.name)]
        self.samples: list[Sample] = []
        self.attacks: list[Attack] = []
        self.verdicts: dict[str, dict[str, str]] = {}
        self.prepared: dict[str, dict[str, float]] = {}

    def run(self) -> None:
        self.prepared = self.bench.prepare(tell)
        self.constants = self.bench.constants
        modes = [mode for mode in self.chosen.modes if mode != "runaway"]
        if modes:
            with ExitStack() as stack:
                names = [name for name in self.bench.recipes() if name in {*self.chosen.servers, PEER} - {"rdflib"}]
                servers = {name: stack.enter_context(running(self.bench.recipes()[name])) for name in names}
                self._compare(servers)
                for turn in range(self.chosen.rounds):
                    for mode in modes:
                        self.samples.extend(self._round(servers, mode, turn))
                if "rdflib" in self.chosen.servers:
                    self._rdflib(modes, servers[PEER])
        if "runaway" in self.chosen.modes:
            names = [name for name in (OURS, PEER) if name in self.chosen.servers]
            for attack in attacks(self.bench, names, self.chosen.runaway_seconds, self.chosen.runaway_limit, tell):
                self.attacks.append(attack)

    def _compare(self, servers: dict[str, Server]) -> None:
        for question in self.questions:
            self.verdicts[question.name] = agreement(servers, question, self.constants, self.chosen.limit)
            tell(f"{question.name}: {self.verdicts[question.name]}")

    def _round(self, servers: dict[str, Server], mode: str, turn: int) -> Iterator[Sample]:
        """Each question by each number of clients, the servers in turn; another one begins each time."""
        names = list(servers)
        for question in self.questions:
            for clients in self.chosen.clients if mode == "cold" else [8]:
                names = [*names[1:], names[0]]
                for name in names:
                    timed = name in {OURS, PEER} or turn == 0  # goals are ratios of these two
                    if timed and self.verdicts[question.name][name] == "same":
                        yield self._sample(servers[name], mode, question, clients, turn)

    def _sample(self, server: Server, mode: str, question: Question, clients: int, turn: int) -> Sample:
        figures = measure(server, question, self.constants, clients, self.chosen.seconds, repeated=mode == "repeated")
        what = f"round {turn + 1}, {mode}, {question.name}, {clients} clients, {server.name}"
        tell(f"{what}: {figures.rate:.1f}/s, p99 {figures.p99:.2f} ms")
        return Sample(mode, question.name, question.kind, clients, turn, server.name, figures)

    def _rdflib(self, modes: list[str], peer: Server) -> None:
        """One round by 8 clients of what it answers in PATIENCE. It runs one query at a time: a slow one stops it, start anew."""
        recipe = self.bench.recipes()["rdflib"]
        server = start(recipe)
        try:
            for question in self.questions:
                found = agreement({PEER: peer, "rdflib": server}, question, self.constants, PATIENCE)
                self.verdicts[question.name]["rdflib"] = found["rdflib"]
                tell(f"{question.name}: {found}")
                if found["rdflib"] == "same":
                    self.samples += [self._sample(server, mode, question, 8, 0) for mode in modes]
                elif found["rdflib"] == "slow":
                    bound = Figures(1, 0, PATIENCE, PATIENCE * 1000, PATIENCE * 1000)
                    self.samples += [Sample(mode, question.name, question.kind, 8, 0, "rdflib", bound) for mode in modes]
                    server.stop()
                    server = start(recipe)
        finally:
            server.stop()

    def write(self) -> None:
        """Write what was found, all of it or what there is."""
        report = Report(self.samples, self.attacks, self.verdicts).text()
        self.chosen.output.mkdir(parents=True, exist_ok=True)
        found = {
            "triples": self.bench.triples,
            "processors": self.bench.processors,
            "limit": self.bench.seconds,
            "runaway_limit": self.chosen.runaway_limit,
            "prepared": self.prepared,
            "verdicts": self.verdicts,
            "samples": [asdict(sample) for sample in self.samples],
            "attacks": [asdict(attack) for attack in self.attacks],
        }
        (self.chosen.output / "results.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        (self.chosen.output / "results.md").write_text(report, encoding="utf-8")
        print(report)


def main() -> None:
    session = Session(options())
    for tool in ("wrk", str(session.bench.peers / "bin" / "oxigraph")):
        if not which(tool):
            raise SystemExit(f"{tool} is not there: `make bench-packages` installs wrk, `make bench-endpoint` the peers")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # servers are stopped, and what was found is written
    try:
        session.run()
    except KeyboardInterrupt:
        tell("interrupted: what was found so far follows")
        raise SystemExit(130) from None
    finally:
        session.write()


if __name__ == "__main__":
    main()
