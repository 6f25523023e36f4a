"""A real Prometheus on loopback, with the configuration of docker/prometheus."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import yaml
from redis_server import free_port

_PATIENCE = 60.0
_PAUSE = 0.2


class Prometheus:
    """Asks a running server."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the samples of an expression, now."""
        answer = self._client.get("/api/v1/query", params={"query": expression}).json()
        assert answer["status"] == "success", answer
        samples: list[dict[str, Any]] = answer["data"]["result"]
        return samples

    def firing(self) -> set[str]:
        """Return the names of the alerts that fire."""
        alerts = self._client.get("/api/v1/alerts").json()["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


@contextmanager
def prometheus_server(
    configuration: Path, folder: Path, targets: Mapping[str, tuple[str, Path]]
) -> Iterator[Prometheus]:
    """Run Prometheus; `targets` gives URL and key file of each job, in place of service names."""
    port = free_port()
    config = yaml.safe_load(configuration.read_text())
    config["global"].update(scrape_interval="1s", scrape_timeout="1s", evaluation_interval="1s")
    config["rule_files"] = [str(configuration.parent / rules) for rules in config["rule_files"]]
    for job in config["scrape_configs"]:
        if job["job_name"] in targets:
            url, key = targets[job["job_name"]]
            del job["dns_sd_configs"]
            job["static_configs"] = [{"targets": [urlsplit(url).netloc]}]
            job["authorization"]["credentials_file"] = str(key)
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(config))
    command = [
        "prometheus",
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    with (
        subprocess.Popen(command) as process,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        try:
            until(lambda: _ready(client), "Prometheus is ready")
            yield Prometheus(client)
        finally:
            process.terminate()


def until(reached: Callable[[], bool], what: str) -> None:
    """Look until it is so."""
    give_up = time.monotonic() + _PATIENCE
    while not reached():
        assert time.monotonic() < give_up, f"waited in vain until {what}"
        time.sleep(_PAUSE)


def _ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/-/ready").is_success
    except httpx2.TransportError:
        return False
