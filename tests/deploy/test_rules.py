"""Prometheus' configuration and rules, by its own promtool; dashboards and what they name."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from watched import panels, rules


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "--syntax-only", "prometheus.yml"),
        ("check", "rules", "rules/alerts.yml", "rules/recording.yml"),
        ("test", "rules", "tests/alerts.yml", "tests/recording.yml"),
    ],
    ids=" ".join,
)
def test_promtool_agrees(docker: Path, arguments: tuple[str, ...]) -> None:
    said = subprocess.run(
        ["promtool", *arguments],
        cwd=docker / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_rule_has_a_unit_test(docker: Path) -> None:
    told = "".join(file.read_text() for file in (docker / "prometheus" / "tests").iterdir())
    for rule in rules(docker):
        name = rule.get("alert") or rule["record"]
        assert name in told, f"no unit test reads {name}"


def test_every_alert_says_what_to_do(docker: Path, repository: Path) -> None:
    guide = (repository / "docs" / "operate.md").read_text(encoding="utf-8")
    for rule in rules(docker):
        if "alert" in rule:
            assert rule["labels"]["severity"] in {"critical", "warning"}
            assert set(rule["annotations"]) == {"summary", "description"}
            assert f"`{rule['alert']}`" in guide


def test_grafana_finds_its_dashboards_and_its_data(docker: Path) -> None:
    provisioning = docker / "grafana" / "provisioning"
    sources = _only(provisioning / "datasources" / "prometheus.yml")["datasources"]
    boards = [json.loads(file.read_text()) for file in docker.glob("grafana/dashboards/*.json")]
    assert boards
    for board in boards:
        (source,) = board["templating"]["list"]
        assert source["current"]["value"] == sources[0]["uid"]
        identifiers = [panel["id"] for panel in board["panels"]]
        assert len(identifiers) == len(set(identifiers))
        for panel in board["panels"]:
            assert panel["title"]
            assert panel["description"]
            assert panel["fieldConfig"]["defaults"]["unit"]
            assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
    assert len({title for title, _ in panels(docker)}) == sum(len(b["panels"]) for b in boards)


def _only(file: Path) -> Any:
    return yaml.safe_load(file.read_text())
