"""The running host over HTTP: answers, refusals, and what happens when its engine dies."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest

MODEL = "smollm2-135m"
PROMPT = {"model": MODEL, "prompt": "def add(a, b):\n    ", "max_tokens": 8, "temperature": 0}
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
LONG = {**PROMPT, "prompt": "1 2 3 4 5", "max_tokens": 1500}


def _events(response: httpx2.Response) -> list[dict[str, Any]]:
    data = [line[6:] for line in response.iter_lines() if line.startswith("data: ")]
    return [{"done": True} if item == "[DONE]" else json.loads(item) for item in data]


def _completed(host: Any, **changes: object) -> dict[str, Any]:
    response = host.client.post("/v1/completions", json={**PROMPT, **changes})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_greedy_answers_repeat_and_reuse_the_prefix(host: Any) -> None:
    prompt = "# A list of functions\n" * 10 + "def add(a, b):\n    "
    first = _completed(host, prompt=prompt)
    second = _completed(host, prompt=prompt)
    third = _completed(host, prompt=prompt)
    assert second["choices"] == third["choices"]
    assert first["usage"]["prompt_tokens"] > 60
    details = second["usage"]["prompt_tokens_details"]
    # All but the last token: its logits are needed again.
    assert details["cached_tokens"] == second["usage"]["prompt_tokens"] - 1
    assert set(second["timings"]) == {"queued_ms", "prefill_ms", "decode_ms"}


def test_seeds_decide_the_draw(host: Any) -> None:
    _completed(host, temperature=1.0)
    texts = [
        _completed(host, temperature=1.0, seed=seed, max_tokens=12)["choices"][0]["text"]
        for seed in (1, 1, 2, 3)
    ]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3


def test_a_seed_does_not_repeat_one_draw(host: Any) -> None:
    text = _completed(host, prompt="x", temperature=2.0, seed=5, max_tokens=30)["choices"][0][
        "text"
    ]
    assert len(set(text.split())) > 5


@pytest.mark.parametrize("stream", [False, True])
def test_stop_strings_never_appear(host: Any, *, stream: bool) -> None:
    body = {**PROMPT, "prompt": "one, two, three, four,", "max_tokens": 30, "stop": [" seven"]}
    if stream:
        with host.client.stream("POST", "/v1/completions", json={**body, "stream": True}) as reply:
            events = _events(reply)
        text = "".join(event["choices"][0]["text"] for event in events[:-1])
        reason = events[-2]["choices"][0]["finish_reason"]
    else:
        choice = _completed(host, **body)["choices"][0]
        text, reason = choice["text"], choice["finish_reason"]
    assert (text, reason) == (" five, six,", "stop")


def test_tokenize(host: Any) -> None:
    text = "def f(): 😀 <|im_end|>"
    reply = host.client.post("/v1/tokenize", json={"model": MODEL, "input": text}).json()
    assert reply["count"] == len(reply["tokens"]) > 5
    assert 2 not in reply["tokens"]


def test_tokenizes_while_it_generates(host: Any) -> None:
    with host.client.stream("POST", "/v1/completions", json={**LONG, "stream": True}) as reply:
        lines = reply.iter_lines()
        next(lines)
        answer = host.client.post("/v1/tokenize", json={"model": MODEL, "input": "a b"})
        assert answer.json()["count"] == 2
    # Leaving the stream freed the engine: 1,500 tokens would have taken far longer than this wait.
    body = _completed(host, prompt="1 2 3 4 5 6", max_tokens=1)
    assert body["timings"]["queued_ms"] < 5_000


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "words"),
    [
        ("completions", {**PROMPT, "frobnicate": 1}, 400, "invalid_request", "frobnicate"),
        ("completions", {**PROMPT, "n": 2}, 400, "invalid_request", "n is not supported"),
        ("completions", {**PROMPT, "logprobs": 5}, 400, "invalid_request", "log probabilities"),
        ("completions", {**PROMPT, "echo": True}, 400, "invalid_request", "repeat the prompt"),
        ("completions", {**PROMPT, "prompt": ["a", "b"]}, 400, "invalid_request", "prompt"),
        ("completions", {**PROMPT, "prompt": ""}, 400, "invalid_request", "empty"),
        ("completions", {**PROMPT, "max_tokens": -1}, 400, "invalid_request", "max_tokens"),
        ("completions", {**PROMPT, "n": True}, 400, "invalid_request", "n is not supported"),
        ("completions", {**PROMPT, "seed": 2**63}, 400, "invalid_request", "seed"),
        ("completions", {**PROMPT, "suffix": "x"}, 400, "invalid_request", "fill gaps"),
        (
            "completions",
            {**PROMPT, "response_format": {"type": "json_object"}},
            400,
            "invalid_request",
            "engine ctransformers",
        ),
        (
            "chat/completions",
            {**CHAT, "response_format": {"type": "json_schema"}},
            400,
            "invalid_request",
            "json_schema",
        ),
        ("completions", {**PROMPT, "max_tokens": "9"}, 400, "invalid_request", "max_tokens"),
        ("completions", {**PROMPT, "temperature": -1}, 400, "invalid_request", "temperature"),
        ("completions", {**PROMPT, "temperature": True}, 400, "invalid_request", "temperature"),
        ("completions", {**PROMPT, "top_p": 0}, 400, "invalid_request", "top_p"),
        ("completions", {**PROMPT, "stop": [""]}, 400, "invalid_request", "stop"),
        ("completions", {**PROMPT, "stop": ["x"] * 17}, 400, "invalid_request", "stop"),
        ("completions", {"model": MODEL}, 400, "invalid_request", "missing parameter: prompt"),
        ("completions", {**PROMPT, "model": "gpt-9"}, 404, "model_not_found", "gpt-9"),
        ("completions", {**PROMPT, "stream_options": {}}, 400, "invalid_request", "stream"),
        (
            "completions",
            {**PROMPT, "stream": True, "stream_options": {"include_obfuscation": True}},
            400,
            "invalid_request",
            "include_obfuscation",
        ),
        ("completions", {**PROMPT, "max_tokens": 2048}, 400, "context_length_exceeded", "2048"),
        (
            "completions",
            {**PROMPT, "prompt": "word " * 3000},
            400,
            "context_length_exceeded",
            "3001 tokens",
        ),
        (
            "completions",
            {**PROMPT, "prompt": "word " * 3000, "stream": True},
            400,
            "context_length_exceeded",
            "context window",
        ),
        ("chat/completions", {**CHAT, "messages": []}, 400, "invalid_request", "messages"),
        (
            "chat/completions",
            {**CHAT, "messages": [{"role": "tool", "content": "x"}]},
            400,
            "invalid_request",
            "role",
        ),
        (
            "chat/completions",
            {**CHAT, "messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            400,
            "invalid_request",
            "messages.0.content",
        ),
        ("chat/completions", {**CHAT, "tools": [{}]}, 400, "invalid_request", "tools"),
        (
            "chat/completions",
            {**CHAT, "max_completion_tokens": 3},
            400,
            "invalid_request",
            "max_completion_tokens or max_tokens",
        ),
        ("tokenize", {"model": MODEL}, 400, "invalid_request", "input"),
        ("nothing", {}, 404, "invalid_request", "/v1/nothing"),
        ("models", {}, 405, "invalid_request", "POST"),
    ],
)
def test_refusals_name_what_is_wrong(  # noqa: PLR0913, PLR0917 - a table of five columns
    host: Any, path: str, body: dict[str, object], status: int, code: str, words: str
) -> None:
    response = host.client.post(f"/v1/{path}", json=body)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert words in error["message"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "JSON"),
        (b"{", 400, "JSON"),
        (b"[1, 2]", 400, "body"),
        (b'{"model": "smollm2-135m", "prompt": "\\ud800"}', 400, "JSON"),
        (b'{"model": "smollm2-135m", "prompt": "x", "temperature": NaN}', 400, "temperature"),
        (b'{"model": "smollm2-135m", "prompt": "x", "seed": 1e400}', 400, "seed"),
        (b"[" * 100_000, 400, "JSON"),
        (b'"' + b"x" * 5_000_000 + b'"', 413, "exceeds"),
    ],
)
def test_malformed_bodies(host: Any, body: bytes, status: int, words: str) -> None:
    response = host.client.post("/v1/completions", content=body)
    assert response.status_code == status
    assert words in response.json()["error"]["message"]


def test_a_large_body_without_a_length_is_refused(host: Any) -> None:
    response = host.client.post("/v1/completions", content=(b"x" * 100_000 for _ in range(60)))
    assert response.status_code == 413


def test_neutral_parameters_of_other_servers_are_accepted(host: Any) -> None:
    neutral = {"n": 1, "echo": False, "logprobs": None, "presence_penalty": 0, "best_of": 1}
    assert _completed(host, **neutral)["choices"][0]["text"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer é"}, 401),
        ({"Authorization": "TOKEN"}, 401),
        ({"Authorization": "Bearer TOKEN"}, 200),
        ({"Authorization": "Bearer TOKEN", "Host": "attacker.example"}, 400),
        ({"Authorization": "Bearer TOKEN", "Host": "127.0.0.1.attacker.example"}, 400),
        ({"Authorization": "Bearer TOKEN", "Host": "localhost:1"}, 200),
        ({"Authorization": "Bearer TOKEN", "Origin": "https://attacker.example"}, 400),
        ({"Authorization": "Bearer TOKEN", "Origin": "null"}, 400),
        ({"Authorization": "Bearer TOKEN", "Origin": "http://localhost:8501"}, 200),
    ],
)
def test_access(host: Any, headers: dict[str, str], status: int) -> None:
    token = host.address.read_token()
    sent = [(name, value.replace("TOKEN", token).encode()) for name, value in headers.items()]
    response = httpx2.get(f"{host.address.url}/v1/models", headers=sent)
    assert response.status_code == status
    if status != 200:
        assert response.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_token(host: Any, path: str) -> None:
    assert httpx2.get(host.address.url + path).status_code == 200


def test_the_token_is_private(host: Any) -> None:
    assert Path(host.address.token_file).stat().st_mode & 0o777 == 0o600


def test_an_engine_killed_while_it_answers(host: Any) -> None:
    with host.client.stream("POST", "/v1/completions", json={**LONG, "stream": True}) as reply:
        lines = reply.iter_lines()
        next(lines)
        os.kill(host.engine_pid(), signal.SIGKILL)
        last = [line for line in lines if line][-1]
    error = json.loads(last.removeprefix("data: "))["error"]
    assert error["code"] == "engine_crashed"
    assert "SIGKILL" in error["message"]
    assert _completed(host)["choices"][0]["text"]
    assert httpx2.get(f"{host.address.url}/readyz").status_code == 200
