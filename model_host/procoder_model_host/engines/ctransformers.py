"""The ctransformers engine: llama.cpp of autumn 2023, the reference for Code Llama here.

Its own `LLM.tokenize` is never called (it overruns its buffer on text outside ASCII), and its
`eval` does not enforce the context window: the caller must.
"""

import platform
from collections.abc import Callable, Sequence
from pathlib import Path

from ctransformers.llm import LLM, Config

from procoder_model_host.adapt import adapted_copy
from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.errors import EngineError
from procoder_model_host.messages import Sampling

PREFILL_BATCH = 32
"""Tokens evaluated between two looks for a cancel."""


class CTransformersEngine:
    """One `LLM` and its KV cache."""

    def __init__(self, options: LoadOptions) -> None:
        """Load the model; raises EngineError."""
        path = adapted_copy(options.path, options.header, options.adapted_folder)
        config = Config(context_length=options.context_window, threads=options.threads)
        try:
            # Without a named library it asks py-cpuinfo, which takes a second and a subprocess.
            self._llm = LLM(str(path), "gguf", config=config, lib=_library_variant())
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"ctransformers cannot load {options.path.name}: {error}") from error
        self._vocabulary_size = int(self._llm.vocab_size)

    def prefill(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> int | None:
        """Make the KV cache hold exactly `tokens`; see Engine."""
        rest = list(self._llm.prepare_inputs_for_generation(tokens, reset=True))
        for start in range(0, len(rest), PREFILL_BATCH):
            if cancelled():
                return None
            self._evaluate(rest[start : start + PREFILL_BATCH])
        return len(tokens) - len(rest)

    def sample(self, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; see Engine."""
        greedy = sampling.temperature == 0
        return int(
            self._llm.sample(
                top_k=1 if greedy else self._vocabulary_size,
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


def _library_variant() -> str | None:
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
