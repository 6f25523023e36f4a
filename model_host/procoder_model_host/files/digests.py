"""SHA-256 of model files, remembered so that gigabytes are not read at every start."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

CHUNK_BYTES = 2**20


def sha256_of(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """Return `sha256:<hex>` of the file; `progress` gets the bytes read so far."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done)
    return f"sha256:{digest.hexdigest()}"


def remembered_sha256(path: Path, memory: Path) -> str:
    """Return `sha256:<hex>` of the file, from a note in the folder `memory` when one fits.

    A note holds for one path, inode, size and time of change: good enough to skip work for a
    file in its place, not for `verify`, which reads the file.
    """
    status = path.stat()
    identity = (str(path.resolve()), status.st_ino, status.st_size, status.st_mtime_ns)
    note = memory / f"{hashlib.sha256(repr(identity).encode()).hexdigest()}.sha256"
    with contextlib.suppress(OSError):
        known = note.read_text(encoding="ascii")
        if len(known) == len("sha256:") + 64:
            return known
    digest = sha256_of(path)
    memory.mkdir(parents=True, exist_ok=True)
    replace_text(note, digest)
    return digest


def replace_text(path: Path, text: str) -> None:
    """Write a small file atomically."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
