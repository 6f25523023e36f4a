"""The header check: well-formed files pass, everything else is a ModelFileError, quickly."""

import random
import struct
import tracemalloc
from pathlib import Path

import pytest

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.gguf import ALIGNMENT_KEY, read_header
from procoder_model_host.files.gguf_format import ValueType

DATA = bytes(range(256)) * 2
MAX = 2**64 - 1


def string(text: bytes, version: int = 3) -> bytes:
    return struct.pack("<I" if version == 1 else "<Q", len(text)) + text


def entry(key: bytes, kind: int, payload: bytes, version: int = 3) -> bytes:
    return string(key, version) + struct.pack("<I", kind) + payload


def tensor(
    name: bytes = b"w",
    dimensions: tuple[int, ...] = (32, 4),
    kind: int = 0,
    offset: int = 0,
    version: int = 3,
) -> bytes:
    size = "I" if version == 1 else "Q"
    axes = struct.pack(f"<I{len(dimensions)}{size}", len(dimensions), *dimensions)
    return string(name, version) + axes + struct.pack("<IQ", kind, offset)


NAME = entry(b"general.name", 8, string(b"tiny"))
NUMBERS = entry(b"some.numbers", 9, struct.pack("<IQ3i", 5, 3, 1, -2, 3))
TRUTH = entry(b"some.truth", 7, b"\x01")


def model(
    entries: tuple[bytes, ...] = (NAME, NUMBERS, TRUTH),
    tensors: tuple[bytes, ...] = (tensor(),),
    *,
    version: int = 3,
    counts: tuple[int, int] | None = None,
    data: bytes = DATA,
) -> bytes:
    """Return a file; `counts` are the announced numbers of tensors and entries."""
    announced = counts or (len(tensors), len(entries))
    start = b"GGUF" + struct.pack("<I", version)
    header = start + struct.pack("<II" if version == 1 else "<QQ", *announced)
    header += b"".join(entries) + b"".join(tensors)
    return header + bytes(-len(header) % 32) + data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_reads_every_version(path: Path, version: int) -> None:
    name = entry(b"general.name", 8, string(b"tiny", version), version)
    array_size = "<II2f" if version == 1 else "<IQ2f"
    scores = entry(b"scores", 9, struct.pack(array_size, 6, 2, 0.5, -1.0), version)
    path.write_bytes(model((name, scores), (tensor(version=version),), version=version))

    header = read_header(path)

    assert header.version == version
    assert header.metadata == {"general.name": "tiny", "scores": (0.5, -1.0)}
    assert header.types["scores"] == (ValueType.ARRAY, ValueType.FLOAT32)
    assert [(t.name, t.dimensions, t.size) for t in header.tensors] == [("w", (32, 4), 512)]
    assert path.stat().st_size - header.data_offset == len(DATA)


def test_keeps_bytes_that_are_not_utf8(path: Path) -> None:
    path.write_bytes(model((entry(b"k", 8, string(b"\xff\xe2\x82")),)))
    value = read_header(path).metadata["k"]
    assert str(value).encode("utf-8", "surrogateescape") == b"\xff\xe2\x82"


def test_honours_the_alignment(path: Path) -> None:
    aligned = entry(ALIGNMENT_KEY.encode(), 4, struct.pack("<I", 128))
    path.write_bytes(model((aligned,), data=DATA + bytes(128)))
    assert read_header(path).data_offset % 128 == 0


def with_alignment(value: int, kind: int = 4) -> bytes:
    return model((entry(ALIGNMENT_KEY.encode(), kind, struct.pack("<I", value)),))


BAD = {
    "empty": (b"", "not a GGUF"),
    "short": (b"GG", "not a GGUF"),
    "other format": (b"lmgg" + bytes(60), "not a GGUF"),
    "magic only": (b"GGUF", "ends within the version"),
    "version 0": (model(version=0), "version 0"),
    "version 4": (model(version=4), "version 4"),
    "big-endian": (b"GGUF" + struct.pack(">I", 3) + bytes(60), "big-endian"),
    "no counts": (model()[:10], "ends within the number"),
    "tensors beyond reason": (model(counts=(MAX, 3)), "announces"),
    "entries beyond reason": (model(counts=(1, 2**63)), "announces"),
    "more tensors than there are": (model(counts=(60_000, 3)), ""),
    "more entries than there are": (model(counts=(1, 60_000)), ""),
    "key of 2^64 bytes": (model((struct.pack("<Q", MAX),)), "at most"),
    "key longer than the file": (model((struct.pack("<Q", 60_000),)), "ends within"),
    "empty key": (model((entry(b"", 7, b"\x01"),)), "is empty"),
    "repeated key": (model((NAME, NAME)), "repeated"),
    "string of 2^64 bytes": (model((entry(b"k", 8, struct.pack("<Q", MAX)),)), "at most"),
    "string past the end": (model((entry(b"k", 8, struct.pack("<Q", 2**20)),)), "ends within"),
    "unknown value type": (model((entry(b"k", 13, bytes(8)),)), "unknown type 13"),
    "unknown item type": (model((entry(b"k", 9, struct.pack("<IQ", 99, 1)),)), "type 99"),
    "array of arrays": (model((entry(b"k", 9, struct.pack("<IQ", 9, 1)),)), "array of arrays"),
    "array of 2^64": (model((entry(b"k", 9, struct.pack("<IQ", 0, MAX)),)), "at most"),
    "array past the end": (model((entry(b"k", 9, struct.pack("<IQ", 12, 2**21)),)), "ends within"),
    "strings past the end": (model((entry(b"k", 9, struct.pack("<IQ", 8, 2**21)),)), ""),
    "a truth of 2": (model((entry(b"k", 7, b"\x02"),)), "neither true nor false"),
    "alignment 0": (with_alignment(0), "power of two"),
    "alignment 24": (with_alignment(24), "power of two"),
    "alignment 2^31": (with_alignment(2**31), "power of two"),
    "alignment as float": (with_alignment(32, kind=6), "not an unsigned"),
    "no dimensions": (model(tensors=(tensor(dimensions=()),)), "0 dimensions"),
    "5 dimensions": (model(tensors=(tensor(dimensions=(1,) * 5),)), "5 dimensions"),
    "2^32 dimensions": (
        model(tensors=(string(b"w") + struct.pack("<I", 2**32 - 1),)),
        "4294967295 dimensions",
    ),
    "dimension 0": (model(tensors=(tensor(dimensions=(32, 0)),)), "dimension of 0"),
    "product past 2^64": (model(tensors=(tensor(dimensions=(2**63, 2)),)), "truncated"),
    "product of 0 modulo 2^64": (model(tensors=(tensor(dimensions=(2**32, 2**32)),)), "truncated"),
    "unknown tensor type": (model(tensors=(tensor(kind=4),)), "unknown type 4"),
    "part of a block": (model(tensors=(tensor(dimensions=(33,), kind=3),)), "block of 32"),
    "odd offset": (model(tensors=(tensor(dimensions=(8,), offset=4),)), "multiple of 32"),
    "offset past the end": (model(tensors=(tensor(offset=2**40),)), "truncated"),
    "offset past 2^64": (model(tensors=(tensor(offset=2**64 - 32),)), "truncated"),
    "truncated data": (model(data=DATA[:-1]), "truncated"),
    "repeated tensor": (model(tensors=(tensor(), tensor())), "repeated"),
    "tensor name too long": (model(tensors=(tensor(name=b"w" * 64),)), "at most 63"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_refuses_malformed_headers(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ModelFileError) as caught:
            read_header(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reason in str(caught.value)
    assert caught.value.path == path
    assert peak < 8 * 2**20, "a small file must not cost much memory"


@pytest.mark.parametrize("name", ["missing.gguf", "."])
def test_refuses_what_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_header(tmp_path / name)


def mutations(seed: int) -> bytes:
    """Return the model with some words, bytes or its end changed, most often in the header."""
    generator = random.Random(seed)
    content = bytearray(model())
    header_size = len(content) - len(DATA)
    for _ in range(generator.randint(1, 3)):
        where = generator.randrange(4, header_size)
        width = generator.choice([1, 4, 8])
        extreme = generator.choice([0, 1, 2**31, 2**63, MAX, generator.randrange(2**64)])
        content[where : where + width] = (extreme % 2 ** (8 * width)).to_bytes(width, "little")
    end = generator.choice([len(content), len(content), generator.randrange(len(content))])
    return bytes(content[:end])


def test_mutated_headers_are_refused_or_hold_what_they_promise(path: Path) -> None:
    outcomes = {"read": 0, "refused": 0}
    for seed in range(1500):
        path.write_bytes(mutations(seed))
        try:
            header = read_header(path)
        except ModelFileError:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        size = path.stat().st_size
        assert all(header.data_offset + t.offset + t.size <= size for t in header.tensors), seed
    assert min(outcomes.values()) > 50, outcomes


def test_every_prefix_of_a_model_is_refused(path: Path) -> None:
    content = model()
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with pytest.raises(ModelFileError):
            read_header(path)
