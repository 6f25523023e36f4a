"""Seeded random weights whose greedy answers are clear and depend on positions.

Every matrix is rounded to Q4_1 first: files of different weight types hold the same numbers
(F16 within its own precision), so that their answers can be compared.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .shape import Shape
from .vocabulary import FIRST_PIECE, SIZE

F32, F16, Q4_1 = 0, 1, 3
WEIGHT_TYPES = {"F32": F32, "F16": F16, "Q4_1": Q4_1}
"""Names of weight types, and their numbers in GGML and GGUF."""

_BLOCK = 32
_ATTENTION_GAIN = 2.0
"""Scores of a standard deviation of 4: a head looks at few places, and which depends on RoPE."""
_LOGIT_GAIN = 6.0
_LOUD_TOKENS = 96
_LOUD_RANGE = 2_000
"""Only so many tokens, of the first pieces, are ever likely: 32,016 equals have no clear winner."""
_QUIET = 0.05

Matrix = NDArray[np.float32]
Packed = dict[str, tuple[int, tuple[int, ...], bytes]]
"""By GGUF name: the type's number, dimensions (the contiguous axis first) and the data."""


def packed_weights(shape: Shape, weight_type: str) -> Packed:
    """Return every tensor, packed; one-dimensional ones are F32."""
    kind = WEIGHT_TYPES[weight_type]
    packed: Packed = {}
    for name, dimensions, values in _matrices(shape):
        if values.ndim == 1:
            packed[name] = F32, dimensions, values.astype("<f4").tobytes()
        else:
            packed[name] = kind, dimensions, _pack(values, kind)
    return packed


def _matrices(shape: Shape) -> Iterator[tuple[str, tuple[int, ...], Matrix]]:
    source = np.random.default_rng(shape.seed)
    for name, dimensions in shape.tensors(SIZE).items():
        if len(dimensions) == 1:
            yield name, dimensions, np.ones(dimensions, np.float32)
            continue
        values = source.standard_normal(dimensions[::-1], dtype=np.float32)
        values *= _gain(name) / np.sqrt(np.float32(dimensions[0]))
        if name == "output.weight":
            loud = FIRST_PIECE + source.choice(_LOUD_RANGE, _LOUD_TOKENS, replace=False)
            scale = np.full((SIZE, 1), _QUIET, np.float32)
            scale[loud] = 1
            values *= scale
        yield name, dimensions, values


def _gain(name: str) -> float:
    if name in {"token_embd.weight", "output.weight"}:
        return _LOGIT_GAIN
    return _ATTENTION_GAIN if "attn_q" in name or "attn_k" in name else 1.0


def _pack(values: Matrix, kind: int) -> bytes:
    """Round to Q4_1, and write as that or unpacked again.

    A block of Q4_1 (ggml-common.h, `block_q4_1`): scale and minimum as float16, then 32 values
    of 4 bits, the first half in the low bits.
    """
    blocks = values.reshape(-1, _BLOCK)
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    scale, low = ((high - low) / 15).astype("<f2"), low.astype("<f2")
    wide_scale, wide_low = scale.astype(np.float32)[:, None], low.astype(np.float32)[:, None]
    levels = np.clip(np.rint((blocks - wide_low) / wide_scale), 0, 15).astype(np.uint8)
    if kind == Q4_1:
        half = _BLOCK // 2
        nibbles = levels[:, :half] | levels[:, half:] << 4
        columns = (scale[:, None].view(np.uint8), low[:, None].view(np.uint8), nibbles)
        return np.concatenate(columns, axis=1).tobytes()
    rounded = levels.astype(np.float32) * wide_scale + wide_low
    return rounded.astype("<f2" if kind == F16 else "<f4").tobytes()
