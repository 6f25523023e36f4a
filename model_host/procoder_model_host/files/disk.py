"""Disk space and durability for files of gigabytes."""

import os
import shutil
from pathlib import Path
from typing import IO

from procoder_model_host.errors import StoreError

SPARE_BYTES = 64 * 2**20
"""Left free, so that a full disk does not take other programs down."""


def require_space(folder: Path, size: int) -> None:
    """Raise StoreError unless `size` bytes fit onto the disk of `folder`, which exists."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE_BYTES:
        raise StoreError(
            f"{folder} has {free / 1e6:,.0f} MB free and {size / 1e6:,.0f} MB are needed",
            "Free some space, or set PROCODER_DATA_DIR to a folder on another disk.",
        )


def sync(file: IO[bytes]) -> None:
    """Flush a file to the disk, so that a rename never publishes less than its content."""
    file.flush()
    os.fsync(file.fileno())
