"""Have a file of somebody else's in a place of our own: by a link where possible."""

import contextlib
from pathlib import Path

from procoder_model_host.files.digests import CHUNK_BYTES
from procoder_model_host.files.disk import require_space, sync
from procoder_model_host.store.sources.base import Progress, ProgressListener


def link_or_copy(source: Path, target: Path, progress: ProgressListener) -> None:
    """Make `target` hold what `source` holds; what was at `target` goes.

    A hard link survives when the owner deletes the file; across disks a symbolic link is made,
    and where there are none (Windows without the privilege) a copy.
    """
    target.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        target.hardlink_to(source)
        return
    with contextlib.suppress(OSError):
        target.symlink_to(source)
        return
    copy(source, target, progress)


def hard_link_or_copy(source: Path, target: Path, progress: ProgressListener) -> None:
    """Likewise for a file that another program may delete any day: no symbolic link."""
    target.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        target.hardlink_to(source)
        return
    copy(source, target, progress)


def copy(source: Path, target: Path, progress: ProgressListener) -> None:
    """Copy a large file; raises StoreError when the disk is too small."""
    size, done = source.stat().st_size, 0
    require_space(target.parent, size)
    with source.open("rb") as original, target.open("wb") as new:
        while chunk := original.read(CHUNK_BYTES):
            new.write(chunk)
            done += len(chunk)
            progress(Progress("copying", done, size))
        sync(new)
