"""The stop strings of a model's profile end its chat answers, not its completions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from procoder_model_host.files.profile import Overrides
from procoder_model_host.store.store import ModelStore


def test_a_profiles_stops_end_chats_alone(
    start_host: Callable[..., Any], smollm2: Path, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path / "models")
    store.add(smollm2, "mute-on-paris")
    store.set_overrides("mute-on-paris", Overrides(stops=(" Paris",)))
    host = start_host("--model", "mute-on-paris", PROCODER_DATA_DIR=str(tmp_path))
    common = {"model": "mute-on-paris", "max_tokens": 12, "temperature": 0}
    chat = {"messages": [{"role": "user", "content": "What is the capital of France?"}]}
    reply = host.client.post("/v1/chat/completions", json=common | chat).json()["choices"][0]
    assert (reply["message"]["content"], reply["finish_reason"]) == (
        "The capital of France is",
        "stop",
    )
    plain = {"prompt": "The capital of France is"}
    reply = host.client.post("/v1/completions", json=common | plain).json()["choices"][0]
    assert reply["text"].startswith(" Paris")
