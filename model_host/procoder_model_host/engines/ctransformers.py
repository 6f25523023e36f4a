"""The ctransformers engine: llama.cpp of autumn 2023, the reference for Code Llama here.

Its own `LLM.tokenize` is never called (it overruns its buffer on text outside ASCII), and its
`eval` does not enforce the context window: the caller must.
"""

import platform
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from procoder_model_host.adapt import adapted_copy
from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.errors import EngineError
from procoder_model_host.messages import Sampling

_LARGE_MODEL = 1 << 30
_TOP_K = 1000
"""Sampling from all of 49,152 tokens takes 5 ms a token, from the likeliest 1,000 half of one."""


class CTransformersEngine:
    """One `LLM` and its KV cache.

    Logits depend on how a prompt was cut into batches, in the last digits: equal requests get
    equal greedy answers when they find equal caches. So the batch size is fixed by the model
    and does not follow the clock.
    """

    def __init__(self, options: LoadOptions) -> None:
        """Load the model; raises EngineError."""
        path = adapted_copy(options.path, options.header, options.adapted_folder)
        library = _import_library()
        config = library.Config(context_length=options.context_window, threads=options.threads)
        try:
            # Without a named build it asks py-cpuinfo, which takes a second and a subprocess.
            self._llm = library.LLM(str(path), "gguf", config=config, lib=_build())
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"ctransformers cannot load {options.path.name}: {error}") from error
        # A cancel is seen between batches: 16 tokens of a small model take 0.2 s and run within
        # 5% of the best speed; 4 tokens of a 7B model take 0.8 s.
        self._batch = 4 if options.path.stat().st_size > _LARGE_MODEL else 16

    def prefill(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> int | None:
        """Make the KV cache hold exactly `tokens`; see Engine."""
        rest = list(self._llm.prepare_inputs_for_generation(tokens, reset=True))
        for start in range(0, len(rest), self._batch):
            if cancelled():
                return None
            self._evaluate(rest[start : start + self._batch])
        return len(tokens) - len(rest)

    def sample(self, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; see Engine."""
        greedy = sampling.temperature == 0
        return int(
            self._llm.sample(
                top_k=1 if greedy else _TOP_K,
                top_p=1.0 if greedy else sampling.top_p,
                temperature=1.0 if greedy else sampling.temperature,
                repetition_penalty=1.0,
                last_n_tokens=0,
                seed=seed,
            )
        )

    def accept(self, token: int) -> None:
        """Evaluate a sampled token; see Engine."""
        self._evaluate([token])

    def close(self) -> None:
        """Free the model."""
        del self._llm

    def _evaluate(self, tokens: Sequence[int]) -> None:
        try:
            self._llm.eval(tokens, batch_size=len(tokens))
        except RuntimeError as error:
            raise EngineError(f"ctransformers failed to evaluate: {error}") from error


def _import_library() -> Any:
    """Import `ctransformers.llm` alone.

    The package's own `__init__` imports its downloader and with it huggingface_hub: two thirds
    of a second at every start, for a feature that must not be used here.
    """
    if "ctransformers" not in sys.modules and (found := find_spec("ctransformers")) is not None:
        package = ModuleType("ctransformers")
        package.__path__ = list(found.submodule_search_locations or ())
        sys.modules["ctransformers"] = package
    return import_module("ctransformers.llm")


def _build() -> str | None:
    """Return the build this processor can run, or None to let ctransformers find out."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return None
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    flags = next((line.split() for line in text.splitlines() if line.startswith("flags")), [])
    if "avx2" in flags:
        return "avx2"
    return "avx" if "avx" in flags and "f16c" in flags else "basic"
