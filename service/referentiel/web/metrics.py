"""What the service counts, in Prometheus' words: plain numbers while it answers, metrics only when somebody scrapes them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeAlias, get_args

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

Outcome: TypeAlias = Literal[
    "answered",
    "cached",
    "coalesced",
    "not_modified",
    "refused",
    "limited",
    "timeout",
    "memory",
    "too_many_rows",
    "overloaded",
    "disconnected",
    "failed",
]
"""How a question ended; `refused` is the sender's fault (4xx), `limited` one question too many of one client (429)."""

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the latency histogram, in seconds."""

OPENMETRICS: Final = "application/openmetrics-text"

_BOUNDS: Final = (*map(str, BUCKETS), "+Inf")


@dataclass(frozen=True, slots=True)
class Readings:
    """Numbers that are read off the readers and their cache at the moment of a scrape.

    `workers`: processes by (lane, state). `replaced`: workers killed or lost so far, by reason. `waiting`: questions in the queue.
    `cache_bytes`, `cache_entries`: what the cache holds. `cache_hits`: answers that it gave so far.
    `generation`: when the checkpoint that readers see was made, in seconds since 1970.
    """

    workers: Mapping[tuple[str, str], int]
    replaced: Mapping[str, int]
    waiting: int
    cache_bytes: int
    cache_entries: int
    cache_hits: int
    generation: float


class Metrics(Collector):
    """The numbers of one application. Its methods are called on the event loop only, and cost well under a microsecond each."""

    def __init__(self, readings: Callable[[], Readings] | None = None) -> None:
        self._readings = readings
        self._requests: dict[tuple[str, str, int], int] = {}
        self._seconds: dict[str, list[int]] = {}
        self._sum: dict[str, float] = {}
        self._questions: dict[Outcome, int] = dict.fromkeys(get_args(Outcome), 0)
        self._bytes = 0
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def question(self, outcome: Outcome) -> None:
        """Count a question by how it ended."""
        self._questions[outcome] += 1

    def request(self, kind: str, method: str, status: int, seconds: float, sent: int = 0) -> None:
        """Count a request. `kind` and `method` are from short lists, never a path; `status` is 0 when nothing was answered."""
        key = (kind, method, status)
        self._requests[key] = self._requests.get(key, 0) + 1
        if kind not in self._seconds:
            self._seconds[kind] = [0] * len(_BOUNDS)
            self._sum[kind] = 0.0
        self._seconds[kind][bisect_left(BUCKETS, seconds)] += 1
        self._sum[kind] += seconds
        self._bytes += sent

    def collect(self) -> Iterator[Metric]:
        """The metrics as they stand."""
        yield from self._of_requests()
        questions = CounterMetricFamily("referentiel_questions", "Questions by how they ended", labels=["outcome"])
        for outcome, count in self._questions.items():
            questions.add_metric([outcome], count)
        yield questions
        if self._readings is not None:
            yield from _of_readers(self._readings())

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("referentiel_http_requests", "Requests answered", labels=["kind", "method", "status"])
        for (kind, method, status), count in self._requests.items():
            requests.add_metric([kind, method, str(status)], count)
        yield requests
        seconds = HistogramMetricFamily("referentiel_http_request_seconds", "Time to the end of the answer", labels=["kind"])
        for kind, counts in self._seconds.items():
            seconds.add_metric([kind], list(zip(_BOUNDS, accumulate(counts), strict=True)), self._sum[kind])
        yield seconds
        yield CounterMetricFamily("referentiel_http_sent_bytes", "Bytes of bodies sent", value=self._bytes)


def _of_readers(readings: Readings) -> Iterator[Metric]:
    workers = GaugeMetricFamily("referentiel_workers", "Worker processes by lane and state", labels=["lane", "state"])
    for labels, count in readings.workers.items():
        workers.add_metric(labels, count)
    yield workers
    replaced = CounterMetricFamily("referentiel_workers_replaced", "Workers killed or lost, by reason", labels=["reason"])
    for reason, count in readings.replaced.items():
        replaced.add_metric([reason], count)
    yield replaced
    yield GaugeMetricFamily("referentiel_queue_length", "Questions that wait for a worker", value=readings.waiting)
    yield GaugeMetricFamily("referentiel_cache_bytes", "Bytes of the answers kept", value=readings.cache_bytes)
    yield GaugeMetricFamily("referentiel_cache_entries", "Answers kept", value=readings.cache_entries)
    yield CounterMetricFamily("referentiel_cache_hits", "Answers given from the cache", value=readings.cache_hits)
    yield GaugeMetricFamily("referentiel_checkpoint_seconds", "When the graph that is read was made", value=readings.generation)


def metrics_routes(app: FastAPI, metrics: Metrics) -> None:
    """Serves the metrics at /metrics."""
    formats: dict[str, dict[str, str]] = {"text/plain": {}, OPENMETRICS: {}}

    @app.get("/metrics", response_class=Response, responses={200: {"description": "The metrics.", "content": formats}})
    async def prometheus(request: Request) -> Response:
        """The numbers of the service, for Prometheus: its text format 0.0.4, or OpenMetrics where Accept asks for it."""
        asked = OPENMETRICS if OPENMETRICS in request.headers.get("accept", "") else ""
        encode, content_type = choose_encoder(asked)  # it fails on versions that are no numbers, and so gets none
        return Response(encode(metrics.registry), headers={"Content-Type": content_type, "Cache-Control": "no-store"})
