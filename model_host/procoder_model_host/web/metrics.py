"""Counts for Prometheus at `/metrics`; one registry per application."""

import platform
from collections.abc import Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from procoder_model_host.messages import Accepted, Finished, Prefilled, Priority
from procoder_model_host.scheduling.generation import SilentObserver

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""From a cached prefix of a small model to the prefill of a page of code by a 7B one."""


class HostMetrics(SilentObserver):
    """What an operator watches: requests, the queue, latencies, tokens and restarts."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "procoder_requests",
            "Requests by route, model and outcome (ok, cancelled, or an error code).",
            ["route", "model", "outcome"],
            registry=registry,
        )
        self._queue = Gauge(
            "procoder_queue_length",
            "Requests that wait for the engine.",
            ["priority"],
            registry=registry,
        )
        self._wait = Histogram(
            "procoder_queue_wait_seconds",
            "Time between arrival and the engine.",
            ["priority"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._first = Histogram(
            "procoder_time_to_first_token_seconds",
            "Time between arrival and the first text.",
            ["priority"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._token = Histogram(
            "procoder_time_per_token_seconds",
            "Time between two pieces of text.",
            ["priority"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._tokens = Counter(
            "procoder_tokens",
            "Tokens by kind: prompt (cached ones included), cached, generated.",
            ["kind"],
            registry=registry,
        )
        self._restarts = Counter(
            "procoder_child_restarts",
            "Times the engine process was started again.",
            registry=registry,
        )
        self._loaded = Gauge(
            "procoder_model_loaded",
            "1 while the model is loaded.",
            ["model"],
            registry=registry,
        )
        Info("procoder_build", "Versions.", registry=registry).info(
            {"version": version("procoder"), "python": platform.python_version()}
        )

    def request(self, route: str, model: str, outcome: str) -> None:
        """Count an answered request."""
        self._requests.labels(route, model, outcome).inc()

    def render(self, model: str, *, loaded: bool, queued: Mapping[Priority, int]) -> bytes:
        """Return all metrics in Prometheus' text format."""
        # After a switch the former model must not go on claiming that it is loaded.
        self._loaded.clear()
        self._loaded.labels(model).set(loaded)
        for priority, length in queued.items():
            self._queue.labels(priority).set(length)
        return generate_latest(self._registry)

    def started(self, priority: Priority, waited: float) -> None:
        """See Observer."""
        self._wait.labels(priority).observe(waited)

    def first_token(self, priority: Priority, seconds: float) -> None:
        """See Observer."""
        self._first.labels(priority).observe(seconds)

    def token(self, priority: Priority, seconds: float) -> None:
        """See Observer."""
        self._token.labels(priority).observe(seconds)

    def finished(
        self,
        priority: Priority,  # noqa: ARG002 - tokens are counted for all together
        accepted: Accepted,
        prefilled: Prefilled,
        finished: Finished,
    ) -> None:
        """See Observer."""
        self._tokens.labels("prompt").inc(accepted.prompt_tokens)
        self._tokens.labels("cached").inc(prefilled.cached_tokens)
        self._tokens.labels("generated").inc(finished.completion_tokens)

    def child_restarted(self, reason: str) -> None:  # noqa: ARG002 - words are for logs
        """See Observer."""
        self._restarts.inc()
