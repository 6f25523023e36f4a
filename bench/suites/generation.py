"""Time to first token and tokens per second: through the host, beside a bare ctransformers loop.

Both sides run the same file, the same prompt tokens and the same number of threads, in turn.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from bench.measure import Series
from procoder_model_host.adapt import adapted_copy
from procoder_model_host.gguf import read_header
from procoder_model_host.store import ModelStore
from procoder_protocol.discovery import HostAddress

MODEL = "smollm2-135m"
ROUNDS = 7
MAX_TOKENS = 64
THREADS = max(1, (os.cpu_count() or 2) - 1)
EXAMPLE = Path(__file__).parents[2] / "examples" / "bank.py"


def run() -> Sequence[Series]:
    """Pairs of one run through the host and one of the bare loop, on a prompt never seen."""
    host_first, host_rate, bare_first, bare_rate = [], [], [], []
    with running_host() as client, bare_loop() as bare:
        for round_number in range(ROUNDS + 1):
            prompt = f"# round {round_number}\n" + EXAMPLE.read_text(encoding="utf-8")[:1200]
            tokens = client.post("/v1/tokenize", json={"model": MODEL, "input": prompt}).json()
            pair = through_host(client, prompt), bare(tokens["tokens"])
            if round_number:
                host_first.append(pair[0][0])
                host_rate.append(pair[0][1])
                bare_first.append(pair[1][0])
                bare_rate.append(pair[1][1])
    peer = "bare loop"
    return [
        Series("host: first token, cold prompt", "ms", host_first, peer, bare_first),
        Series("host: decode", "tokens/s", host_rate, peer, bare_rate),
    ]


@contextmanager
def running_host() -> Iterator[httpx2.Client]:
    """A host of our own on a free port, ended with the block."""
    command = [sys.executable, "-m", "procoder_cli", "host", "--model", MODEL]
    command += ["--threads", str(THREADS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            address = HostAddress.from_json(process.stdout.readline())
            headers = {"Authorization": f"Bearer {address.read_token()}"}
            with httpx2.Client(
                base_url=address.url, headers=headers, timeout=300, trust_env=False
            ) as client:
                yield client
        finally:
            process.terminate()


def through_host(client: httpx2.Client, prompt: str) -> tuple[float, float]:
    """Milliseconds to the first text and decoded tokens per second after it."""
    body = {"model": MODEL, "prompt": prompt, "max_tokens": MAX_TOKENS, "temperature": 0}
    body |= {"stream": True, "stream_options": {"include_usage": True}}
    started = time.perf_counter()
    first = count = 0.0
    with client.stream("POST", "/v1/completions", json=body) as response:
        for line in response.raise_for_status().iter_lines():
            if not line.startswith("data: {"):
                continue
            first = first or time.perf_counter()
            usage = json.loads(line.removeprefix("data: ")).get("usage")
            count = usage["completion_tokens"] if usage else count
    return (first - started) * 1000, (count - 1) / (time.perf_counter() - first)


@contextmanager
def bare_loop() -> "Iterator[BareLoop]":
    """A child that loads the same file with ctransformers and does nothing but evaluate."""
    store = ModelStore()
    path = store.path(MODEL)
    adapted = adapted_copy(path, read_header(path), store.adapted_dir)
    command = [sys.executable, str(Path(__file__).with_name("bare_loop.py"))]
    command += [str(adapted), str(THREADS), str(MAX_TOKENS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield BareLoop(process)
        finally:
            process.terminate()


class BareLoop:
    """Asks the bare child: prompt tokens in, time to first token and rate out."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, tokens: Sequence[int]) -> tuple[float, float]:
        """Evaluate `tokens`, then decode; milliseconds to the first token, tokens per second."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(list(tokens)).encode() + b"\n")
        stdin.flush()
        first_ms, rate = json.loads(stdout.readline())
        return first_ms, rate
