"""A real Caddy on loopback, with the configuration of docker/proxy."""

import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from prometheus_server import until
from redis_server import free_port


@dataclass(frozen=True, slots=True)
class Caddy:
    """A running proxy with a certificate of its own authority."""

    https_port: int
    http_port: int
    authority: Path
    """PEM file with the root certificate."""
    log: Path

    @property
    def url(self) -> str:
        """Where its site is."""
        return f"https://localhost:{self.https_port}"

    def trusting(self) -> ssl.SSLContext:
        """Return a context that trusts the proxy, and nobody else."""
        return ssl.create_default_context(cafile=str(self.authority))

    def client(self, key: str = "") -> httpx2.Client:
        """Return a client of the site."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx2.Client(
            base_url=self.url, headers=headers, verify=self.trusting(), timeout=120, trust_env=False
        )


@contextmanager
def caddy_server(configuration: Path, folder: Path, **environment: str) -> Iterator[Caddy]:
    """Run Caddy; `environment` says what stands behind it."""
    authority = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    proxy = Caddy(free_port(), free_port(), authority, folder / "log")
    variables = {
        **os.environ,
        **environment,
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PROCODER_HTTPS_PORT": str(proxy.https_port),
        "PROCODER_HTTP_PORT": str(proxy.http_port),
    }
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)]
    with proxy.log.open("wb") as log, subprocess.Popen(command, env=variables, stderr=log) as caddy:
        try:
            until(lambda: _serves(proxy), "Caddy serves")
            yield proxy
        finally:
            caddy.terminate()


def _serves(proxy: Caddy) -> bool:
    try:
        with proxy.client() as client:
            return client.get("/metrics").status_code == 404
    except (OSError, httpx2.TransportError):
        return False
