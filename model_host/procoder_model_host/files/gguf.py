"""Read and check the header of a GGUF model file, versions 1 to 3, little-endian.

Native loaders trust these headers and crash on bad ones (CVE-2024-21802, CVE-2024-23605), so
no file reaches an engine unless it passed here. Every count and length is checked against a
limit and against the bytes that remain before anything is read or allocated; the work is
bounded by `MAX_HEADER_BYTES`, whatever the file says.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.gguf_format import BLOCK_TYPES, MAGIC, SCALAR_FORMATS, ValueType

__all__ = ["GGUFHeader", "Scalar", "TensorInfo", "Value", "ValueType", "read_header"]

DEFAULT_ALIGNMENT = 32
ALIGNMENT_KEY = "general.alignment"

MAX_HEADER_BYTES = 64 * 2**20
MAX_ENTRIES = 65_536
MAX_TENSORS = 65_536
MAX_ARRAY_ITEMS = 4 * 2**20
MAX_STRING_BYTES = 8 * 2**20
MAX_KEY_BYTES = 65_535
MAX_TENSOR_NAME_BYTES = 63
MAX_DIMENSIONS = 4
MIN_ALIGNMENT = 8
MAX_ALIGNMENT = 2**20

Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor's place in the file."""

    name: str
    dimensions: tuple[int, ...]
    """Elements along each axis, the contiguous axis first."""
    type: int
    """A key of `BLOCK_TYPES`."""
    offset: int
    """Bytes from the header's `data_offset`; a multiple of its `alignment`."""

    @property
    def size(self) -> int:
        """Bytes of its data, without padding."""
        block = BLOCK_TYPES[self.type]
        elements = 1
        for length in self.dimensions:
            elements *= length
        return elements // block.length * block.size


@dataclass(frozen=True, slots=True)
class GGUFHeader:
    """A checked header: every tensor's data lies within the file."""

    version: int
    metadata: Mapping[str, Value]
    """Values by key, in file order; arrays are tuples. Bytes of a string that are not UTF-8
    are kept as surrogate escapes."""
    types: Mapping[str, tuple[ValueType, ValueType | None]]
    """Type by key; for an array also the type of its items."""
    tensors: tuple[TensorInfo, ...]
    alignment: int
    data_offset: int
    """Bytes from the start of the file to the tensor data."""

    @property
    def architecture(self) -> str:
        """`general.architecture`, or an empty string."""
        return str(self.metadata.get("general.architecture", ""))


def read_header(path: Path) -> GGUFHeader:
    """Read and check the header of the file at `path`.

    Raises ModelFileError for anything but a well-formed little-endian GGUF file of version
    1 to 3, also when the file is missing or unreadable.
    """
    try:
        with path.open("rb") as file:
            return _Reader(path, file, path.stat().st_size).header()
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        raise ModelFileError(path, reason) from error


@dataclass(slots=True)
class _Reader:
    path: Path
    file: BinaryIO
    file_size: int
    position: int = 0
    length_format: str = field(default="Q")
    """Counts and lengths have 32 bits in version 1, 64 bits later."""

    def header(self) -> GGUFHeader:
        version = self.version()
        tensor_count = self.count("tensors", MAX_TENSORS)
        entry_count = self.count("metadata entries", MAX_ENTRIES)
        metadata: dict[str, Value] = {}
        types: dict[str, tuple[ValueType, ValueType | None]] = {}
        for _ in range(entry_count):
            self.entry(metadata, types)
        alignment = self.alignment(metadata, types)
        tensors = tuple(self.tensor(alignment) for _ in range(tensor_count))
        data_offset = self.position + -self.position % alignment
        self.check_tensors(tensors, data_offset)
        return GGUFHeader(version, metadata, types, tensors, alignment, data_offset)

    def fail(self, reason: str) -> ModelFileError:
        return ModelFileError(
            self.path, reason, "Download the model again, or use another file (GGUF format)."
        )

    def take(self, size: int, what: str) -> bytes:
        if size > self.file_size - self.position:
            raise self.fail(f"the file ends within {what}")
        if self.position + size > MAX_HEADER_BYTES:
            raise self.fail(f"the header is larger than {MAX_HEADER_BYTES:,} bytes")
        data = self.file.read(size)
        if len(data) != size:
            raise self.fail(f"the file ends within {what}")
        self.position += size
        return data

    def number(self, code: str, what: str) -> int:
        value: int = struct.unpack("<" + code, self.take(struct.calcsize("<" + code), what))[0]
        return value

    def version(self) -> int:
        if self.take(min(4, self.file_size), "the magic number") != MAGIC:
            raise self.fail("is not a GGUF file")
        version = self.number("I", "the version")
        if version and version & 0xFFFF == 0:
            raise self.fail("is a big-endian GGUF file, which is not supported")
        if version not in {1, 2, 3}:
            raise self.fail(f"has GGUF version {version}; versions 1 to 3 are known")
        self.length_format = "I" if version == 1 else "Q"
        return version

    def count(self, what: str, limit: int) -> int:
        count = self.number(self.length_format, f"the number of {what}")
        if count > limit:
            raise self.fail(f"announces {count:,} {what}; at most {limit:,} are allowed")
        return count

    def string(self, what: str, limit: int = MAX_STRING_BYTES) -> str:
        size = self.number(self.length_format, what)
        if size > limit:
            raise self.fail(f"{what} has {size:,} bytes; at most {limit:,} are allowed")
        return self.take(size, what).decode("utf-8", "surrogateescape")

    def value_type(self, what: str) -> ValueType:
        number = self.number("I", f"the type of {what}")
        try:
            return ValueType(number)
        except ValueError:
            raise self.fail(f"{what} has the unknown type {number}") from None

    def entry(
        self,
        metadata: dict[str, Value],
        types: dict[str, tuple[ValueType, ValueType | None]],
    ) -> None:
        key = self.string("a metadata key", MAX_KEY_BYTES)
        if not key or key in metadata:
            raise self.fail(f"the metadata key {key!r} is {'repeated' if key else 'empty'}")
        what = f"the metadata value of {key!r}"
        kind = self.value_type(what)
        if kind is ValueType.ARRAY:
            item_kind = self.value_type(f"the items of {key!r}")
            types[key] = kind, item_kind
            metadata[key] = self.array(item_kind, what)
        else:
            types[key] = kind, None
            metadata[key] = self.scalars(kind, 1, what)[0]

    def array(self, kind: ValueType, what: str) -> tuple[Scalar, ...]:
        if kind is ValueType.ARRAY:
            raise self.fail(f"{what} is an array of arrays, which no model needs")
        return self.scalars(kind, self.count(f"items in {what}", MAX_ARRAY_ITEMS), what)

    def scalars(self, kind: ValueType, count: int, what: str) -> tuple[Scalar, ...]:
        if kind is ValueType.STRING:
            return tuple(self.string(what) for _ in range(count))
        code = SCALAR_FORMATS[kind]
        data = self.take(count * struct.calcsize("<" + code), what)
        if kind is ValueType.BOOL and any(data.translate(None, b"\x00\x01")):
            raise self.fail(f"{what} is neither true nor false")
        return struct.unpack(f"<{count}{code}", data)

    def alignment(
        self,
        metadata: Mapping[str, Value],
        types: Mapping[str, tuple[ValueType, ValueType | None]],
    ) -> int:
        if ALIGNMENT_KEY not in metadata:
            return DEFAULT_ALIGNMENT
        value = metadata[ALIGNMENT_KEY]
        if types[ALIGNMENT_KEY][0] is not ValueType.UINT32 or not isinstance(value, int):
            raise self.fail(f"{ALIGNMENT_KEY} is not an unsigned 32-bit number")
        # ggml pads with `-offset & (alignment - 1)`, which is wrong for other numbers.
        if not MIN_ALIGNMENT <= value <= MAX_ALIGNMENT or value & (value - 1):
            raise self.fail(f"the alignment {value} is not a power of two from 8 to 1,048,576")
        return value

    def tensor(self, alignment: int) -> TensorInfo:
        name = self.string("a tensor name", MAX_TENSOR_NAME_BYTES)
        what = f"the tensor {name!r}"
        axes = self.number("I", what)
        if not 1 <= axes <= MAX_DIMENSIONS:
            raise self.fail(f"{what} has {axes} dimensions; 1 to {MAX_DIMENSIONS} are allowed")
        dimensions = tuple(self.number(self.length_format, what) for _ in range(axes))
        kind = self.number("I", what)
        offset = self.number("Q", what)
        if kind not in BLOCK_TYPES:
            raise self.fail(f"{what} has the unknown type {kind}")
        if min(dimensions) < 1:
            raise self.fail(f"{what} has a dimension of 0")
        block = BLOCK_TYPES[kind]
        if dimensions[0] % block.length:
            raise self.fail(
                f"{what} has rows of {dimensions[0]}, not a multiple of "
                f"{block.name}'s block of {block.length}"
            )
        if offset % alignment:
            raise self.fail(f"{what} starts at {offset}, not a multiple of {alignment}")
        return TensorInfo(name, dimensions, kind, offset)

    def check_tensors(self, tensors: tuple[TensorInfo, ...], data_offset: int) -> None:
        names: set[str] = set()
        for tensor in tensors:
            if not tensor.name or tensor.name in names:
                raise self.fail(f"the tensor name {tensor.name!r} is repeated or empty")
            names.add(tensor.name)
            end = data_offset + tensor.offset + tensor.size
            if end > self.file_size:
                raise self.fail(
                    f"the tensor {tensor.name!r} ends at byte {end:,} of {self.file_size:,}: "
                    "the file is truncated or damaged"
                )
