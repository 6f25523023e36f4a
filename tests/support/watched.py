"""What is watched: the expressions of rules and dashboards, and the metrics they read."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

RATE_INTERVAL = "5m"
"""For Grafana's `$__rate_interval`, which is at least four times the scrape interval."""


def rules(docker: Path) -> Iterator[dict[str, Any]]:
    """Yield every recording and alerting rule."""
    for file in sorted((docker / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            yield from group["rules"]


def panels(docker: Path) -> Iterator[tuple[str, str]]:
    """Yield title and expression of each query of each panel, Grafana's variables filled in."""
    for file in sorted((docker / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", RATE_INTERVAL)
                yield panel["title"], expression


def metrics_in(expressions: Iterable[str], tools: Path) -> set[str]:
    """Return the names of the metrics that PromQL expressions read."""
    answer = subprocess.run(
        [tools / "python", Path(__file__).with_name("promql_metrics.py")],
        input=json.dumps(list(expressions)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return set(json.loads(answer.stdout))
