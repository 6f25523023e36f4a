"""Encode a GGUF version 2 header; the counterpart of `gguf.read_header`."""

import struct
from collections.abc import Iterable, Mapping

from procoder_model_host.files.gguf import Scalar, TensorInfo, Value
from procoder_model_host.files.gguf_format import MAGIC, SCALAR_FORMATS, ValueType

WRITTEN_VERSION = 2


def encode_header(
    metadata: Mapping[str, Value],
    types: Mapping[str, tuple[ValueType, ValueType | None]],
    tensors: tuple[TensorInfo, ...],
    alignment: int,
) -> bytes:
    """Return the header, padded so that the tensor data follows at once."""
    parts = [MAGIC, struct.pack("<IQQ", WRITTEN_VERSION, len(tensors), len(metadata))]
    for key, value in metadata.items():
        parts.append(_string(key))
        parts.append(_value(value, *types[key]))
    parts.extend(_tensor(tensor) for tensor in tensors)
    header = b"".join(parts)
    return header + bytes(-len(header) % alignment)


def _string(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return struct.pack("<Q", len(data)) + data


def _value(value: Value, kind: ValueType, item_kind: ValueType | None) -> bytes:
    if item_kind is None:
        items: Iterable[Scalar] = () if isinstance(value, tuple) else (value,)
        return struct.pack("<I", kind) + _scalars(tuple(items), kind)
    items = value if isinstance(value, tuple) else (value,)
    items = tuple(items)
    return struct.pack("<IIQ", kind, item_kind, len(items)) + _scalars(items, item_kind)


def _scalars(items: tuple[Scalar, ...], kind: ValueType) -> bytes:
    if kind is ValueType.STRING:
        return b"".join(_string(str(item)) for item in items)
    return struct.pack(f"<{len(items)}{SCALAR_FORMATS[kind]}", *items)


def _tensor(tensor: TensorInfo) -> bytes:
    axes = len(tensor.dimensions)
    return _string(tensor.name) + struct.pack(
        f"<I{axes}QIQ", axes, *tensor.dimensions, tensor.type, tensor.offset
    )
