"""docker/compose.yaml, by docker-compose; its secrets and what its services do with them."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis_server import free_port

from procoder_http.keys import Keyring

SCRIPT = "secrets.sh"
SERVICES = {
    "me": {"model", "host", "api", "companion", "proxy"},
    "team": {
        *("model", "host", "team-api", "worker", "companion", "proxy"),
        *("redis", "rabbitmq", "prometheus", "grafana"),
    },
}


def _secrets(docker: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [docker / SCRIPT, *arguments],
        env={**os.environ, "PROCODER_SECRETS": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def secrets(docker: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    assert _secrets(docker, folder).returncode == 0
    return folder


@pytest.fixture
def composed(docker: Path, secrets: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What docker-compose makes of the file for a profile."""
    command = ["docker-compose", "-f", docker / "compose.yaml", "--profile", request.param]
    said = subprocess.run(
        [*command, "config"],
        env={**os.environ, "PROCODER_SECRETS": str(secrets)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    whole: dict[str, Any] = yaml.safe_load(said.stdout)
    services = whole["services"].items()
    whole["services"] = {name: s for name, s in services if request.param in s["profiles"]}
    return whole


@pytest.mark.parametrize(
    ("composed", "services"), SERVICES.items(), indirect=["composed"], ids=SERVICES
)
def test_a_profile_is_whole(composed: dict[str, Any], services: set[str]) -> None:
    assert set(composed["services"]) == services
    for name, service in composed["services"].items():
        assert set(service.get("depends_on", ())) <= services, name
        for network in service.get("networks", ()):
            assert network in composed["networks"]
        for secret in service.get("secrets", ()):
            file = composed["secrets"][secret["source"]]["file"]
            assert Path(file).stat().st_size > 0


@pytest.mark.parametrize("composed", SERVICES, indirect=True)
def test_every_service_is_held_in_bounds(composed: dict[str, Any]) -> None:
    for name, service in composed["services"].items():
        assert service["restart"] in {"unless-stopped", "on-failure"}, name
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert service["cpus"]
        assert service["pids_limit"]
        assert re.search(r":v?\d+\.\d+\.\d+", service["image"]), "a tag says which version"
        assert "healthcheck" in service or service["build"]["target"] in {
            *("host", "api", "companion"),  # by their Dockerfile
            "worker",  # listens on nothing
        }


@pytest.mark.parametrize("composed", SERVICES, indirect=True)
def test_only_the_proxy_is_reached_from_outside(composed: dict[str, Any]) -> None:
    internal = {name for name, net in composed["networks"].items() if (net or {}).get("internal")}
    published = {name for name, service in composed["services"].items() if "ports" in service}
    assert published - {"grafana"} == {"proxy"}
    for name, service in composed["services"].items():
        if name not in {"proxy", "grafana", "model", "companion"}:
            assert set(service["networks"]) <= internal, name
    if "grafana" in published:
        (port,) = composed["services"]["grafana"]["ports"]
        assert str(port.get("host_ip", port) if isinstance(port, dict) else port).startswith("127.")


@pytest.mark.parametrize("composed", ["team"], indirect=True)
def test_no_password_stands_in_the_configuration(composed: dict[str, Any], secrets: Path) -> None:
    said = json.dumps(composed)
    for file in secrets.glob("*_*"):
        assert file.read_text() not in said, file.name


def test_secrets_open_what_they_are_for(docker: Path, secrets: Path) -> None:
    host = Keyring(None, secrets / "keys" / "host.jsonl")
    api = Keyring(None, secrets / "keys" / "api.jsonl")
    for ring, file, name, scopes in (
        (host, "host_key", "api", None),
        (host, "host_metrics_key", "prometheus", None),
        (api, "api_metrics_key", "prometheus", {"metrics"}),
    ):
        found = ring.find(f"Bearer {(secrets / file).read_text()}".encode())
        assert found is not None
        assert (found.name, found.scopes) == (name, scopes)
    before = {file: file.read_bytes() for file in secrets.rglob("*") if file.is_file()}
    assert _secrets(docker, secrets).returncode == 0
    assert before == {file: file.read_bytes() for file in before}, "what is there stays"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


def test_keys_of_users_come_and_go_while_the_api_runs(docker: Path, secrets: Path) -> None:
    file = secrets / "keys" / "api.jsonl"
    ring, inode = Keyring(None, file), file.stat().st_ino
    ada = _secrets(docker, secrets, "add", "ada").stdout.strip()
    bob = _secrets(docker, secrets, "add", "ada.b").stdout.strip()
    found = ring.find(f"Bearer {ada}".encode())
    assert found is not None
    assert found.scopes == {"ask", "batches", "conversations"}
    assert _secrets(docker, secrets, "add", "ada").returncode == 1
    assert _secrets(docker, secrets, "revoke", "ada").returncode == 0
    assert ring.find(f"Bearer {ada}".encode()) is None
    assert ring.find(f"Bearer {bob}".encode()) is not None
    assert file.stat().st_ino == inode, "a container that mounted the file sees the change"


@pytest.mark.parametrize("name", ["", "a b", 'a"', "-a", "a\nb", "../a"])
def test_names_that_would_break_the_file_are_refused(
    docker: Path, secrets: Path, name: str
) -> None:
    before = (secrets / "keys" / "api.jsonl").read_bytes()
    assert _secrets(docker, secrets, "add", name).returncode == 2
    assert (secrets / "keys" / "api.jsonl").read_bytes() == before


def _command(service: dict[str, Any], part: str, secrets: Path) -> list[str]:
    """Return the command of a service as its container runs it, with this machine's paths."""
    return [word.replace("$$", "$").replace("/run/secrets", str(secrets)) for word in service[part]]


@pytest.mark.parametrize("composed", ["team"], indirect=True)
def test_services_read_their_passwords_from_files(
    composed: dict[str, Any], secrets: Path, isolated_environment: dict[str, str]
) -> None:
    command = _command(composed["services"]["worker"], "entrypoint", secrets)
    programs = Path(sys.executable).parent
    said = subprocess.run(
        [*command, "settings"],
        env={**isolated_environment, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r'^redis\.url +"\*+"$', said.stdout, re.MULTILINE), "it is set, and masked"


@pytest.mark.parametrize("composed", ["team"], indirect=True)
def test_redis_asks_for_its_password(
    composed: dict[str, Any], docker: Path, secrets: Path, tmp_path: Path
) -> None:
    port = free_port()
    own = (docker / "redis" / "redis.conf").read_text().replace("dir /data", f"dir {tmp_path}")
    conf = tmp_path / "redis.conf"
    conf.write_text(f"{own}\nport {port}\nbind 127.0.0.1\n")
    shell = _command(composed["services"]["redis"], "command", secrets)
    shell = [word.replace("/etc/redis.conf", str(conf)) for word in shell]
    with subprocess.Popen(shell, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert any("Ready to accept connections" in line for line in server.stdout)
        ask = ["redis-cli", "-p", str(port), "ping"]
        password = (secrets / "redis_password").read_text()
        allowed = {**os.environ, "REDISCLI_AUTH": password}
        assert "NOAUTH" in subprocess.run(ask, capture_output=True, text=True, check=False).stdout
        answer = subprocess.run(ask, env=allowed, capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == "PONG"
        subprocess.run([*ask[:-1], "shutdown", "nosave"], env=allowed, check=True)
