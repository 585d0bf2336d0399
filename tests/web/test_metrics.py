from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from referentiel.web.metrics import BUCKETS, Metrics, Readings, metrics_routes

READINGS = Readings(
    workers={("short", "busy"): 2, ("long", "idle"): 1},
    replaced={"timeout": 3},
    waiting=4,
    cache_bytes=500,
    cache_entries=6,
    cache_hits=7,
    generation=8,
)


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_questions_are_counted_by_outcome() -> None:
    metrics = Metrics()
    metrics.question("cached")
    metrics.question("cached")
    metrics.question("timeout")
    assert value(metrics, "referentiel_questions_total", outcome="cached") == 2
    assert value(metrics, "referentiel_questions_total", outcome="timeout") == 1
    assert value(metrics, "referentiel_questions_total", outcome="answered") == 0


def test_an_outcome_is_from_the_list() -> None:
    with pytest.raises(KeyError):
        Metrics().question("SELECT * { ?s ?p ?o }")  # type: ignore[arg-type]


def test_requests_are_counted_and_timed() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.02, 100):
        metrics.request("sparql", "GET", 200, seconds, sent=10)
    metrics.request("home", "HEAD", 405, 0.3)
    assert value(metrics, "referentiel_http_requests_total", kind="sparql", method="GET", status="200") == 4
    assert value(metrics, "referentiel_http_requests_total", kind="home", method="HEAD", status="405") == 1
    assert value(metrics, "referentiel_http_sent_bytes_total") == 40
    buckets = [
        value(metrics, "referentiel_http_request_seconds_bucket", kind="sparql", le=bound)
        for bound in ("0.001", "0.01", "0.025", "60.0", "+Inf")
    ]
    assert buckets == [2, 2, 3, 3, 4]
    assert value(metrics, "referentiel_http_request_seconds_count", kind="sparql") == 4
    assert value(metrics, "referentiel_http_request_seconds_sum", kind="sparql") == pytest.approx(100.0215)


def test_a_bucket_has_its_bound() -> None:
    metrics = Metrics()
    for bound in BUCKETS:
        metrics.request("id", "GET", 303, bound)
    found = [value(metrics, "referentiel_http_request_seconds_bucket", kind="id", le=str(bound)) for bound in BUCKETS]
    assert found == list(range(1, len(BUCKETS) + 1))


def test_the_readers_are_read_at_each_scrape() -> None:
    readings = [READINGS]
    metrics = Metrics(lambda: readings[0])
    assert value(metrics, "referentiel_workers", lane="short", state="busy") == 2
    assert value(metrics, "referentiel_workers_replaced_total", reason="timeout") == 3
    gauges = {"queue_length": 4, "cache_bytes": 500, "cache_entries": 6, "cache_hits_total": 7, "checkpoint_seconds": 8}
    assert {name: value(metrics, f"referentiel_{name}") for name in gauges} == gauges
    readings[0] = Readings({}, {}, waiting=0, cache_bytes=0, cache_entries=0, cache_hits=9, generation=10)
    assert value(metrics, "referentiel_checkpoint_seconds") == 10
    assert value(metrics, "referentiel_workers", lane="short", state="busy") is None


def test_two_applications_do_not_share_numbers() -> None:
    one, other = Metrics(), Metrics()
    one.question("answered")
    assert value(other, "referentiel_questions_total", outcome="answered") == 0


@pytest.mark.parametrize(
    ("accept", "read", "content_type"),
    [
        ("*/*", read_text, "text/plain; version=0.0.4; charset=utf-8"),
        ("text/plain;version=x.y", read_text, "text/plain; version=0.0.4; charset=utf-8"),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2",
            read_openmetrics,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ),
        (
            "application/openmetrics-text;version=abc",
            read_openmetrics,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ),
    ],
)
def test_prometheus_reads_them(
    serve: Callable[[FastAPI], AbstractContextManager[str]], accept: str, read: Callable[[str], object], content_type: str
) -> None:
    app, metrics = FastAPI(), Metrics(lambda: READINGS)
    metrics_routes(app, metrics)
    metrics.question("cached")
    metrics.request("sparql", "GET", 200, 0.1)
    with serve(app) as address:
        answer = httpx.get(f"{address}/metrics", headers={"Accept": accept})
    assert answer.headers["content-type"] == content_type
    families = {family.name.removesuffix("_total"): family for family in read(answer.text)}  # type: ignore[attr-defined]
    assert {sample.value for sample in families["referentiel_questions"].samples if sample.labels == {"outcome": "cached"}} == {1}
    assert families["referentiel_http_request_seconds"].type == "histogram"
    assert families["process_resident_memory_bytes"].samples[0].value > 0
