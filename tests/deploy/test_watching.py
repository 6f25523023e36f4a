"""A real Prometheus scrapes a real host and a real API: what rules and panels read is there."""

import math
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from deployment import MODEL, Deployment
from prometheus_server import Prometheus, prometheus_server, until
from watched import metrics_in, panels, rules

CODE = "def {name}(width, height):\n    return width * height\n"
KILLS = 4
"""ProcoderEngineRestarts fires above two; Prometheus may miss the first."""


@pytest.fixture(scope="module")
def prometheus(
    deployment: Deployment, docker: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    targets = {
        "procoder-host": (deployment.host.url, deployment.host_metrics),
        "procoder-api": (deployment.api.url, deployment.api_metrics),
    }
    file = docker / "prometheus" / "prometheus.yml"
    folder = tmp_path_factory.mktemp("prometheus")
    with prometheus_server(file, folder, targets) as server:
        yield server


def _use(deployment: Deployment, name: str) -> None:
    """Have something explained, twice, and do wrong at each door."""
    with deployment.ask_api() as api, deployment.ask_host() as host:
        question = {"code": CODE.format(name=name), "symbol": name}
        for _ in range(2):
            assert api.post("/v1/explanations", json=question).is_success
        assert api.post("/v1/explanations", json={}).status_code == 422
        body = {"model": MODEL, "prompt": f"def {name}(a):", "max_tokens": 8}
        assert host.post("/v1/completions", json=body).is_success
        assert host.post("/v1/completions", json={**body, "model": "other"}).status_code == 404


def _holds(prometheus: Prometheus, expression: str) -> bool:
    samples = prometheus.query(expression)
    return any(math.isfinite(float(sample["value"][1])) for sample in samples)


def test_every_panel_and_recording_shows_data(
    prometheus: Prometheus, deployment: Deployment, docker: Path, tools: Path
) -> None:
    recordings = [rule for rule in rules(docker) if "record" in rule]
    expressions = [
        *(expression for _, expression in panels(docker)),
        *(rule["record"] for rule in recordings),
    ]
    _use(deployment, "first")
    # A rate needs a sample from before, and one from after something was asked.
    counted = 'procoder_api_requests_total{outcome="invalid"}'
    until(lambda: _holds(prometheus, counted), "the first questions were scraped")
    _use(deployment, "second")
    for expression in expressions:
        until(lambda e=expression: _holds(prometheus, e), f"there is data for {expression}")
    recorded = {rule["record"] for rule in recordings}
    read = metrics_in((*expressions, *(rule["expr"] for rule in rules(docker))), tools)
    for metric in read - recorded:
        assert prometheus.query(metric), f"nobody exposes {metric}"


def test_nobody_without_a_key_reads_metrics(deployment: Deployment) -> None:
    for url in (deployment.host.url, deployment.api.url):
        assert httpx2.get(f"{url}/metrics", trust_env=False).status_code == 401
    learner = {"Authorization": f"Bearer {deployment.api_key}"}
    answer = httpx2.get(f"{deployment.api.url}/metrics", headers=learner, trust_env=False)
    assert answer.status_code == 403
    prometheus = {"Authorization": f"Bearer {deployment.api_metrics.read_text()}"}
    facts = {"code": CODE.format(name="area"), "symbol": "area"}
    url = f"{deployment.api.url}/v1/facts"
    answer = httpx2.post(url, json=facts, headers=prometheus, trust_env=False)
    assert answer.status_code == 403


def test_an_alert_fires_when_the_engine_keeps_ending(
    prometheus: Prometheus, deployment: Deployment
) -> None:
    until(lambda: _holds(prometheus, "procoder_child_restarts_total"), "the host was scraped")
    assert "ProcoderEngineRestarts" not in prometheus.firing()
    for kill in range(KILLS):
        os.kill(_engine(deployment.host.pid), signal.SIGKILL)
        seen = f"procoder_child_restarts_total > {kill}"
        until(lambda query=seen: bool(prometheus.query(query)), f"Prometheus saw restart {kill}")
        with deployment.ask_host() as host:
            until(lambda client=host: client.get("/readyz").is_success, "the model is back")
    until(lambda: "ProcoderEngineRestarts" in prometheus.firing(), "the alert fires")


def _engine(host: int) -> int:
    """Return the process that holds the model of a host."""
    children = Path(f"/proc/{host}/task/{host}/children").read_text()
    (engine,) = map(int, children.split())
    return engine
