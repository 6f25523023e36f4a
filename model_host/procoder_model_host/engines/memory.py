"""How much memory KV caches take, and how much the machine has."""

import ctypes
import os
import sys
from pathlib import Path

from procoder_model_host.files.gguf import GGUFHeader

_VALUE_BYTES = 2
"""Keys and values are kept as 16-bit floats."""
_SPARE_SHARE = 2
"""One part in so many of what is free goes to KV caches: the editor lives here too."""


def kv_bytes(header: GGUFHeader, context_window: int) -> int:
    """Return the bytes of one KV cache: keys and values of each block and token."""
    blocks, width, heads = (
        _count(header, name) for name in ("block_count", "embedding_length", "attention.head_count")
    )
    kv_heads = _count(header, "attention.head_count_kv") or heads
    kv_width = width // max(heads, 1) * kv_heads
    return 2 * blocks * kv_width * context_window * _VALUE_BYTES


def spare_memory(weights: int) -> int | None:
    """Return the bytes to spend on KV caches beside mapped weights; None when nobody knows."""
    available = available_memory()
    return None if available is None else max(available - weights, 0) // _SPARE_SHARE


def available_memory() -> int | None:
    """Return the bytes that can be had without swapping, or None where the system tells not."""
    if sys.platform == "linux":
        found = [amount for amount in (_meminfo(), _cgroup()) if amount is not None]
        return min(found, default=None)
    if sys.platform == "win32":
        return _windows()
    try:
        # macOS tells no more than this; half of it is a guess that leaves room for others.
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (ValueError, OSError):
        return None


def _meminfo(path: Path = Path("/proc/meminfo")) -> int | None:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return None if kilobytes is None else int(kilobytes) * 1024


def _cgroup(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return what a container's limit leaves (cgroup v2)."""
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = (folder / "memory.current").read_text(encoding="ascii")
        return None if limit == "max" else max(int(limit) - int(used), 0)
    except (OSError, ValueError):
        return None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 5),
    )


def _windows() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    library = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent from other systems' types
    found = library.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available) if found else None


def _count(header: GGUFHeader, name: str) -> int:
    value = header.metadata.get(f"{header.architecture}.{name}")
    return value if isinstance(value, int) and value > 0 else 0
