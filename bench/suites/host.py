"""The host beside bare engines: what serving costs, and what its scheduling saves.

Pairs run in turn, with the same file, the same prompt and the same number of threads.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx2
from sample_models import write_full_gguf

from bench.hosts import (
    Timed,
    ask,
    bare_loop,
    completion,
    llama_server,
    model_name,
    running_host,
)
from bench.measure import Series
from procoder_model_host.store.store import ModelStore

MODEL = "smollm2-135m"
CODE = (Path(__file__).parents[2] / "examples" / "bank.py").read_text(encoding="utf-8")
ROUNDS = 7
CHATS = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One model, and what both sides are asked."""

    model: str
    """What the host is started with: an id or a path."""
    path: Path
    code: str
    """The prompt, after a line that makes it new in each round."""
    max_tokens: int
    batch: int
    """Tokens the ctransformers engine evaluates at a time in the prompts of this model."""
    rounds: int


def run() -> Sequence[Series]:
    """All of it; the 7B part writes a file of 4.2 GB and removes it again."""
    small = ModelStore().path(MODEL)
    rows = [*beside_bare_loop(Case(MODEL, small, CODE[:1200], 64, batch=16, rounds=ROUNDS))]
    rows += scheduling()
    rows += many_chats(small)
    with tempfile.TemporaryDirectory() as folder:
        large = write_full_gguf(Path(folder) / "code-llama-7b-random.gguf")
        rows += beside_bare_loop(Case(str(large), large, CODE[:120], 24, batch=4, rounds=3))
    return rows


def beside_bare_loop(case: Case) -> Sequence[Series]:
    """Answers through the host and from a bare ctransformers loop, after one uncounted pair."""
    pairs: list[tuple[Timed, Timed]] = []
    with (
        running_host(case.model, "--engine", "ctransformers") as client,
        bare_loop(case.path) as bare,
    ):
        name = model_name(client)
        for number in range(case.rounds + 1):
            prompt = f"# round {number}\n{case.code}"
            tokenized = client.post("/v1/tokenize", json={"model": name, "input": prompt})
            mine = ask(client, completion(name, prompt, case.max_tokens))
            other = bare(tokenized.json()["tokens"], case.max_tokens, case.batch)
            pairs.append((mine, other))
    mine, other = zip(*pairs[1:], strict=True)
    return [
        _pair(f"{name}: first token", "ms", mine, other, lambda timed: timed.first_ms),
        _pair(f"{name}: decode", "tokens/s", mine, other, lambda timed: timed.rate),
    ]


def scheduling() -> Sequence[Series]:
    """Prefix reuse, preemption and cancelling, on the small model."""
    reused, idle, busy, freed = [], [], [], []
    with running_host(MODEL, "--engine", "ctransformers") as client:
        for number in range(ROUNDS):
            document = f"# document {number}\n{CODE[:1600]}"
            ask(client, completion(MODEL, f"{document}\n# What is first?\n", 8))
            usage = ask(client, completion(MODEL, f"{document}\n# And then?\n", 8)).usage
            cached = usage["prompt_tokens_details"]["cached_tokens"]
            reused.append(100 * (1 - cached / usage["prompt_tokens"]))
            # What differs stands first: no question finds another one's prefix.
            calm, held, left = (f"# {kind} {number}\n{CODE[:200]}" for kind in ("a", "b", "c"))
            idle.append(ask(client, completion(MODEL, calm, 4)).first_ms)
            busy.append(_during_prefetch(client, held))
            freed.append(_after_leaving(client, left))
    return [
        Series("second question: share of its prompt evaluated", "%", reused),
        Series("first token during prefetch", "ms", busy, "idle", idle),
        Series("first token after another caller left", "ms", freed, "idle", idle),
    ]


def many_chats(path: Path) -> Sequence[Series]:
    """Total tokens per second of 8 chats at once, through the host and from llama.cpp's server.

    Both are loaded, and take turns after an uncounted pair: the machine's speed drifts.
    """
    with (
        running_host(MODEL, "--engine", "llamacpp", "--parallel", str(CHATS)) as mine,
        llama_server(path, CHATS) as other,
    ):
        pairs = [(_chats(mine, number), _chats(other, number)) for number in range(ROUNDS + 1)]
    totals, theirs = zip(*pairs[1:], strict=True)
    return [Series("8 chats, total", "tokens/s", totals, "llama.cpp's server", theirs)]


def _chats(client: httpx2.Client, number: int) -> float:
    name = model_name(client)

    def chat(index: int) -> Timed:
        messages = [{"role": "user", "content": f"({number}.{index}) What is a list in Python?"}]
        body = completion(name, "", 48) | {"messages": messages}
        del body["prompt"]
        return ask(client, body, "chat", "/v1/chat/completions")

    started = time.perf_counter()
    with ThreadPoolExecutor(CHATS) as pool:
        answers = list(pool.map(chat, range(CHATS)))
    total = sum(answer.usage["completion_tokens"] for answer in answers)
    return float(total / (time.perf_counter() - started))


def _during_prefetch(client: httpx2.Client, question: str) -> float:
    """First token of a question that arrives while a prefetch writes."""
    writing = threading.Event()
    body = completion(MODEL, f"import os\n# before {question[:8]}\n", 256)

    def prefetch() -> None:
        headers = {"X-ProCoder-Priority": "prefetch"}
        with client.stream("POST", "/v1/completions", json=body, headers=headers) as response:
            for line in response.iter_lines():
                if line.startswith("data: {"):
                    writing.set()

    thread = threading.Thread(target=prefetch)
    thread.start()
    writing.wait()
    first_ms = ask(client, completion(MODEL, question, 4)).first_ms
    thread.join()
    return first_ms


def _after_leaving(client: httpx2.Client, question: str) -> float:
    """First token of a question asked right after another caller hung up in mid-answer."""
    body = completion(MODEL, f"import sys\n# before {question[:8]}\n", 256)
    with client.stream("POST", "/v1/completions", json=body) as response:
        next(line for line in response.iter_lines() if line.startswith("data: {"))
    return ask(client, completion(MODEL, question, 4)).first_ms


def _pair(
    name: str,
    unit: str,
    mine: Sequence[Timed],
    other: Sequence[Timed],
    figure: Callable[[Timed], float],
) -> Series:
    return Series(name, unit, list(map(figure, mine)), "bare loop", list(map(figure, other)))
