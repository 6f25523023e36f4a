"""Rewriting for ctransformers: what it changes, what it refuses, and that the result runs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.adapt import FREQUENCY_BASE, adapted_copy, raw_token
from procoder_model_host.files.digests import sha256_of
from procoder_model_host.files.gguf import GGUFHeader, TensorInfo, Value, read_header
from procoder_model_host.files.gguf_format import ValueType
from procoder_model_host.files.gguf_writer import encode_header

WIDTH, INNER, HEADS, ALIGNMENT = 32, 64, 4, 32
BLOCK = {
    "attn_norm": (WIDTH,),
    "attn_q": (WIDTH, WIDTH),
    "attn_k": (WIDTH, WIDTH // 2),
    "attn_v": (WIDTH, WIDTH // 2),
    "attn_output": (WIDTH, WIDTH),
    "ffn_norm": (WIDTH,),
    "ffn_gate": (WIDTH, INNER),
    "ffn_down": (INNER, WIDTH),
    "ffn_up": (WIDTH, INNER),
}
TOKENS = ("<s>", "Ġa", "é", "ĠĠ", "Ã©", "Ċ")
RAW_TOKENS = ("<s>", " a", "\udce9", "  ", "é", "\n")
LOAD = """
import json, sys
from ctransformers import LLM, Config
llm = LLM(sys.argv[1], "gguf", config=Config(context_length=64, threads=1))
llm.eval(json.loads(sys.argv[2]))
print(json.dumps([len(llm.logits), max(range(len(llm.logits)), key=llm.logits.__getitem__)]))
"""


def value_type(value: object) -> ValueType:
    kinds = {str: ValueType.STRING, int: ValueType.UINT32, float: ValueType.FLOAT32}
    return kinds[type(value)]


class TinyLlama:
    """A llama model of one block, to be spoiled before it is written."""

    def __init__(self, tokens: tuple[str, ...] = TOKENS) -> None:
        self.version = 3
        self.metadata: dict[str, Value] = {
            "general.architecture": "llama",
            "llama.block_count": 1,
            "llama.context_length": 64,
            "llama.embedding_length": WIDTH,
            "llama.feed_forward_length": INNER,
            "llama.attention.head_count": HEADS,
            "llama.attention.head_count_kv": HEADS // 2,
            "llama.attention.layer_norm_rms_epsilon": 1e-5,
            "llama.rope.dimension_count": WIDTH // HEADS,
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.tokens": tokens,
            "tokenizer.ggml.merges": ("Ġ a", "Ġ Ġ"),
            "tokenizer.ggml.bos_token_id": 0,
            "tokenizer.ggml.eos_token_id": 0,
        }
        self.types: dict[str, tuple[ValueType, ValueType | None]] = {}
        self.shapes: dict[str, tuple[int, ...]] = {
            "token_embd.weight": (WIDTH, len(tokens)),
            "output_norm.weight": (WIDTH,),
            **{f"blk.0.{name}.weight": shape for name, shape in BLOCK.items()},
        }
        self.tensor_types: dict[str, int] = {}

    def write(self, path: Path) -> GGUFHeader:
        types = {key: self._type(value) for key, value in self.metadata.items()} | self.types
        tensors, offset = [], 0
        for name, shape in self.shapes.items():
            tensors.append(TensorInfo(name, shape, self.tensor_types.get(name, 0), offset))
            offset += -(-tensors[-1].size // ALIGNMENT) * ALIGNMENT
        content = encode_header(self.metadata, types, tuple(tensors), ALIGNMENT)
        data = bytes(index % 61 for index in range(offset))
        path.write_bytes(content[:4] + bytes([self.version]) + content[5:] + data)
        return read_header(path)

    @staticmethod
    def _type(value: Value) -> tuple[ValueType, ValueType | None]:
        if isinstance(value, tuple):
            return ValueType.ARRAY, value_type(value[0])
        return value_type(value), None


@pytest.fixture
def tiny() -> TinyLlama:
    return TinyLlama()


def load_in_ctransformers(path: Path, tokens: list[int]) -> tuple[int, int]:
    """Return the size of the vocabulary and the likeliest next token; in a child, which may die."""
    command = [sys.executable, "-c", LOAD, str(path), json.dumps(tokens)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    size, best = json.loads(result.stdout)
    return size, best


def test_ctransformers_runs_the_adapted_default_model(smollm2: Path, tmp_path: Path) -> None:
    before = sha256_of(smollm2)
    header = read_header(smollm2)
    tokens = header.metadata["tokenizer.ggml.tokens"]
    assert isinstance(tokens, tuple)
    prompt = [tokens.index(text) for text in ("The", "Ġcapital", "Ġof", "ĠFrance", "Ġis")]

    copy = adapted_copy(smollm2, header, tmp_path)

    size, best = load_in_ctransformers(copy, prompt)
    assert size == len(tokens)
    assert tokens[best] == "ĠParis"
    assert sha256_of(smollm2) == before
    assert read_header(copy).metadata["llama.rope.freq_base"] == 100_000.0


def test_ctransformers_runs_a_tiny_adapted_model(tiny: TinyLlama, tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    copy = adapted_copy(path, tiny.write(path), tmp_path / "adapted")
    assert load_in_ctransformers(copy, [1, 2])[0] == len(TOKENS)


def test_rewrites_what_ctransformers_needs(tiny: TinyLlama, tmp_path: Path) -> None:
    path, folder = tmp_path / "tiny.gguf", tmp_path / "adapted"
    original = tiny.write(path)

    copy = adapted_copy(path, original, folder)
    header = read_header(copy)

    assert header.version == 2
    assert header.metadata["tokenizer.ggml.scores"] == (0.0,) * len(TOKENS)
    assert header.metadata["tokenizer.ggml.token_type"] == (1,) * len(TOKENS)
    assert header.metadata["tokenizer.ggml.tokens"] == RAW_TOKENS
    assert header.metadata["tokenizer.ggml.merges"] == ("  a", "   ")
    assert data_of(copy, header, "output.weight") == data_of(path, original, "token_embd.weight")
    for tensor in original.tensors:
        assert data_of(copy, header, tensor.name) == data_of(path, original, tensor.name)


def data_of(path: Path, header: GGUFHeader, name: str) -> bytes:
    (tensor,) = [tensor for tensor in header.tensors if tensor.name == name]
    start = header.data_offset + tensor.offset
    return path.read_bytes()[start : start + tensor.size]


def test_a_copy_is_named_by_content_and_made_once(tiny: TinyLlama, tmp_path: Path) -> None:
    path, moved, folder = tmp_path / "a.gguf", tmp_path / "b.gguf", tmp_path / "adapted"
    header = tiny.write(path)
    first = adapted_copy(path, header, folder)
    made = first.stat().st_mtime_ns
    path.rename(moved)

    assert adapted_copy(moved, header, folder) == first
    assert first.stat().st_mtime_ns == made
    assert first.name.startswith(sha256_of(moved).removeprefix("sha256:"))

    tiny.metadata["general.name"] = "another"
    other = adapted_copy(path, tiny.write(path), folder)
    assert other != first
    assert not list(folder.glob("*.partial"))


def test_control_tokens_stay_literal(tiny: TinyLlama, tmp_path: Path) -> None:
    tiny.metadata["tokenizer.ggml.token_type"] = (3, 1, 4, 1, 4, 1)
    tiny.types["tokenizer.ggml.token_type"] = ValueType.ARRAY, ValueType.INT32
    path = tmp_path / "tiny.gguf"
    copy = adapted_copy(path, tiny.write(path), tmp_path)
    tokens = read_header(copy).metadata["tokenizer.ggml.tokens"]
    assert tokens == ("<s>", " a", "é", "  ", "Ã©", "\n")


@pytest.mark.parametrize(
    ("tokens", "version", "base", "expected"),
    [
        (32_016, 2, None, 1_000_000.0),
        (32_016, 3, None, 1_000_000.0),
        (32_016, 3, 10_000.0, 10_000.0),
        (32_000, 3, None, None),
    ],
)
def test_code_llama_gets_its_rope_base(
    tmp_path: Path, tokens: int, version: int, base: float | None, expected: float | None
) -> None:
    tiny = TinyLlama((*(f"t{number}" for number in range(1, tokens)), "\n"))
    tiny.version = version
    if base is not None:
        tiny.metadata[FREQUENCY_BASE] = base
    path = tmp_path / "tiny.gguf"
    copy = adapted_copy(path, tiny.write(path), tmp_path)
    assert read_header(copy).metadata.get(FREQUENCY_BASE) == expected


@pytest.mark.parametrize("architecture", ["llama", "falcon"])
def test_version_2_is_returned_as_it_is(tiny: TinyLlama, tmp_path: Path, architecture: str) -> None:
    tiny.version = 2
    tiny.metadata["general.architecture"] = architecture
    tiny.metadata["tokenizer.ggml.tokens"] = ("<s>", " a", "b", "  ", "c", "\n")
    path, folder = tmp_path / "tiny.gguf", tmp_path / "adapted"
    assert adapted_copy(path, tiny.write(path), folder) == path
    assert not folder.exists()


def test_version_2_with_encoded_tokens_is_rewritten(tiny: TinyLlama, tmp_path: Path) -> None:
    tiny.version = 2
    path = tmp_path / "tiny.gguf"
    copy = adapted_copy(path, tiny.write(path), tmp_path / "adapted")
    assert read_header(copy).metadata["tokenizer.ggml.tokens"] == RAW_TOKENS


def changed(**metadata: Value) -> Callable[[TinyLlama], None]:
    """Set metadata; `__` stands for a dot."""
    values = {key.replace("__", "."): value for key, value in metadata.items()}
    return lambda tiny: tiny.metadata.update(values)


def reshaped(name: str, shape: tuple[int, ...]) -> Callable[[TinyLlama], None]:
    return lambda tiny: tiny.shapes.update({name: shape})


def retyped(name: str, kind: int) -> Callable[[TinyLlama], None]:
    return lambda tiny: tiny.tensor_types.update({name: kind})


OBSTACLES: dict[str, tuple[Callable[[TinyLlama], object], str]] = {
    "architecture": (changed(general__architecture="qwen2"), "architecture 'qwen2'"),
    "no architecture": (lambda t: t.metadata.pop("general.architecture"), "'unknown'"),
    "newer tensor type": (retyped("blk.0.ffn_up.weight", 30), "has the type BF16"),
    "type of intermediate results": (retyped("blk.0.ffn_up.weight", 9), "has the type Q8_1"),
    "halved norm": (retyped("blk.0.attn_norm.weight", 1), "has the type F16, not F32"),
    "no vocabulary": (lambda t: t.metadata.pop("tokenizer.ggml.tokens"), "missing or empty"),
    "few scores": (changed(tokenizer__ggml__scores=(0.5,)), "1 items for 6 tokens"),
    "scores of text": (changed(tokenizer__ggml__scores=("x",) * 6), "not an array of FLOAT32"),
    "tokens as text": (changed(tokenizer__ggml__tokens="abc"), "not an array of STRING"),
    "no newline": (changed(tokenizer__ggml__tokens=("a", "b", "c", "d", "e", "f")), "newline"),
    "other tokenizer": (changed(tokenizer__ggml__model="bert"), "its tokenizer is 'bert'"),
    "special token outside": (changed(tokenizer__ggml__bos_token_id=6), "outside"),
    "no special token": (lambda t: t.metadata.pop("tokenizer.ggml.eos_token_id"), "is 11, outside"),
    "rope scaling": (changed(llama__rope__scaling__type="yarn"), "RoPE scaling"),
    "no heads": (changed(llama__attention__head_count=0), "not positive"),
    "heads as text": (changed(llama__attention__head_count="4"), "not positive"),
    "heads do not divide": (changed(llama__attention__head_count=5), "do not divide"),
    "blocks without tensors": (changed(llama__block_count=2**31 - 1), "announces"),
    "one block too many": (changed(llama__block_count=2), "no tensor"),
    "an extra tensor": (reshaped("rope_freqs.weight", (4,)), "rope_freqs.weight"),
    "a tensor of another shape": (reshaped("blk.0.attn_q.weight", (32, 16)), "attn_q"),
    "vocabulary of another size": (reshaped("token_embd.weight", (32, 4)), "output.weight"),
    "no embeddings": (lambda t: t.shapes.pop("token_embd.weight"), "no tensor"),
}


@pytest.mark.parametrize(("spoil", "reason"), OBSTACLES.values(), ids=OBSTACLES.keys())
def test_refuses_what_ctransformers_cannot_run(
    tiny: TinyLlama, tmp_path: Path, spoil: Callable[[TinyLlama], object], reason: str
) -> None:
    spoil(tiny)
    path, folder = tmp_path / "tiny.gguf", tmp_path / "adapted"
    header = tiny.write(path)
    with pytest.raises(ModelFileError, match="ctransformers cannot load") as caught:
        adapted_copy(path, header, folder)
    assert reason in str(caught.value)
    assert "llamacpp" in caught.value.advice
    assert not folder.exists()


def test_an_original_that_shrinks_leaves_no_copy(tiny: TinyLlama, tmp_path: Path) -> None:
    path, folder = tmp_path / "tiny.gguf", tmp_path / "adapted"
    header = tiny.write(path)
    os.truncate(path, header.data_offset)
    with pytest.raises(ModelFileError, match="changed while"):
        adapted_copy(path, header, folder)
    assert not list(folder.glob("*.gguf")) + list(folder.glob("*.partial"))


@pytest.mark.parametrize(
    ("token", "raw"),
    [("Ġdef", " def"), ("Ċ", "\n"), ("Ã©", "é"), ("ðŁĺĢ", "😀"), ("Ń", "\udcad"), ("a b", "a b")],
)
def test_raw_tokens(token: str, raw: str) -> None:
    assert raw_token(token) == raw
