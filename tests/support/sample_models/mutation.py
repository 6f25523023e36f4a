"""Spoil model files where it hurts: counts, lengths, types, dimensions, names, values, the end."""

import random
import struct
from collections.abc import Sequence
from pathlib import Path

from .ggml import write_ggml
from .gguf import write_gguf

_EXTREMES = (
    0,
    1,
    2,
    3,
    7,
    31,
    33,
    255,
    2**15,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63,
    2**64 - 1,
)
_FLOATS = (0.0, -1.0, 1e-30, 1e30, float("nan"), float("inf"), float("-inf"))
_VALUES = (
    b"llama.context_length",
    b"llama.embedding_length",
    b"llama.block_count",
    b"llama.feed_forward_length",
    b"llama.rope.dimension_count",
    b"llama.attention.head_count",
    b"llama.attention.head_count_kv",
    b"llama.attention.layer_norm_rms_epsilon",
    b"llama.rope.freq_base",
    b"tokenizer.ggml.bos_token_id",
    b"tokenizer.ggml.eos_token_id",
    b"tokenizer.ggml.unknown_token_id",
    b"general.file_type",
)
_AFTER_NAME = len(b"ffn_up.weight") + 4 + 16 + 4 + 8
"""Bytes of the last tensor's description, from its name on."""

Range = tuple[int, int]


class Original:
    """A sound file, and the ranges of bytes where a change matters."""

    def __init__(self, path: Path, *, binary: bool) -> None:
        """Write it to `path`."""
        write = write_ggml if binary else write_gguf
        self.content = write(path, weight_type="Q4_1").read_bytes()
        self.suffix = path.suffix
        self._ranges = self._of_ggml() if binary else self._of_gguf()

    def mutation(self, seed: int) -> bytes:
        """Return the file with one to three changes; the same for the same seed."""
        source = random.Random(seed)
        content = bytearray(self.content)
        for _ in range(source.choice((1, 1, 1, 2, 3))):
            self._change(content, source)
        return bytes(content)

    def _of_gguf(self) -> Sequence[Range]:
        places = [
            self.content.index(key) for key in (b"ggml.tokens", b"ggml.scores", b"token_type")
        ]
        first_tensor = self.content.index(b"token_embd.weight")
        data = self.content.rindex(b"ffn_up.weight") + _AFTER_NAME
        return [
            (4, 24),
            (24, places[0]),
            (first_tensor, data),
            *((place, place + 60) for place in places),
            (24, data),
            (data, len(self.content)),
        ]

    def _of_ggml(self) -> Sequence[Range]:
        names = [b"tok_embeddings", b"layers.0.attention.wq", b"layers.1.feed_forward.w3", b"norm"]
        places = [self.content.index(name) for name in names]
        return [
            (4, 36),
            (8, 36),
            (36, 120),
            *((at - 24, at + 40) for at in places),
            (36, places[0]),
        ]

    def _change(self, content: bytearray, source: random.Random) -> None:
        roll = source.random()
        keys = [key for key in _VALUES if key in content]
        if roll < 0.3 and keys:
            self._set_value(content, source, source.choice(keys))
        elif roll < 0.4:
            del content[source.randrange(len(content)) :]
        else:
            low, high = source.choice(self._ranges)
            end = min(high, len(content) - 8)
            if low < end:  # an earlier change may have cut it off
                _overwrite(content, source.randrange(low, end), source)

    @staticmethod
    def _set_value(content: bytearray, source: random.Random, key: bytes) -> None:
        """Give a number of the metadata another value, or another type."""
        place = content.index(key) + len(key)
        if source.random() < 0.2:
            content[place : place + 4] = struct.pack("<I", source.randrange(14))
            return
        number = struct.pack("<I", source.choice(_EXTREMES) & 0xFFFF_FFFF)
        value = source.choice((number, struct.pack("<f", source.choice(_FLOATS))))
        content[place + 4 : place + 8] = value


def _overwrite(content: bytearray, where: int, source: random.Random) -> None:
    match source.randrange(5):
        case 0:
            content[where] ^= 1 << source.randrange(8)
        case 1:
            content[where] = source.randrange(256)
        case 2:
            content[where : where + 4] = (source.choice(_EXTREMES) & 0xFFFF_FFFF).to_bytes(
                4, "little"
            )
        case 3:
            content[where : where + 8] = source.choice(_EXTREMES).to_bytes(8, "little")
        case _:
            other = source.randrange(max(0, where - 200), where + 1)
            content[where : where + 8] = content[other : other + 8]
