"""How fast a server answers a question to so many clients.

Quick questions are asked by wrk, which takes little of the machine that the server runs on too. It forgets what is under way
when its time is over, which would falsify slow ones: these are asked by threads that wait for their last answer, and look at it.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.endpoint.answers import whole
from benchmarks.endpoint.questions import Question, target
from benchmarks.endpoint.register import Constants
from benchmarks.endpoint.servers import Reply, Server

SLOW = 0.02
"""Seconds from which a question is asked by threads."""
TIMEOUT = 120.0
TARGETS = 200
SCRIPT = Path(__file__).with_name("load.lua")
_numbers = itertools.count(1_000_000, 1_000_000)  # each run of wrk has a million of its own


@dataclass(frozen=True, slots=True)
class Figures:
    """Right answers and failures in `seconds`; latencies in milliseconds, 0 where there was no answer."""

    answers: int
    failures: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Right answers a second; 0 where more than one in a hundred failed, since a refusal costs a server little."""
        return self.answers / self.seconds if self.failures * 100 <= self.answers else 0


@dataclass(frozen=True, slots=True)
class Run:
    """What `load.lua` says of a run: requests that got an answer, `refused` ones among them (status 400 and above); those that
    `broken` connections and time limits took; latencies in milliseconds; of an attack, the number of answers by status.
    """

    seconds: float
    requests: int
    refused: int
    broken: int
    p50: float
    p99: float
    worst: float
    statuses: dict[str, int]


def measure(server: Server, question: Question, constants: Constants, clients: int, seconds: int, *, repeated: bool) -> Figures:
    """Ask one question for about `seconds`: with other constants each time, or the very same text."""
    first = next(_numbers)

    def text(position: int, n: int | str) -> str:
        return question.text(constants, 0, 0) if repeated else question.text(constants, position, n)

    warming = [server.ask(text(i, first - i), question.accept, TIMEOUT).seconds for i in range(1, 3)]
    if warming[-1] < SLOW:
        return by_wrk(server, [text(i, "NONCE") for i in range(TARGETS)], question.accept, clients, seconds, first)
    texts = (text(i, first + i) for i in range(1000 * (seconds + 1)))
    return _by_threads(server, list(texts), question, clients, seconds)


def by_wrk(server: Server, texts: list[str], accept: str, clients: int, seconds: int, first: int, *manner: str) -> Figures:
    """Ask texts in turn, NONCE in them replaced by a number that counts up from `first`; `manner` as in `load.lua`."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(target(server.path, text) for text in texts))
        file.flush()
        try:
            found = finished(wrk(server, clients, seconds, file.name, str(first), accept, *manner))
        except RuntimeError:
            return Figures(0, 1, seconds, 0, 0)  # nobody listens any more; wrk has said so on standard error
    return Figures(found.requests - found.refused, found.refused + found.broken, found.seconds, found.p50, found.p99)


def wrk(server: Server, clients: int, seconds: int, *arguments: str) -> subprocess.Popen[str]:
    """Start wrk with our script."""
    options = ("-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", f"{TIMEOUT:.0f}s", "-s", str(SCRIPT))
    address = f"http://127.0.0.1:{server.port}"
    return subprocess.Popen(["wrk", *options, address, "--", *arguments], stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> Run:
    """What our script printed at the end of a run. Raises RuntimeError where it did not get there."""
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"wrk failed: {output}")
    return Run(**json.loads(output.splitlines()[-1]))


def _by_threads(server: Server, texts: list[str], question: Question, clients: int, seconds: float) -> Figures:
    start, pending = time.perf_counter(), iter(texts)

    def client(_: int) -> list[Reply]:
        replies: list[Reply] = []
        while not replies or time.perf_counter() - start < seconds:
            replies.append(server.ask(next(pending), question.accept, TIMEOUT))
        return replies

    with ThreadPoolExecutor(clients) as pool:
        replies = [reply for found in pool.map(client, range(clients)) for reply in found]
    elapsed = time.perf_counter() - start
    good = sorted(reply.seconds * 1000 for reply in replies if reply.status == 200 and whole(reply.body, graph=question.graph))
    if not good:
        return Figures(0, len(replies), elapsed, 0, 0)
    return Figures(len(good), len(replies) - len(good), elapsed, _quantile(good, 0.5), _quantile(good, 0.99))


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
