"""FIM and JSON schemas through the official client, on models and engines that have them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openai
import pytest
from sample_models import write_gguf

from procoder_protocol.discovery import HostAddress


@contextmanager
def _client(environment: dict[str, str], *arguments: str) -> Iterator[openai.OpenAI]:
    command = [sys.executable, "-P", "-m", "procoder_cli", "host", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = HostAddress.from_json(process.stdout.readline())
        with openai.OpenAI(
            base_url=f"{address.url}/v1", api_key=address.read_token(), max_retries=0, timeout=120
        ) as client:
            yield client
        process.terminate()


def test_a_suffix(isolated_environment: dict[str, str], tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "tiny-code-llama.gguf")
    with _client(isolated_environment, "--model", str(model)) as client:
        (card,) = client.models.list().data
        assert card.model_extra is not None
        profile = card.model_extra["procoder"]
        assert profile["fim"]["middle"] == "▁<MID>"
        assert profile["rope_base"] == 1_000_000
        assert profile["kind"] == "completion"
        answer = client.completions.create(
            model=card.id, prompt="def", suffix="re", max_tokens=2, temperature=0
        )
        assert answer.usage is not None
        # The beginning, <PRE>, " def", <SUF>, "re", <MID>.
        assert answer.usage.prompt_tokens == 6
        plain = client.completions.create(
            model=card.id, prompt="def", suffix="", max_tokens=1, temperature=0
        )
        assert plain.usage is not None
        assert plain.usage.prompt_tokens == 2


def test_a_json_schema(isolated_environment: dict[str, str]) -> None:
    schema = {
        "type": "object",
        "properties": {"capital": {"type": "string", "maxLength": 12}},
        "required": ["capital"],
        "additionalProperties": False,
    }
    with _client(isolated_environment, "--engine", "llamacpp") as client:
        answer = client.chat.completions.create(
            model="smollm2-135m",
            messages=[{"role": "user", "content": "What is the capital of France?"}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "capital", "schema": schema, "strict": True},
            },
            max_completion_tokens=60,
            temperature=0,
        )
    text = answer.choices[0].message.content or ""
    assert set(json.loads(text)) == {"capital"}


@pytest.fixture
def token_header(address: HostAddress, tmp_path: Path) -> Path:
    """The token in a file: command lines can be read by others."""
    file = tmp_path / "header"
    file.write_text(f"Authorization: Bearer {address.read_token()}")
    return file


def test_curl_reads_a_stream(address: HostAddress, token_header: Path) -> None:
    body = {
        "model": "smollm2-135m",
        "prompt": "def add(a, b):",
        "max_tokens": 3,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    command = ["curl", "-sSN", "-H", f"@{token_header}", "-H", "Content-Type: application/json"]
    completed = subprocess.run(
        [*command, "-d", json.dumps(body), f"{address.url}/v1/completions"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    events = [line for line in completed.stdout.split("\n\n") if line]
    assert all(event.startswith("data: ") for event in events)
    assert events[-1] == "data: [DONE]"
    assert json.loads(events[-2][6:])["usage"]["completion_tokens"] == 3
