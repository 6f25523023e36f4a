"""The interface every engine offers to the child process."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from procoder_model_host.files.gguf import GGUFHeader
from procoder_model_host.messages import Generate, Reply, Sampling


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What an engine needs to load a model."""

    path: Path
    """The model as the store keeps it; its header was checked."""
    header: GGUFHeader
    """Of a folder of Hugging Face's: what `model_folder` says of it in GGUF's words."""
    adapted_folder: Path
    """Where the engine may keep a rewritten copy."""
    context_window: int
    """Tokens to reserve KV cache for."""
    threads: int
    parallel: int | None = None
    """Requests of one priority to work on at the same time, for engines that can; None: many."""
    memory_budget: int | None = None
    """Bytes that all KV caches together may take; None: what the machine can spare."""
    adapter: Path | None = None
    """Folder of a LoRA adapter, for the engines that can apply one."""


class Engine(Protocol):
    """One loaded model, as the child process drives it; thread-safe.

    An engine is constructed with LoadOptions and an `emit` function for its replies, and raises
    EngineError when it cannot load.
    """

    context_window: int
    """Tokens that a prompt and its answer may have together."""
    parallel: int
    """Requests of one priority that it works on at the same time."""
    grammar: bool
    """Whether it can hold an answer to a JSON schema."""

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text; special tokens are not recognized in it."""

    def generate(self, request: Generate) -> None:
        """Queue a request and return at once; its replies are emitted as they come."""

    def cancel(self, request_id: int) -> None:
        """Break off a request within one token or one prefill batch; unknown ids are ignored."""

    def close(self) -> None:
        """Free the model."""


Emit = Callable[[Reply], None]
"""Takes an engine's replies, from any thread."""

OpenEngine = Callable[[LoadOptions, Emit], Engine]
"""What every engine module offers to `choice`: its class, or a function that builds one."""


class Evaluator(Protocol):
    """A library that evaluates tokens: several KV caches (lanes) over one set of weights.

    All calls come from one thread. `stepping.SteppingEngine` makes an Engine of it.
    """

    lanes: int
    batch: int
    """Tokens to evaluate at a time during prefill: a cancel is seen between two batches."""

    def reuse(self, lane: int, tokens: Sequence[int]) -> int:
        """Cut the lane's cache to the longest prefix it shares with `tokens`; return its length.

        At most `len(tokens) - 1`: the last token must be evaluated to have logits.
        """

    def evaluate(self, lane: int, tokens: Sequence[int]) -> None:
        """Append tokens to the lane's cache. Raises EngineError."""

    def logits(self, lane: int) -> Sequence[float]:
        """Return the unnormalized log probabilities after the lane's last token."""

    def sample(self, lane: int, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; `seed` decides the draw when temperature is not 0."""

    def close(self) -> None:
        """Free the model."""


def position_seed(seed: int, position: int) -> int:
    """Return the 31-bit seed of one draw.

    Engines reseed on each call: one seed for all tokens would repeat the same draw.
    """
    digest = hashlib.blake2b(f"{seed}:{position}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") & 0x7FFF_FFFF
