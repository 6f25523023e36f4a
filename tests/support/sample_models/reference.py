"""The sample model computed plainly in NumPy: what every engine must agree with.

Float32, one token after the other, no cache tricks; after Touvron et al., "LLaMA" (2023), with
GGUF's order of a head's features, in which RoPE turns neighbours.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .gguf import RMS_EPSILON
from .shape import CODE_LLAMA_ROPE_BASE, TINY, Shape
from .weights import packed_weights

Vector = NDArray[np.float32]


class ReferenceModel:
    """One sequence of tokens and the keys and values of its places."""

    def __init__(self, shape: Shape = TINY, rope_base: float = CODE_LLAMA_ROPE_BASE) -> None:
        self._shape = shape
        self._weights = {
            name: np.frombuffer(data, "<f4").reshape(dimensions[::-1])
            for name, (_, dimensions, data) in packed_weights(shape, "F32").items()
        }
        pairs = np.arange(shape.head_width // 2, dtype=np.float64)
        self._frequencies = rope_base ** (-2 * pairs / shape.head_width)
        self._keys: list[list[Vector]] = [[] for _ in range(shape.blocks)]
        self._values: list[list[Vector]] = [[] for _ in range(shape.blocks)]

    def logits(self, tokens: Sequence[int]) -> Vector:
        """Append tokens, and return the logits after the last."""
        state = np.zeros(self._shape.width, np.float32)
        for token in tokens:
            state = self._weights["token_embd.weight"][token]
            for block in range(self._shape.blocks):
                state = state + self._attend(block, state)
                state = state + self._feed(block, state)
        normed: Vector = _normalized(state) * self._weights["output_norm.weight"]
        logits: Vector = self._weights["output.weight"] @ normed
        return logits

    def greedy(self, tokens: Sequence[int], count: int) -> tuple[list[int], float]:
        """Return the likeliest continuation, and its smallest margin over the second likeliest."""
        answer: list[int] = []
        margins = []
        logits = self.logits(tokens)
        for _ in range(count):
            second, first = np.partition(logits, -2)[-2:]
            margins.append(float(first - second))
            answer.append(int(logits.argmax()))
            logits = self.logits(answer[-1:])
        return answer, min(margins)

    def _weight(self, block: int, name: str) -> Vector:
        return self._weights[f"blk.{block}.{name}.weight"]

    def _attend(self, block: int, state: Vector) -> Vector:
        heads, width = self._shape.heads, self._shape.head_width
        normed = _normalized(state) * self._weight(block, "attn_norm")
        place = len(self._keys[block])
        query, key, value = (
            (self._weight(block, f"attn_{name}") @ normed).reshape(heads, width) for name in "qkv"
        )
        self._keys[block].append(self._rotated(key, place))
        self._values[block].append(value)
        keys, values = np.stack(self._keys[block]), np.stack(self._values[block])
        scores = np.einsum("hw,phw->hp", self._rotated(query, place), keys) / np.sqrt(width)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        mixed = np.einsum("hp,phw->hw", chances, values).reshape(-1).astype(np.float32)
        attended: Vector = self._weight(block, "attn_output") @ mixed
        return attended

    def _feed(self, block: int, state: Vector) -> Vector:
        normed = _normalized(state) * self._weight(block, "ffn_norm")
        gate = self._weight(block, "ffn_gate") @ normed
        opened = gate / (1 + np.exp(-gate)) * (self._weight(block, "ffn_up") @ normed)
        fed: Vector = self._weight(block, "ffn_down") @ opened
        return fed

    def _rotated(self, heads: Vector, place: int) -> Vector:
        angles = place * self._frequencies
        even, odd = heads[:, 0::2], heads[:, 1::2]
        turned = np.empty_like(heads)
        turned[:, 0::2] = even * np.cos(angles) - odd * np.sin(angles)
        turned[:, 1::2] = even * np.sin(angles) + odd * np.cos(angles)
        return turned


def _normalized(state: Vector) -> Vector:
    normed: Vector = state / np.sqrt(np.mean(state * state) + np.float32(RMS_EPSILON))
    return normed
