"""What a process and its children take of the memory."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def tree_megabytes(process_id: int) -> float:
    """Proportional set size (proc(5): shared pages in shares) of a process and all below it."""
    return sum(_pss_kilobytes(one) for one in _tree(process_id)) / 1000


def _tree(process_id: int) -> Iterator[int]:
    yield process_id
    for task in (_PROC / str(process_id) / "task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended in between
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _pss_kilobytes(process_id: int) -> int:
    for line in (_PROC / str(process_id) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
