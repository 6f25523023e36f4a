"""Read and check the header of a safetensors file, without the library that loads it.

Eight bytes of length, a JSON object of tensors, then the data: a tensor names its type, shape and
place, and nothing in the file is ever executed (unlike the pickles that `.bin` files hold).
Format: https://github.com/huggingface/safetensors#format
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procoder_model_host.errors import ModelFileError

MAX_HEADER_BYTES = 64 * 2**20
MAX_DIMENSIONS = 8

_ITEM_BYTES: Mapping[str, int] = {
    **dict.fromkeys(("F64", "I64", "U64"), 8),
    **dict.fromkeys(("F32", "I32", "U32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 2),
    **dict.fromkeys(("BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2"), 1),
}
_ADVICE = "Copy or download the file again."


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor of a file whose place was checked."""

    type: str
    """As the format writes it: F32, BF16, …"""
    shape: tuple[int, ...]


def read_tensors(path: Path) -> Mapping[str, StoredTensor]:
    """Return the file's tensors by name; raises ModelFileError for anything malformed."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == len(b"12345678") else 0
            if not 0 < length <= min(MAX_HEADER_BYTES, size - 8):
                raise ModelFileError(path, "is not a complete safetensors file", _ADVICE)
            header = json.loads(file.read(length))
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        raise ModelFileError(path, reason) from error
    except (ValueError, RecursionError) as error:
        raise ModelFileError(path, "has a header that is not JSON", _ADVICE) from error
    if not isinstance(header, dict):
        raise ModelFileError(path, "has a header that is not an object", _ADVICE)
    header.pop("__metadata__", None)
    data_bytes = size - 8 - length
    places: list[tuple[int, int]] = []
    tensors = {name: _tensor(path, name, entry, places) for name, entry in header.items()}
    end = 0
    for first, last in sorted(places):
        if first != end:
            raise ModelFileError(path, "has tensors that overlap or leave gaps", _ADVICE)
        end = last
    if end != data_bytes:
        reason = f"holds {data_bytes:,} bytes of tensors where its header says {end:,}"
        raise ModelFileError(path, reason, _ADVICE)
    return tensors


def _tensor(path: Path, name: str, entry: Any, places: list[tuple[int, int]]) -> StoredTensor:
    match entry:
        case {"dtype": str(kind), "shape": [*shape], "data_offsets": [int(first), int(last)]} if (
            kind in _ITEM_BYTES
            and len(shape) <= MAX_DIMENSIONS
            and all(type(length) is int and 0 <= length < 2**40 for length in shape)
            and 0 <= first <= last
            and last - first == math.prod(shape) * _ITEM_BYTES[kind]
        ):
            places.append((first, last))
            return StoredTensor(kind, tuple(shape))
        case _:
            raise ModelFileError(path, f"describes the tensor {name[:80]!r} wrongly", _ADVICE)
