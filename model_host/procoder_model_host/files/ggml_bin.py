"""Read the header of a GGML `.bin` llama model (`ggjt`, versions 1 to 3), bounded like `gguf`.

The format (llama.cpp, spring and summer 2023) knows neither the RoPE base nor the context length
nor what kind a token is. ctransformers loads it with a base of 10,000, so that Code Llama
answers wrongly and without an error; hence such files are never loaded but converted (`adapt`).

    magic version · vocabulary, width, multiple, heads, blocks, head width, file type (7 u32)
    per token: length, bytes, score · per tensor: axes, name length, type, lengths (u32), name,
    padding to 32 bytes, data
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.gguf import GGUFHeader, TensorInfo, Value
from procoder_model_host.files.gguf_format import BLOCK_TYPES, ValueType
from procoder_model_host.files.profile import (
    CODE_LLAMA_CONTEXT_LENGTH,
    CODE_LLAMA_ROPE_BASE,
    CODE_LLAMA_VOCABULARY,
    DEFAULT_CONTEXT_LENGTH,
    DEFAULT_ROPE_BASE,
)
from procoder_model_host.files.tokenizer import TokenType

MAGIC = b"tjgg"
OTHER_MAGICS = frozenset({b"lmgg", b"fmgg", b"algg"})
"""Older or foreign kin (ggml, ggmf, ggla), little-endian as they lie in a file."""
ALIGNMENT = 32
BYTES_FROM, BYTES_UNTIL = 3, 259
"""Ids of the byte tokens in every Llama vocabulary; 0 is unknown, 1 begins, 2 ends a text."""
LLAMA_2_EPSILON = 1e-5
"""Of the normalization: the file does not say, and Code Llama has Llama 2's."""

MAX_VOCABULARY = 2**18
MAX_TOKEN_BYTES = 2**8
MAX_WIDTH = 2**16
MAX_BLOCKS = 2**10
MAX_NAME_BYTES = 63
_TENSORS_PER_BLOCK, _OTHER_TENSORS = 9, 3
_HYPERPARAMETERS = "<7I"
_MATRIX_AXES = 2

_TYPES_OF_VERSION: Mapping[int, frozenset[int]] = {
    1: frozenset({0, 1}),
    2: frozenset({0, 1, 6, 7}),
    3: frozenset({0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14}),
}
"""Weight types whose layout has not changed since (llama.cpp, pull requests 1405 and 1508)."""

_TOP_NAMES = {
    "tok_embeddings": "token_embd",
    "norm": "output_norm",
    "output": "output",
}
_BLOCK_NAMES = {
    "attention_norm": "attn_norm",
    "attention.wq": "attn_q",
    "attention.wk": "attn_k",
    "attention.wv": "attn_v",
    "attention.wo": "attn_output",
    "ffn_norm": "ffn_norm",
    "feed_forward.w1": "ffn_gate",
    "feed_forward.w2": "ffn_down",
    "feed_forward.w3": "ffn_up",
}


@dataclass(frozen=True, slots=True)
class GGMLFile:
    """A checked `.bin` file: what it will be as GGUF, and where its data lies."""

    header: GGUFHeader
    """Of the converted copy; tensors keep their order, offsets are the copy's."""
    sources: tuple[int, ...]
    """By tensor: bytes from the start of the `.bin` file to its data."""


def is_ggml(path: Path) -> bool:
    """Tell whether the file calls itself GGML, of any kind; raises OSError."""
    with path.open("rb") as file:
        magic = file.read(4)
    return magic == MAGIC or magic in OTHER_MAGICS


def read_ggml(path: Path) -> GGMLFile:
    """Read and check the file at `path`; raises ModelFileError."""
    try:
        with path.open("rb") as file:
            return _Reader(path, file, path.stat().st_size).model()
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error


@dataclass(frozen=True, slots=True)
class _Shape:
    vocabulary: int
    width: int
    heads: int
    blocks: int
    head_width: int


@dataclass(slots=True)
class _Reader:
    path: Path
    file: BinaryIO
    file_size: int
    position: int = 0

    def model(self) -> GGMLFile:
        version = self.version()
        shape = self.shape()
        tokens = [self.token() for _ in range(shape.vocabulary)]
        tensors, sources = self.tensors(version, shape)
        inner = next((t.dimensions[1] for t in tensors if "ffn_gate" in t.name), 0)
        metadata = _metadata(shape, inner, tokens)
        types = {key: _type(key, value) for key, value in metadata.items()}
        return GGMLFile(GGUFHeader(2, metadata, types, tensors, ALIGNMENT, 0), sources)

    def fail(self, reason: str) -> ModelFileError:
        return ModelFileError(
            self.path, reason, "Download the model again, or use another file (GGUF format)."
        )

    def take(self, size: int, what: str) -> bytes:
        data = self.file.read(size)
        if len(data) != size:
            raise self.fail(f"the file ends within {what}")
        self.position += size
        return data

    def numbers(self, layout: str, what: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout), what))

    def version(self) -> int:
        magic = self.file.read(4)
        self.position = 4
        if magic in OTHER_MAGICS:
            raise self.fail("is a GGML file older than 'ggjt', which nothing reads any more")
        if magic != MAGIC:
            raise self.fail("is not a GGML file")
        (version,) = self.numbers("<I", "the version")
        if version not in _TYPES_OF_VERSION:
            raise self.fail(f"has ggjt version {version}; versions 1 to 3 are known")
        return version

    def shape(self) -> _Shape:
        vocabulary, width, _, heads, blocks, head_width, _ = self.numbers(
            _HYPERPARAMETERS, "the hyperparameters"
        )
        if not BYTES_UNTIL < vocabulary <= MAX_VOCABULARY:
            raise self.fail(f"announces {vocabulary:,} tokens")
        if not 0 < width <= MAX_WIDTH or not 0 < heads <= width or width % heads:
            raise self.fail(f"announces {width:,} features in {heads:,} heads")
        if head_width != width // heads or head_width % 2:
            raise self.fail(f"rotates {head_width:,} of a head's {width // heads:,} features")
        if not 0 < blocks <= MAX_BLOCKS:
            raise self.fail(f"announces {blocks:,} blocks")
        return _Shape(vocabulary, width, heads, blocks, head_width)

    def token(self) -> tuple[bytes, float]:
        (size,) = self.numbers("<I", "a token")
        if size > MAX_TOKEN_BYTES:
            raise self.fail(f"a token has {size:,} bytes; at most {MAX_TOKEN_BYTES:,} are allowed")
        text = self.take(size, "a token")
        (score,) = struct.unpack("<f", self.take(4, "a token's score"))
        if not math.isfinite(score):
            raise self.fail("a token's score is not a number")
        return text, score

    def tensors(
        self, version: int, shape: _Shape
    ) -> tuple[tuple[TensorInfo, ...], tuple[int, ...]]:
        tensors: dict[str, TensorInfo] = {}
        sources: list[int] = []
        expected = _OTHER_TENSORS + shape.blocks * _TENSORS_PER_BLOCK
        offset = 0
        while self.position < self.file_size:
            tensor = self.tensor(version, shape, offset)
            if tensor.name in tensors:
                raise self.fail(f"the tensor {tensor.name} is repeated")
            tensors[tensor.name] = tensor
            sources.append(self.skip(tensor))
            offset += tensor.size + -tensor.size % ALIGNMENT
        if len(tensors) != expected:
            raise self.fail(f"holds {len(tensors)} tensors of {expected}: truncated or damaged")
        return tuple(tensors.values()), tuple(sources)

    def tensor(self, version: int, shape: _Shape, offset: int) -> TensorInfo:
        axes, size, kind = self.numbers("<3I", "a tensor")
        if not 1 <= axes <= _MATRIX_AXES or not 0 < size <= MAX_NAME_BYTES:
            raise self.fail(f"a tensor has {axes} axes and a name of {size} bytes")
        dimensions = self.numbers(f"<{axes}I", "a tensor")
        name = self.take(size, "a tensor's name").decode("utf-8", "backslashreplace")
        if kind not in _TYPES_OF_VERSION[version]:
            raise self.fail(f"{name} has the type {kind}, which ggjt version {version} lacks")
        block = BLOCK_TYPES[kind]
        if min(dimensions) < 1 or dimensions[0] % block.length:
            raise self.fail(f"{name} has dimensions {dimensions}, not in {block.name}'s blocks")
        return TensorInfo(self.gguf_name(name, shape.blocks), dimensions, kind, offset)

    def gguf_name(self, name: str, blocks: int) -> str:
        stem = name.removesuffix(".weight")
        if stem in _TOP_NAMES and stem != name:
            return f"{_TOP_NAMES[stem]}.weight"
        layers, _, rest = stem.partition(".")
        index, _, own = rest.partition(".")
        known = layers == "layers" and own in _BLOCK_NAMES and stem != name
        # Only a plain number: "01" and other scripts' digits would make two names one.
        if not known or index not in map(str, range(blocks)):
            raise self.fail(f"holds the tensor {name!r}, which no llama model has")
        return f"blk.{index}.{_BLOCK_NAMES[own]}.weight"

    def skip(self, tensor: TensorInfo) -> int:
        """Go to the next tensor's description, and return where the data of this one begins."""
        start = self.position + -self.position % ALIGNMENT
        if start + tensor.size > self.file_size:
            raise self.fail(f"{tensor.name} reaches past the end: the file is truncated")
        self.position = start + tensor.size
        self.file.seek(self.position)
        return start


def _metadata(shape: _Shape, inner: int, tokens: list[tuple[bytes, float]]) -> dict[str, Value]:
    """Return what GGUF says of such a model; see `profile` for the rule of the RoPE base."""
    code = shape.vocabulary == CODE_LLAMA_VOCABULARY
    kinds = tuple(int(_kind(number, text)) for number, (text, _) in enumerate(tokens))
    return {
        "general.architecture": "llama",
        "llama.context_length": CODE_LLAMA_CONTEXT_LENGTH if code else DEFAULT_CONTEXT_LENGTH,
        "llama.embedding_length": shape.width,
        "llama.block_count": shape.blocks,
        "llama.feed_forward_length": inner,
        "llama.rope.dimension_count": shape.head_width,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.heads,
        "llama.attention.layer_norm_rms_epsilon": LLAMA_2_EPSILON,
        "llama.rope.freq_base": CODE_LLAMA_ROPE_BASE if code else DEFAULT_ROPE_BASE,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tuple(
            _name(number, text) for number, (text, _) in enumerate(tokens)
        ),
        "tokenizer.ggml.scores": tuple(score for _, score in tokens),
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
    }


def _type(key: str, value: Value) -> tuple[ValueType, ValueType | None]:
    if key == "tokenizer.ggml.token_type":
        return ValueType.ARRAY, ValueType.INT32
    kinds = {str: ValueType.STRING, int: ValueType.UINT32, float: ValueType.FLOAT32}
    if isinstance(value, tuple):
        return ValueType.ARRAY, kinds[type(value[0])]
    return kinds[type(value)], None


def _kind(number: int, text: bytes) -> TokenType:
    if number < BYTES_FROM:
        return TokenType.CONTROL if number else TokenType.UNKNOWN
    if number < BYTES_UNTIL and len(text) == 1:
        return TokenType.BYTE
    return TokenType.NORMAL


def _name(number: int, text: bytes) -> str:
    """Undo what the converters of 2023 did to SentencePiece's names."""
    if number < BYTES_FROM:
        return ("<unk>", "<s>", "</s>")[number]
    if number < BYTES_UNTIL and len(text) == 1:
        return f"<0x{text[0]:02X}>"
    return text.decode("utf-8", "surrogateescape").replace(" ", "\N{LOWER ONE EIGHTH BLOCK}")
