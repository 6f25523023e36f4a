"""The interface every engine offers to the child process."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from procoder_model_host.gguf import GGUFHeader
from procoder_model_host.messages import Sampling


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What an engine needs to load a model."""

    path: Path
    """The model as the store keeps it; its header was checked."""
    header: GGUFHeader
    adapted_folder: Path
    """Where the engine may keep a rewritten copy."""
    context_window: int
    """Tokens to reserve KV cache for."""
    threads: int


class Engine(Protocol):
    """One model with one KV cache. All calls come from one thread."""

    def prefill(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> int | None:
        """Make the KV cache hold exactly `tokens`, reusing the prefix it already holds.

        Returns the number of reused tokens, or None when `cancelled` (asked between batches)
        broke it off; what was evaluated stays reusable. Raises EngineError.
        """

    def sample(self, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; `seed` decides the draw when temperature is not 0."""

    def accept(self, token: int) -> None:
        """Evaluate a sampled token, so that the next can be sampled. Raises EngineError."""

    def close(self) -> None:
        """Free the model."""


def position_seed(seed: int, position: int) -> int:
    """Return the 31-bit seed of one draw.

    Engines reseed on each call: one seed for all tokens would repeat the same draw.
    """
    digest = hashlib.blake2b(f"{seed}:{position}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") & 0x7FFF_FFFF
