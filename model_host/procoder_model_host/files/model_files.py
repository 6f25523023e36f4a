"""One view of every file a model may come in: GGUF as it is, GGML `.bin` by conversion, a folder of
safetensors for the engine that takes it."""

from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.compatibility import require_sound
from procoder_model_host.files.digests import CHUNK_BYTES, remembered_sha256
from procoder_model_host.files.disk import require_space, sync
from procoder_model_host.files.ggml_bin import is_ggml, read_ggml
from procoder_model_host.files.gguf import GGUFHeader, Value, read_header
from procoder_model_host.files.gguf_format import ValueType
from procoder_model_host.files.gguf_writer import encode_header
from procoder_model_host.files.model_folder import read_folder
from procoder_model_host.files.profile import NO_OVERRIDES, Overrides, rope_base

CONVERSION = "g1"
"""Part of a copy's name: raised whenever the conversion changes."""


def read_model(path: Path) -> GGUFHeader:
    """Check a model and return its header, a `.bin` file's as it will be once converted.

    Raises ModelFileError.
    """
    if path.is_dir():
        return read_folder(path)
    try:
        old = is_ggml(path)
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    header = read_ggml(path).header if old else read_header(path)
    require_sound(path, header)
    return header


def usable_model(
    path: Path, folder: Path, overrides: Overrides = NO_OVERRIDES
) -> tuple[Path, GGUFHeader]:
    """Return a GGUF file that every engine reads rightly, and its header.

    That is `path` itself, or a copy in `folder` for a `.bin` file and for one whose RoPE base the
    user corrected: engines take the base from the file. A copy is named by the SHA-256 of the
    original, made once, and complete whenever it exists.
    Raises ModelFileError, or StoreError when the disk is too small.
    """
    header = read_model(path)
    wanted = overrides.rope_base
    changed = wanted is not None and wanted != rope_base(header)
    if path.is_dir() or not (changed or is_ggml(path)):
        return path, _with_context(header, overrides)
    base = wanted if wanted is not None else rope_base(header)
    folder.mkdir(parents=True, exist_ok=True)
    digest = remembered_sha256(path, folder).removeprefix("sha256:")
    target = folder / f"{digest}-{CONVERSION}-{base:g}.gguf"
    with FileLock(folder / f"{target.name}.lock"):
        if not target.exists():
            _write_copy(path, _with_base(header, base), target)
    return target, _with_context(read_header(target), overrides)


def _with_context(header: GGUFHeader, overrides: Overrides) -> GGUFHeader:
    """Return the header with the user's context length: the file keeps its own."""
    if overrides.context_length is None:
        return header
    key = f"{header.architecture}.context_length"
    metadata: dict[str, Value] = {**header.metadata, key: overrides.context_length}
    return replace(header, metadata=metadata, types={**header.types, key: (ValueType.UINT32, None)})


def _with_base(header: GGUFHeader, base: float) -> GGUFHeader:
    key = f"{header.architecture}.rope.freq_base"
    metadata: dict[str, Value] = {**header.metadata, key: base}
    return replace(
        header, metadata=metadata, types={**header.types, key: (ValueType.FLOAT32, None)}
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    source: int
    """Bytes from the start of the original."""
    size: int


def _pieces(path: Path, header: GGUFHeader) -> list[_Piece]:
    if is_ggml(path):
        sources = read_ggml(path).sources
        return [_Piece(at, t.size) for at, t in zip(sources, header.tensors, strict=True)]
    end = max((t.offset + t.size for t in header.tensors), default=0)
    return [_Piece(header.data_offset, end)]


def _write_copy(path: Path, header: GGUFHeader, target: Path) -> None:
    start = encode_header(header.metadata, header.types, header.tensors, header.alignment)
    pieces = _pieces(path, header)
    require_space(target.parent, len(start) + sum(p.size + header.alignment for p in pieces))
    partial = target.with_suffix(".partial")
    try:
        with path.open("rb") as source, partial.open("wb") as copy:
            copy.write(start)
            for piece in pieces:
                source.seek(piece.source)
                left = piece.size
                while left and (chunk := source.read(min(left, CHUNK_BYTES))):
                    copy.write(chunk)
                    left -= len(chunk)
                if left:
                    raise ModelFileError(path, "changed while it was being converted", "Try again.")
                copy.write(bytes(-piece.size % header.alignment))
            sync(copy)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
