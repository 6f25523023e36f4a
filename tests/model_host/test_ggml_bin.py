"""GGML `.bin` files: checked like GGUF, converted whole, and why they are never loaded directly."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sample_models import CODE_LLAMA_ROPE_BASE, INFILLING, write_ggml, write_gguf

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.ggml_bin import is_ggml, read_ggml
from procoder_model_host.files.gguf import read_header
from procoder_model_host.files.model_files import read_model, usable_model
from procoder_model_host.files.profile import Overrides
from procoder_model_host.files.tokenizer import TokenType

PROMPT = [1, *range(300, 340)]
GREEDY = """
import json, sys
from ctransformers import LLM, Config
path, kind, prompt = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
llm = LLM(path, kind, config=Config(context_length=128, threads=1))
answer = []
for _ in range(16):
    llm.eval(prompt)
    prompt = [max(range(len(llm.logits)), key=llm.logits.__getitem__)]
    answer += prompt
print(json.dumps(answer))
"""
FIRST_TOKEN = 8 + 28


def greedy(path: Path, kind: str = "gguf") -> list[int]:
    """Return what ctransformers answers, in a child."""
    command = [sys.executable, "-c", GREEDY, str(path), kind, json.dumps(PROMPT)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(json.loads(result.stdout))


@pytest.mark.parametrize("weight_type", ["F32", "Q4_1"])
def test_the_converted_copy_answers_what_the_gguf_answers(tmp_path: Path, weight_type: str) -> None:
    binary = write_ggml(tmp_path / "model.bin", weight_type=weight_type)
    reference = write_gguf(tmp_path / "model.gguf", weight_type=weight_type, version=2)
    slow = write_gguf(tmp_path / "slow.gguf", weight_type=weight_type, version=2, rope_base=10_000)

    copy, _ = usable_model(binary, tmp_path / "adapted")

    assert greedy(copy) == greedy(reference)
    # Loaded as it is, the file answers with Llama's RoPE base, to the token and without an error.
    assert greedy(binary, "llama") == greedy(slow) != greedy(reference)


def test_the_converted_copy_says_what_the_gguf_says(tmp_path: Path) -> None:
    reference = read_header(write_gguf(tmp_path / "model.gguf", version=2))
    path, header = usable_model(write_ggml(tmp_path / "model.bin"), tmp_path)
    ours = {"general.name", "general.file_type", "llama.context_length"}
    for key in reference.metadata.keys() - ours:
        assert header.metadata[key] == reference.metadata[key], key
        assert header.types[key] == reference.types[key], key
    assert header.metadata["llama.context_length"] == 16_384
    assert [(t.name, t.dimensions, t.type) for t in header.tensors] == [
        (t.name, t.dimensions, t.type) for t in reference.tensors
    ]
    kinds = header.metadata["tokenizer.ggml.token_type"]
    assert isinstance(kinds, tuple)
    assert {kinds[number] for number in INFILLING.values()} == {TokenType.NORMAL}
    assert not is_ggml(path)


def test_a_copy_is_made_once_per_rope_base(tmp_path: Path) -> None:
    binary, folder = write_ggml(tmp_path / "model.bin", weight_type="Q4_1"), tmp_path / "adapted"
    first, header = usable_model(binary, folder)
    made = first.stat().st_mtime_ns
    assert header.metadata["llama.rope.freq_base"] == CODE_LLAMA_ROPE_BASE

    assert usable_model(binary, folder)[0] == first
    assert first.stat().st_mtime_ns == made
    other, header = usable_model(binary, folder, Overrides(rope_base=10_000.0, context_length=64))
    assert other != first
    assert header.metadata["llama.rope.freq_base"] == 10_000.0
    assert header.metadata["llama.context_length"] == 64
    assert not list(folder.glob("*.partial"))


def test_a_gguf_is_copied_only_for_another_base(tmp_path: Path) -> None:
    path, folder = write_gguf(tmp_path / "m.gguf", rope_base=None, version=2), tmp_path / "adapted"
    assert usable_model(path, folder)[0] == path
    assert usable_model(path, folder, Overrides(rope_base=1_000_000.0))[0] == path
    assert not folder.exists()

    copy, header = usable_model(path, folder, Overrides(rope_base=10_000.0))
    slow = write_gguf(tmp_path / "slow.gguf", rope_base=10_000.0, version=2)
    assert greedy(copy) == greedy(slow)
    assert header.metadata.keys() == read_header(slow).metadata.keys()


def put(position: int, *values: int) -> Callable[[bytearray], None]:
    """Overwrite 32-bit numbers from `position` on."""

    def act(content: bytearray) -> None:
        content[position : position + 4 * len(values)] = struct.pack(f"<{len(values)}I", *values)

    return act


def renamed(old: bytes, new: bytes) -> Callable[[bytearray], None]:
    def act(content: bytearray) -> None:
        assert len(old) == len(new)
        at = content.index(old)
        content[at : at + len(old)] = new

    return act


def tensor_field(name: bytes, field: int, value: int) -> Callable[[bytearray], None]:
    """Overwrite a number of a matrix: axes, name length, type, two lengths."""

    def act(content: bytearray) -> None:
        put(content.index(name) - 20 + 4 * field, value)(content)

    return act


NAME = b"layers.0.attention.wq.weight"
BAD: dict[str, tuple[Callable[[bytearray], object], str]] = {
    "other magic": (lambda c: c.__setitem__(slice(4), b"abcd"), "not a GGUF file"),
    "unversioned": (lambda c: c.__setitem__(slice(4), b"lmgg"), "older than 'ggjt'"),
    "version 0": (put(4, 0), "ggjt version 0"),
    "version 4": (put(4, 4), "ggjt version 4"),
    "no vocabulary": (put(8, 0), "announces 0 tokens"),
    "vocabulary beyond reason": (put(8, 2**32 - 1), "4,294,967,295 tokens"),
    "no width": (put(12, 0), "0 features"),
    "no heads": (put(20, 0), "in 0 heads"),
    "heads do not divide": (put(20, 3), "in 3 heads"),
    "no blocks": (put(24, 0), "0 blocks"),
    "blocks beyond reason": (put(24, 2**31), "blocks"),
    "one block too many": (put(24, 3), "holds 21 tensors of 30"),
    "one block too few": (put(24, 1), "holds the tensor"),
    "rotates nothing": (put(28, 0), "rotates 0"),
    "token of 4 GB": (put(FIRST_TOKEN, 2**32 - 1), "at most 256"),
    "score not a number": (put(FIRST_TOKEN + 9, 0x7FC00000), "not a number"),
    "truncated header": (lambda c: c.__delitem__(slice(20, None)), "ends within"),
    "truncated tokens": (lambda c: c.__delitem__(slice(900, None)), "ends within"),
    "truncated data": (lambda c: c.__delitem__(slice(-64, None)), "truncated"),
    "trailing bytes": (lambda c: c.extend(b"abc"), "ends within a tensor"),
    "three axes": (tensor_field(NAME, 0, 3), "3 axes"),
    "no name": (tensor_field(NAME, 1, 0), "name of 0 bytes"),
    "long name": (tensor_field(NAME, 1, 2**31), "name of 2147483648 bytes"),
    "unknown type": (tensor_field(NAME, 2, 4), "the type 4"),
    "dimension 0": (tensor_field(NAME, 3, 0), "dimensions"),
    "dimension of 2^31": (tensor_field(NAME, 4, 2**31), "truncated"),
    "unknown tensor": (renamed(NAME, b"layers.0.attention.wx.weight"), "no llama model has"),
    "block of another": (renamed(NAME, b"layers.9.attention.wq.weight"), "no llama model has"),
    "repeated tensor": (renamed(NAME, b"layers.0.attention.wk.weight"), "is repeated"),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("ggml") / "model.bin"
    return write_ggml(path, weight_type="F16").read_bytes()


@pytest.mark.parametrize(("spoil", "reason"), BAD.values(), ids=BAD.keys())
def test_refuses_malformed_files(
    tmp_path: Path, content: bytes, spoil: Callable[[bytearray], object], reason: str
) -> None:
    path, spoiled = tmp_path / "model.bin", bytearray(content)
    spoil(spoiled)
    path.write_bytes(spoiled)
    with pytest.raises(ModelFileError) as caught:
        read_model(path)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("version", "weight_type"),
    [(1, "F16"), (2, "F32")],
)
def test_older_versions_with_weights_that_kept_their_layout(
    tmp_path: Path, version: int, weight_type: str
) -> None:
    path = write_ggml(tmp_path / "model.bin", weight_type=weight_type, version=version)
    assert read_ggml(path).header.architecture == "llama"


@pytest.mark.parametrize("version", [1, 2])
def test_older_versions_of_q4_1_had_another_layout(tmp_path: Path, version: int) -> None:
    path = write_ggml(tmp_path / "model.bin", weight_type="Q4_1", version=version)
    with pytest.raises(ModelFileError, match="the type 3, which ggjt version"):
        read_ggml(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_model(tmp_path / "missing.bin")


def test_a_host_serves_a_binary_file_like_the_gguf(
    tmp_path: Path, start_host: Callable[..., Any]
) -> None:
    """The whole way: profile, conversion in the child, answer."""
    files = (
        write_ggml(tmp_path / "model.bin", weight_type="Q4_1"),
        write_gguf(tmp_path / "model.gguf", weight_type="Q4_1"),
    )
    answers = []
    for file in files:
        host = start_host("--model", str(file), PROCODER_DATA_DIR=str(tmp_path / "data"))
        (card,) = host.client.get("/v1/models").json()["data"]
        assert card["procoder"]["rope_base"] == CODE_LLAMA_ROPE_BASE
        assert card["procoder"]["fim"]["prefix"] == "▁<PRE>"
        body = {"model": card["id"], "prompt": "def f(x): return x", "temperature": 0}
        answer = host.client.post("/v1/completions", json=body | {"max_tokens": 12}).json()
        assert answer["usage"]["completion_tokens"] == 12
        answers.append(answer["choices"][0]["text"])
    assert answers[0] == answers[1]
