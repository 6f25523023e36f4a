"""Counts for Prometheus at `/metrics`; one registry per application."""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""From a lint of a page to an answer of a 7B model."""


class ApiMetrics:
    """What an operator watches: requests, streams, and how long answers take."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "procoder_api_requests",
            "Requests by route and outcome (ok, cancelled, or a code of a problem).",
            ["route", "outcome"],
            registry=registry,
        )
        self._answering = Gauge(
            "procoder_api_answers_running", "Answers that are being made.", registry=registry
        )
        self._seconds = Histogram(
            "procoder_api_answer_seconds",
            "Time of an answer by the kind of question, cached ones included.",
            ["kind"],
            buckets=_SECONDS,
            registry=registry,
        )
        Info("procoder_build", "Versions.", registry=registry).info(
            {"version": version("procoder"), "python": platform.python_version()}
        )

    def request(self, route: str, outcome: str) -> None:
        """Count an answered request."""
        self._requests.labels(route, outcome).inc()

    @contextmanager
    def answering(self, kind: str) -> Iterator[None]:
        """Measure an answer."""
        started = time.perf_counter()
        with self._answering.track_inprogress():
            yield
        self._seconds.labels(kind).observe(time.perf_counter() - started)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)
