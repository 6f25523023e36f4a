"""Write the exact shape of Code Llama 7B at Q4_1 (4.2 GB) for benchmarks, in seconds."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .gguf import ALIGNMENT, gguf_header
from .shape import CODE_LLAMA_7B, CODE_LLAMA_ROPE_BASE, Shape
from .vocabulary import SIZE
from .weights import F32, Q4_1

_BLOCK, _BLOCK_BYTES = 32, 20
_RUN_BLOCKS = 2**20
"""Random blocks that repeat through the file: 20 MiB, larger than a cache of a processor."""


def write_full_gguf(path: Path, *, version: int = 2, shape: Shape = CODE_LLAMA_7B) -> Path:
    """Write the model in pieces, never more than 20 MiB in memory, and return `path`.

    It computes what the real model computes, at the same cost, and answers nonsense.
    """
    tensors = shape.tensors(SIZE)
    sizes = {name: (*_packing(dims), dims) for name, dims in tensors.items()}
    layout = {name: (kind, dims, size) for name, (kind, size, dims) in sizes.items()}
    run = _random_run(shape)
    with path.open("wb") as file:
        file.write(gguf_header(shape, "Q4_1", version, CODE_LLAMA_ROPE_BASE, layout))
        for kind, dims, size in layout.values():
            if kind == F32:
                file.write(np.ones(dims, "<f4").tobytes())
            else:
                file.writelines(_repeated(run, size))
            file.write(bytes(-size % ALIGNMENT))
    return path


def _packing(dims: tuple[int, ...]) -> tuple[int, int]:
    """Return the type and bytes of a tensor: norms are F32."""
    if len(dims) == 1:
        return F32, dims[0] * 4
    return Q4_1, dims[0] * dims[1] // _BLOCK * _BLOCK_BYTES


def _random_run(shape: Shape) -> bytes:
    """Return blocks of Q4_1 whose values spread around 0 by the width's square root."""
    source = np.random.default_rng(shape.seed)
    scale = np.float16(1 / (4 * np.sqrt(shape.width)))
    blocks = np.empty(
        _RUN_BLOCKS, np.dtype([("scale", "<f2"), ("low", "<f2"), ("levels", "u1", (_BLOCK // 2,))])
    )
    blocks["scale"] = scale
    blocks["low"] = np.float16(-7.5) * scale
    blocks["levels"] = source.integers(0, 256, (_RUN_BLOCKS, _BLOCK // 2), np.uint8)
    return blocks.tobytes()


def _repeated(run: bytes, size: int) -> Iterator[bytes]:
    view = memoryview(run)
    while size > 0:
        yield view[:size]
        size -= len(run)
