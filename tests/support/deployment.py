"""A deployment in small, as processes: a model host and an API, each with keys of its own."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from procoder_http.keys import add_key
from procoder_protocol.api_address import ApiAddress
from procoder_protocol.discovery import HostAddress

MODEL = "smollm2-135m"
COMMAND = [sys.executable, "-P", "-m", "procoder_cli"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What runs, and the keys to it."""

    host: HostAddress
    api: ApiAddress
    host_key: str
    api_key: str
    host_metrics: Path
    """File with Prometheus' key to the host."""
    api_metrics: Path
    """File with Prometheus' key to the API."""

    def ask_host(self) -> httpx2.Client:
        """Return a client of the host."""
        return _client(self.host.url, self.host_key)

    def ask_api(self) -> httpx2.Client:
        """Return a client of the API."""
        return _client(self.api.url, self.api_key)


@contextmanager
def deployed(environment: Mapping[str, str], folder: Path) -> Iterator[Deployment]:
    """Run a host with the real model, and an API that asks it."""
    host_keys, api_keys = folder / "host-keys.jsonl", folder / "api-keys.jsonl"
    host_key = add_key(host_keys, "api")
    host_metrics, api_metrics = folder / "host-metrics-key", folder / "api-metrics-key"
    host_metrics.write_text(add_key(host_keys, "prometheus"))
    api_metrics.write_text(add_key(api_keys, "prometheus", scopes=["metrics"]))
    api_key = add_key(api_keys, "ada", scopes=["ask", "conversations", "batches"])
    (folder / "host-key").write_text(host_key)
    with ExitStack() as stack:
        line = _started(stack, environment, "host", "--model", MODEL, "--keys", str(host_keys))
        host = HostAddress.from_json(line)
        asking = {
            **environment,
            "PROCODER_HOST_URL": host.url,
            "PROCODER_HOST_TOKEN_FILE": str(folder / "host-key"),
            "PROCODER_CACHE_PATH": str(folder / "explanations.sqlite3"),
            "PROCODER_CONVERSATIONS_PATH": str(folder / "conversations.sqlite3"),
            "PROCODER_RUNTIME_DIR": str(folder / "runtime"),
        }
        api = ApiAddress.from_json(_started(stack, asking, "api", "--keys", str(api_keys)))
        yield Deployment(host, api, host_key, api_key, host_metrics, api_metrics)


def _started(stack: ExitStack, environment: Mapping[str, str], *arguments: str) -> str:
    """Start one of our services and return its first line, which it prints when it is ready."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    stack.enter_context(process)
    stack.callback(process.terminate)
    assert process.stdout is not None
    return process.stdout.readline()


def _client(url: str, key: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx2.Client(base_url=url, headers=headers, timeout=120, trust_env=False)
