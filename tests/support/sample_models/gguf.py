"""Write a sample as GGUF, version 2 or 3 (github.com/ggml-org/ggml, docs/gguf.md).

Written here anew, not with ProCoder's own writer: a reader and a writer that share a mistake
would agree.
"""

import struct
from collections.abc import Mapping
from pathlib import Path

from .shape import CODE_LLAMA_ROPE_BASE, TINY, Shape
from .vocabulary import vocabulary
from .weights import packed_weights

ALIGNMENT = 32
RMS_EPSILON = 1e-5
_FILE_TYPES = {"F32": 0, "F16": 1, "Q4_1": 3}
_UINT32, _INT32, _FLOAT32, _STRING, _ARRAY = 4, 5, 6, 8, 9


def write_gguf(
    path: Path,
    *,
    weight_type: str = "F32",
    version: int = 3,
    rope_base: float | None = CODE_LLAMA_ROPE_BASE,
    shape: Shape = TINY,
) -> Path:
    """Write a tiny model and return `path`; a `rope_base` of None leaves its key out."""
    weights = packed_weights(shape, weight_type)
    sizes = {name: (kind, dims, len(data)) for name, (kind, dims, data) in weights.items()}
    with path.open("wb") as file:
        file.write(gguf_header(shape, weight_type, version, rope_base, sizes))
        for _, _, data in weights.values():
            file.write(data + bytes(-len(data) % ALIGNMENT))
    return path


def gguf_header(
    shape: Shape,
    weight_type: str,
    version: int,
    rope_base: float | None,
    sizes: Mapping[str, tuple[int, tuple[int, ...], int]],
) -> bytes:
    """Return the header, padded; `sizes` are each tensor's type, dimensions and bytes."""
    entries = _entries(shape, weight_type, rope_base)
    parts = [b"GGUF", struct.pack("<IQQ", version, len(sizes), len(entries)), *entries]
    offset = 0
    for name, (kind, dims, size) in sizes.items():
        axes = struct.pack(f"<I{len(dims)}Q", len(dims), *dims)
        parts.append(_string(name) + axes + struct.pack("<IQ", kind, offset))
        offset += size + -size % ALIGNMENT
    header = b"".join(parts)
    return header + bytes(-len(header) % ALIGNMENT)


def _entries(shape: Shape, weight_type: str, rope_base: float | None) -> list[bytes]:
    pieces = vocabulary()
    names, scores, kinds = zip(*pieces, strict=True)
    count = len(pieces)
    base = [] if rope_base is None else [_float("llama.rope.freq_base", rope_base)]
    return [
        _text("general.architecture", "llama"),
        _text("general.name", "a sample shaped like Code Llama"),
        _number("general.file_type", _FILE_TYPES[weight_type]),
        _number("llama.context_length", shape.context),
        _number("llama.embedding_length", shape.width),
        _number("llama.block_count", shape.blocks),
        _number("llama.feed_forward_length", shape.inner),
        _number("llama.rope.dimension_count", shape.head_width),
        _number("llama.attention.head_count", shape.heads),
        _number("llama.attention.head_count_kv", shape.heads),
        _float("llama.attention.layer_norm_rms_epsilon", RMS_EPSILON),
        *base,
        _text("tokenizer.ggml.model", "llama"),
        _array("tokenizer.ggml.tokens", _STRING, b"".join(map(_string, names)), count),
        _array("tokenizer.ggml.scores", _FLOAT32, struct.pack(f"<{count}f", *scores), count),
        _array("tokenizer.ggml.token_type", _INT32, struct.pack(f"<{count}i", *kinds), count),
        _number("tokenizer.ggml.bos_token_id", 1),
        _number("tokenizer.ggml.eos_token_id", 2),
        _number("tokenizer.ggml.unknown_token_id", 0),
    ]


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _text(key: str, value: str) -> bytes:
    return _string(key) + struct.pack("<I", _STRING) + _string(value)


def _number(key: str, value: int) -> bytes:
    return _string(key) + struct.pack("<II", _UINT32, value)


def _float(key: str, value: float) -> bytes:
    return _string(key) + struct.pack("<If", _FLOAT32, value)


def _array(key: str, kind: int, items: bytes, count: int) -> bytes:
    return _string(key) + struct.pack("<IIQ", _ARRAY, kind, count) + items
