"""`procoder companion` as a process: what it starts, and that nothing of it is left."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from shared_host import end_shared_host

from procoder_protocol.api_address import ApiAddress

COMMAND = [sys.executable, "-P", "-m", "procoder_cli"]


@pytest.fixture
def environment(isolated_environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """A runtime folder of this test only: no API of another test is in it."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    yield {**isolated_environment, "PROCODER_RUNTIME_DIR": str(runtime)}
    end_shared_host(runtime)


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    return found.group()


def get(url: str) -> httpx2.Response:
    return httpx2.get(url, timeout=60, trust_env=False)


def api_of(environment: dict[str, str]) -> Path:
    return Path(environment["PROCODER_RUNTIME_DIR"]) / "api.json"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_an_api_and_ends_it(number: signal.Signals, environment: dict[str, str]) -> None:
    with running(environment, "companion", "--headless", "--port", "0") as process:
        url = address(process)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{40,}", url)
        page = get(url)
        assert page.status_code == 200
        api = ApiAddress.from_json(api_of(environment).read_text())
        assert get(f"{api.url}/healthz").status_code == 200
        process.send_signal(number)
        assert process.wait(60) == 0
    assert not api_of(environment).exists()
    for gone in (url, api.url):
        with pytest.raises(httpx2.ConnectError):
            get(gone)


def test_an_api_that_runs_is_used_and_stays(environment: dict[str, str]) -> None:
    with running(environment, "api") as api:
        assert api.stdout is not None
        before = api.stdout.readline()
        with running(environment, "companion", "--headless", "--port", "0") as process:
            address(process)
            assert api_of(environment).read_text() == before.strip()
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        assert get(f"{ApiAddress.from_json(before).url}/healthz").status_code == 200


def test_of_a_shared_api_nothing_is_started(environment: dict[str, str]) -> None:
    arguments = ("companion", "--headless", "--port", "0", "--api", "https://tutor.example")
    with running(environment, *arguments) as process:
        assert "key=" not in address(process)
        assert not api_of(environment).exists()


def test_a_taken_port_is_told(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        finished = subprocess.run(
            [*COMMAND, "companion", "--headless", "--port", port, "--api", "https://tutor.example"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert finished.returncode == 1
    assert f"Port {port} is taken" in finished.stderr
    assert "Traceback" not in finished.stderr
