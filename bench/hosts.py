"""Hosts and their peers as the benchmarks drive them: each ends with the block that started it."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from procoder_model_host.files.adapt import adapted_copy
from procoder_model_host.files.gguf import read_header
from procoder_model_host.store.store import ModelStore
from procoder_protocol.discovery import HostAddress

THREADS = max(1, (os.cpu_count() or 2) - 1)
"""Both sides of every comparison use so many."""
CONTEXT = 2048
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timed:
    """One streamed answer as its client saw it."""

    first_ms: float
    """From sending the request to the first text."""
    rate: float
    """Tokens per second after the first."""
    usage: Json


@contextmanager
def running_host(model: str, *flags: str) -> Iterator[httpx2.Client]:
    """A host for `model` (an id or a path), ready."""
    with (
        started_host(model, *flags) as address,
        connection(address.url, address.read_token()) as client,
    ):
        yield client


@contextmanager
def started_host(model: str, *flags: str) -> Iterator[HostAddress]:
    """Where a host for `model` is, once it is ready."""
    command = [sys.executable, "-P", "-m", "procoder_cli", "host", "--model", model]
    command += ["--threads", str(THREADS), "--context", str(CONTEXT), *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield HostAddress.from_json(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def llama_server(model: Path, slots: int) -> Iterator[httpx2.Client]:
    """llama.cpp's own server with `slots` slots, each with a window of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = secrets.token_hex(16)
    command = [sys.executable, str(Path(__file__).with_name("llama_server.py")), str(model)]
    command += [str(port), str(slots), str(THREADS), str(CONTEXT * slots)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(key.encode() + b"\n")
            process.stdin.flush()
            url = process.stdout.readline().decode().strip()
            with connection(url, key) as client:
                yield client
        finally:
            process.terminate()


@contextmanager
def connection(url: str, token: str) -> Iterator[httpx2.Client]:
    """A client that sends the token and waits as long as a 7B on two cores needs."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=1800, trust_env=False) as client:
        yield client


def completion(model: str, prompt: str, max_tokens: int) -> dict[str, Any]:
    """Body of a greedy, streamed completion that reports its usage."""
    options = {"stream": True, "stream_options": {"include_usage": True}}
    return {"model": model, "prompt": prompt, "max_tokens": max_tokens, "temperature": 0, **options}


def ask(
    client: httpx2.Client, body: Json, priority: str = "interactive", path: str = "/v1/completions"
) -> Timed:
    """Stream one answer to its end."""
    started = time.perf_counter()
    first = 0.0
    usage: Json = {}
    headers = {"X-ProCoder-Priority": priority}
    with client.stream("POST", path, json=body, headers=headers) as response:
        if response.status_code != httpx2.codes.OK:
            response.read()
        for line in response.raise_for_status().iter_lines():
            if not line.startswith("data: {"):
                continue
            first = first or time.perf_counter()
            usage = json.loads(line.removeprefix("data: ")).get("usage") or usage
    last = time.perf_counter()
    rate = (usage.get("completion_tokens", 0) - 1) / (last - first) if last > first else 0.0
    return Timed((first - started) * 1000, rate, usage)


def model_name(client: httpx2.Client) -> str:
    """Id of the one model served."""
    return str(client.get("/v1/models").raise_for_status().json()["data"][0]["id"])


@contextmanager
def bare_loop(path: Path) -> "Iterator[BareLoop]":
    """A child that loads the same file with ctransformers and does nothing but evaluate."""
    adapted = adapted_copy(path, read_header(path), ModelStore().adapted_dir)
    script = Path(__file__).with_name("bare_loop.py")
    command = [sys.executable, str(script), str(adapted), str(THREADS), str(CONTEXT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield BareLoop(process)
        finally:
            process.terminate()


class BareLoop:
    """Asks the bare child: prompt tokens in, time to first token and rate out."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, tokens: Sequence[int], max_tokens: int, batch: int) -> Timed:
        """Evaluate `tokens` in batches of `batch`, then decode greedily."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([list(tokens), max_tokens, batch]).encode() + b"\n")
        stdin.flush()
        first_ms, rate = json.loads(stdout.readline())
        return Timed(first_ms, rate, {})
