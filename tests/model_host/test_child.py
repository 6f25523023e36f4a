"""The engine child by its pipes: bad messages, cancels, and a protocol nobody can disturb."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NICENESS = 5
PROMPT = [{"text": "1 2 3 4 5"}]


class Child:
    """A child process and its lines."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "procoder_model_host.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def send(self, message: object) -> None:
        assert self.process.stdin is not None
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        message: dict[str, Any] = json.loads(self.process.stdout.readline())
        return message

    def until(self, kind: str) -> list[dict[str, Any]]:
        messages = [self.receive()]
        while messages[-1]["type"] != kind:
            messages.append(self.receive())
        return messages


def _load(smollm2: Path, model_store: Path) -> dict[str, object]:
    return {
        "type": "load",
        "engine": "ctransformers",
        "path": str(smollm2),
        "adapted_folder": str(model_store / "models" / "adapted"),
        "context_window": 2048,
        "threads": 1,
    }


@pytest.fixture(scope="module")
def child(smollm2: Path, model_store: Path) -> Iterator[Child]:
    child = Child()
    child.send(_load(smollm2, model_store))
    assert child.receive() == {
        "type": "loaded",
        "engine": "ctransformers",
        "parallel": 1,
        "grammar": False,
        "context_window": 2048,
        "chat_template": "chatml",
    }
    yield child
    child.process.communicate(timeout=20)
    assert child.process.returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"garbage",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"type": "fly"}',
        b'{"type": "generate"}',
        b'{"type": "generate", "id": "x", "prompt": []}',
        b'{"type": "load", "path": 3}',
        b'{"type": "tokenize", "id": 1, "text": "\\ud800"}',
        b"[" * 50_000,
    ],
)
def test_bad_messages_are_answered(child: Child, line: bytes) -> None:
    child.send(line)
    reply = child.receive()
    assert (reply["type"], reply["id"], reply["code"]) == ("failed", None, "invalid_request")


def test_an_unknown_special_token_fails_that_request_only(child: Child) -> None:
    child.send({"type": "generate", "id": 3, "prompt": [{"special": "<x>"}], "max_tokens": 1})
    assert child.receive()["type"] == "failed"
    child.send({"type": "generate", "id": 4, "prompt": PROMPT, "max_tokens": 1})
    assert child.until("finished")[-1]["id"] == 4


def test_a_cancel_while_it_decodes(child: Child) -> None:
    child.send({"type": "generate", "id": 5, "prompt": PROMPT, "max_tokens": 1500})
    child.until("delta")
    child.send({"type": "cancel", "id": 5})
    finished = child.until("finished")[-1]
    assert finished["finish_reason"] == "cancelled"
    assert finished["completion_tokens"] < 1500


def test_a_cancel_while_it_prefills(child: Child) -> None:
    prompt = [{"text": "word " * 1500}]
    child.send({"type": "generate", "id": 6, "prompt": prompt, "max_tokens": 1})
    child.until("accepted")
    child.send({"type": "cancel", "id": 6})
    messages = child.until("finished")
    assert {message["type"] for message in messages} <= {"prefilling", "finished"}
    assert messages[-1]["finish_reason"] == "cancelled"


def test_a_cancel_before_its_turn_is_answered_at_once(child: Child) -> None:
    child.send({"type": "generate", "id": 7, "prompt": PROMPT, "max_tokens": 1500})
    child.until("delta")
    child.send({"type": "generate", "id": 8, "prompt": PROMPT, "max_tokens": 20})
    child.send({"type": "cancel", "id": 8})
    assert child.until("finished")[-1] == {
        "type": "finished",
        "id": 8,
        "finish_reason": "cancelled",
        "completion_tokens": 0,
        "decode_ms": 0.0,
    }
    child.send({"type": "cancel", "id": 7})
    assert child.until("finished")[-1]["id"] == 7


def test_an_id_in_use_is_refused(child: Child) -> None:
    for _ in range(2):
        child.send({"type": "generate", "id": 9, "prompt": PROMPT, "max_tokens": 20})
    assert child.until("failed")[-1]["code"] == "invalid_request"
    assert child.until("finished")[-1]["id"] == 9


def test_a_schema_is_refused_by_an_engine_without_grammars(child: Child) -> None:
    child.send({"type": "generate", "id": 10, "prompt": PROMPT, "max_tokens": 1, "json_schema": {}})
    assert child.receive()["code"] == "invalid_request"


def test_the_child_gives_way_to_the_editor(child: Child) -> None:
    lowered = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    assert os.getpriority(os.PRIO_PROCESS, child.process.pid) == lowered


@pytest.mark.parametrize("first", [b"", b"{}", b'{"type": "cancel", "id": 1}'])
def test_without_a_load_it_leaves(first: bytes) -> None:
    child = Child()
    out, _ = child.process.communicate(first + b"\n", timeout=20)
    assert json.loads(out)["type"] == "load_failed"
    assert child.process.returncode == 0
