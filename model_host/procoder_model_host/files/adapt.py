"""Rewrite a llama model so that ctransformers 0.2.27 can load it; the original stays untouched.

ctransformers refuses GGUF version 3, although its little-endian form differs from version 2 in
the number alone. It also wants an `output.weight` of its own (newer files tie it to the
embeddings), `tokenizer.ggml.scores`, and BPE tokens as raw bytes. The copy is for ctransformers
only: current llama.cpp misreads its tokens.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.compatibility import (
    EMBEDDINGS,
    MERGES,
    OUTPUT,
    SCORES,
    TOKENS,
    VOCABULARY_TYPES,
    require_loadable,
)
from procoder_model_host.files.digests import CHUNK_BYTES, remembered_sha256
from procoder_model_host.files.disk import require_space, sync
from procoder_model_host.files.gguf import GGUFHeader, TensorInfo, Value
from procoder_model_host.files.gguf_format import ValueType
from procoder_model_host.files.gguf_writer import WRITTEN_VERSION, encode_header

ADAPTATION = "a1"
"""Part of a copy's name: raised whenever the rewriting changes."""

FREQUENCY_BASE = "llama.rope.freq_base"
CODE_LLAMA_FREQUENCY_BASE = 1_000_000.0
CODE_LLAMA_VOCABULARY = 32_016
"""Tokens of the Code Llama models trained to infill: Llama's 32,000 and 16 more."""

NORMAL_TOKEN = 1
SPECIAL_TYPES = frozenset({3, 4})
"""Control and user-defined tokens, which are literal text."""


def adapted_copy(path: Path, header: GGUFHeader, folder: Path) -> Path:
    """Return a file that ctransformers can load: `path` itself, or a copy in `folder`.

    A copy is named by the SHA-256 of the original, made once, and complete whenever it exists.
    Raises ModelFileError when no rewriting helps, StoreError when the disk is too small.
    """
    require_loadable(path, header)
    if not _needs_adaptation(header):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    digest = remembered_sha256(path, folder)
    target = folder / adapted_name(digest)
    with FileLock(folder / f"{target.name}.lock"):
        if not target.exists():
            _write_copy(path, header, target)
    return target


def adapted_name(digest: str) -> str:
    """Return the name of the copy of an original with this digest (`sha256:<hex>`)."""
    return f"{digest.removeprefix('sha256:')}-{ADAPTATION}.gguf"


def _needs_adaptation(header: GGUFHeader) -> bool:
    return (
        header.version > WRITTEN_VERSION
        or _lacks_frequency_base(header)
        or _has_encoded_tokens(header)
    )


def _has_encoded_tokens(header: GGUFHeader) -> bool:
    """Tell whether BPE tokens are written in GPT-2's byte alphabet, as since October 2023."""
    return (
        header.architecture == "llama"
        and header.metadata.get("tokenizer.ggml.model") == "gpt2"
        and "\n" not in _strings(header, TOKENS)
    )


def _lacks_frequency_base(header: GGUFHeader) -> bool:
    """Tell whether this is Code Llama without its RoPE base: it would answer nonsense."""
    return (
        header.architecture == "llama"
        and FREQUENCY_BASE not in header.metadata
        and len(_strings(header, TOKENS)) == CODE_LLAMA_VOCABULARY
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    header: bytes
    data_size: int
    """Bytes of the original's tensor data, padded; copied as they are."""
    tied: TensorInfo | None
    """The tensor to append once more as `output.weight`."""


def _write_copy(path: Path, header: GGUFHeader, target: Path) -> None:
    plan = _plan(header)
    total = len(plan.header) + plan.data_size + (plan.tied.size if plan.tied else 0)
    require_space(target.parent, total)
    partial = target.with_suffix(".partial")
    try:
        with path.open("rb") as source, partial.open("wb") as copy:
            copy.write(plan.header)
            source.seek(header.data_offset)
            shutil.copyfileobj(source, copy, CHUNK_BYTES)
            copy.truncate(len(plan.header) + plan.data_size)
            copy.seek(0, os.SEEK_END)
            if plan.tied is not None:
                source.seek(header.data_offset + plan.tied.offset)
                _copy_exactly(source.read, copy.write, plan.tied.size)
            sync(copy)
        if partial.stat().st_size != total:
            raise ModelFileError(path, "changed while it was being adapted", "Try again.")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy_exactly(
    read: Callable[[int], bytes], write: Callable[[bytes], object], size: int
) -> None:
    while size and (chunk := read(min(size, CHUNK_BYTES))):
        write(chunk)
        size -= len(chunk)


def _plan(header: GGUFHeader) -> _Plan:
    metadata, types = _adapted_metadata(header)
    tensors = {tensor.name: tensor for tensor in header.tensors}
    end = max(tensor.offset + tensor.size for tensor in header.tensors)
    data_size = end + -end % header.alignment
    tied = None if OUTPUT in tensors else tensors[EMBEDDINGS]
    if tied is not None:
        tensors[OUTPUT] = TensorInfo(OUTPUT, tied.dimensions, tied.type, data_size)
    encoded = encode_header(metadata, types, tuple(tensors.values()), header.alignment)
    return _Plan(encoded, data_size, tied)


def _adapted_metadata(
    header: GGUFHeader,
) -> tuple[dict[str, Value], dict[str, tuple[ValueType, ValueType | None]]]:
    metadata, types = dict(header.metadata), dict(header.types)
    tokens = _strings(header, TOKENS)
    if SCORES not in metadata:
        metadata[SCORES] = (0.0,) * len(tokens)
        types[SCORES] = ValueType.ARRAY, ValueType.FLOAT32
    if VOCABULARY_TYPES not in metadata:
        metadata[VOCABULARY_TYPES] = (NORMAL_TOKEN,) * len(tokens)
        types[VOCABULARY_TYPES] = ValueType.ARRAY, ValueType.INT32
    if _lacks_frequency_base(header):
        metadata[FREQUENCY_BASE] = CODE_LLAMA_FREQUENCY_BASE
        types[FREQUENCY_BASE] = ValueType.FLOAT32, None
    if _has_encoded_tokens(header):
        kinds = metadata[VOCABULARY_TYPES]
        kinds = kinds if isinstance(kinds, tuple) else ()
        metadata[TOKENS] = tuple(
            token if kind in SPECIAL_TYPES else raw_token(token)
            for token, kind in zip(tokens, kinds, strict=True)
        )
        metadata[MERGES] = tuple(
            " ".join(map(raw_token, merge.split(" "))) for merge in _strings(header, MERGES)
        )
        types[MERGES] = ValueType.ARRAY, ValueType.STRING
    return metadata, types


def _strings(header: GGUFHeader, key: str) -> tuple[str, ...]:
    value = header.metadata.get(key)
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def _byte_alphabet() -> dict[str, int]:
    """Return GPT-2's byte-to-unicode table, reversed (`bytes_to_unicode` in its encoder.py)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    alphabet = {chr(byte): byte for byte in printable}
    return alphabet | {chr(0x100 + index): byte for index, byte in enumerate(others)}


_ALPHABET = _byte_alphabet()


def raw_token(token: str) -> str:
    """Return a BPE token's bytes (as UTF-8 with surrogate escapes), or the token itself when
    it is not written in GPT-2's byte alphabet.
    """
    try:
        raw = bytes([_ALPHABET[character] for character in token])
    except KeyError:
        return token
    return raw.decode("utf-8", "surrogateescape")
