"""Write a sample as a GGML `.bin` file, `ggjt` version 3: what was common before GGUF.

Layout as written by llama.cpp's convert.py of summer 2023: hyperparameters without RoPE base and
context length; token texts with plain spaces; tensors under Meta's names, aligned to 32 bytes.
"""

import struct
from pathlib import Path

from .shape import TINY, Shape
from .vocabulary import BYTE, CONTROL, SPACE, UNKNOWN, Piece, vocabulary
from .weights import packed_weights

MAGIC = 0x67676A74
ALIGNMENT = 32
_FILE_TYPES = {"F32": 0, "F16": 1, "Q4_1": 3}
_OWN_NAMES = {
    "token_embd": "tok_embeddings",
    "output_norm": "norm",
    "attn_norm": "attention_norm",
    "attn_q": "attention.wq",
    "attn_k": "attention.wk",
    "attn_v": "attention.wv",
    "attn_output": "attention.wo",
    "ffn_gate": "feed_forward.w1",
    "ffn_down": "feed_forward.w2",
    "ffn_up": "feed_forward.w3",
}


def write_ggml(
    path: Path,
    *,
    weight_type: str = "F32",
    version: int = 3,
    shape: Shape = TINY,
) -> Path:
    """Write the weights that `write_gguf` writes with equal arguments, and return `path`."""
    pieces = vocabulary()
    fields = (len(pieces), shape.width, shape.multiple, shape.heads, shape.blocks)
    with path.open("wb") as file:
        file.write(struct.pack("<II", MAGIC, version))
        file.write(struct.pack("<7I", *fields, shape.head_width, _FILE_TYPES[weight_type]))
        for piece in pieces:
            text = _text(piece)
            file.write(struct.pack("<I", len(text)) + text + struct.pack("<f", piece.score))
        for name, (kind, dims, data) in packed_weights(shape, weight_type).items():
            own = _own_name(name).encode()
            file.write(struct.pack(f"<III{len(dims)}I", len(dims), len(own), kind, *dims) + own)
            file.write(bytes(-file.tell() % ALIGNMENT))
            file.write(data)
    return path


def _text(piece: Piece) -> bytes:
    match piece.kind:
        case kind if kind == UNKNOWN:
            return " \u2047 ".encode()
        case kind if kind == CONTROL:
            return b""
        case kind if kind == BYTE:
            return bytes.fromhex(piece.name[3:5])
        case _:
            return piece.name.replace(SPACE, " ").encode()


def _own_name(name: str) -> str:
    *block, tensor, weight = name.split(".")
    prefix = ["layers", block[1]] if block else []
    return ".".join([*prefix, _OWN_NAMES.get(tensor, tensor), weight])
