"""The real default model, and real host processes on free ports."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import xllamacpp

from procoder_model_host.store.store import ModelStore
from procoder_protocol.discovery import HostAddress

MODEL = "smollm2-135m"


@dataclass
class RunningHost:
    """A ready `procoder host` and a client that knows its token."""

    process: subprocess.Popen[str]
    address: HostAddress
    client: httpx2.Client

    def engine_pid(self) -> int:
        """Process id of the engine child."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(status.parent.name)] = status.read_text().rpartition(")")[2].split()[1]
        (child,) = [pid for pid, parent in parents.items() if int(parent) == self.process.pid]
        return child


StartHost = Callable[..., RunningHost]


@pytest.fixture(scope="session")
def smollm2(model_store: Path) -> Path:
    """Path of the original model file."""
    return ModelStore(model_store / "models").path(MODEL)


@pytest.fixture(scope="session")
def run_host(isolated_environment: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """Start `procoder host` with these arguments, without waiting for it."""

    def run(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "procoder_cli", "host", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**isolated_environment, **environment},
        )

    return run


@pytest.fixture(scope="session")
def start_host(run_host: Callable[..., subprocess.Popen[str]]) -> Iterator[StartHost]:
    """Start `procoder host`, wait until it is ready, end it after the tests."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> RunningHost:
            process = stack.enter_context(run_host(*arguments, **environment))
            stack.callback(process.terminate)
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate(timeout=10)[1]
            address = HostAddress.from_json(line)
            headers = {"Authorization": f"Bearer {address.read_token()}"}
            client = httpx2.Client(base_url=address.url, headers=headers, timeout=60)
            stack.enter_context(client)
            return RunningHost(process, address, client)

        yield start


@pytest.fixture(scope="session")
def host(start_host: StartHost) -> RunningHost:
    """One host that all tests share."""
    return start_host("--model", MODEL)


@pytest.fixture(scope="session")
def llama_cpp() -> Callable[[Path], Callable[[str], list[int]]]:
    """Load a model into llama.cpp's own server, and return its tokenization of plain text."""

    def load(model: Path) -> Callable[[str], list[int]]:
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(model)
        parameters.n_ctx = 64
        parameters.warmup = False
        parameters.port = 0
        # The server stops when the last reference to it, in the closure below, goes.
        server = xllamacpp.Server(parameters)

        def encode(text: str) -> list[int]:
            body = {"content": text, "add_special": False, "parse_special": False}
            request = urllib.request.Request(
                f"{server.listening_address}/tokenize",
                json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                return list(json.load(response)["tokens"])

        return encode

    return load
