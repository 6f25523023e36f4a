"""The ctransformers engine: llama.cpp of autumn 2023, the reference for Code Llama here.

Its own `LLM.tokenize` is never called (it overruns its buffer on text outside ASCII), and its
`eval` does not enforce the context window: the caller must.
"""

import logging
import platform
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from procoder_model_host.engines.base import Emit, Engine, LoadOptions
from procoder_model_host.engines.lanes import PRIORITIES
from procoder_model_host.engines.memory import available_memory, kv_bytes, spare_memory
from procoder_model_host.engines.stepping import SteppingEngine
from procoder_model_host.errors import EngineError
from procoder_model_host.files.adapt import adapted_copy
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import Sampling

log = logging.getLogger(__name__)

_LARGE_MODEL = 1 << 30
_MEGABYTE = 1 << 20
_TOP_K = 1000
"""Sampling from all of 49,152 tokens takes 5 ms a token, from the likeliest 1,000 half of one."""


def open_engine(options: LoadOptions, emit: Emit) -> Engine:
    """Load a model; raises ModelHostError."""
    tokenizer = Tokenizer(options.header.metadata)
    evaluator = CTransformersEvaluator(options)
    return SteppingEngine(evaluator, tokenizer, options.context_window, emit)


class CTransformersEvaluator:
    """One `LLM` a lane; all of them map the same file, so that a lane costs its KV cache only.

    Logits depend on how a prompt was cut into batches, in the last digits: equal requests get
    equal greedy answers when they find equal caches. So the batch size is fixed by the model
    and does not follow the clock.
    """

    def __init__(self, options: LoadOptions) -> None:
        """Load the model and its first lane; raises EngineError, ModelFileError, StoreError."""
        self.lanes = _affordable_lanes(options)
        self._name = options.path.name
        self._path = adapted_copy(options.path, options.header, options.adapted_folder)
        self._library = _import_library()
        self._config = self._library.Config(
            context_length=options.context_window, threads=options.threads
        )
        # A cancel is seen between batches: 16 tokens of a small model take 0.2 s and run within
        # 5% of the best speed; 4 tokens of a 7B model take 0.8 s.
        self.batch = 4 if options.path.stat().st_size > _LARGE_MODEL else 16
        self._contexts: dict[int, Any] = {0: self._open_context()}

    def reuse(self, lane: int, tokens: Sequence[int]) -> int:
        """Cut the lane to what it shares with `tokens`; see Evaluator."""
        if lane not in self._contexts:
            return 0
        rest = self._contexts[lane].prepare_inputs_for_generation(tokens, reset=True)
        return len(tokens) - len(rest)

    def evaluate(self, lane: int, tokens: Sequence[int]) -> None:
        """Append tokens to the lane; see Evaluator. Raises MemoryError for a lane too many."""
        if lane not in self._contexts:
            self._contexts[lane] = self._open_another()
        try:
            self._contexts[lane].eval(tokens, batch_size=len(tokens))
        except RuntimeError as error:
            raise EngineError(f"ctransformers failed to evaluate: {error}") from error

    def logits(self, lane: int) -> Sequence[float]:
        """Return a copy of the logits after the lane's last token; see Evaluator."""
        context = self._contexts[lane]
        size = context.ctransformers_llm_logits_size()
        logits: list[float] = context.ctransformers_llm_logits_data()[:size]
        return logits

    def sample(self, lane: int, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; see Evaluator."""
        greedy = sampling.temperature == 0
        return int(
            self._contexts[lane].sample(
                top_k=1 if greedy else _TOP_K,
                top_p=1.0 if greedy else sampling.top_p,
                temperature=1.0 if greedy else sampling.temperature,
                repetition_penalty=1.0,
                last_n_tokens=0,
                seed=seed,
            )
        )

    def close(self) -> None:
        """Free the model and all lanes."""
        self._contexts.clear()

    def _open_another(self) -> Any:
        try:
            return self._open_context()
        except EngineError as error:
            # The file was loaded before: what is missing now is room for one more cache.
            raise MemoryError(str(error)) from error

    def _open_context(self) -> Any:
        try:
            # Without a named build it asks py-cpuinfo, which takes a second and a subprocess.
            return self._library.LLM(str(self._path), "gguf", config=self._config, lib=_build())
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"ctransformers cannot load {self._name}: {error}") from error


def _affordable_lanes(options: LoadOptions) -> int:
    """Return how many KV caches fit into the budget; raises EngineError if not even one does."""
    each = kv_bytes(options.header, options.context_window)
    free = available_memory()
    if free is not None and each > free:
        raise EngineError(
            f"a context of {options.context_window} tokens takes {each // _MEGABYTE} MB of "
            f"memory, and {free // _MEGABYTE} MB are free",
            "Use a smaller --context, or end other programs.",
        )
    budget = options.memory_budget
    if budget is None:
        budget = spare_memory(options.path.stat().st_size)
    wanted = len(PRIORITIES)
    if budget is None or each * wanted <= budget:
        return wanted
    lanes = max(budget // each, 1)
    log.warning(
        "%d instead of %d KV caches of %d MB fit into the memory budget of %d MB: "
        "priorities share %s and lose each other's prefix",
        lanes,
        wanted,
        each // _MEGABYTE,
        budget // _MEGABYTE,
        "it" if lanes == 1 else "one of them",
    )
    return lanes


def _import_library() -> Any:
    """Import `ctransformers.llm` alone.

    The package's own `__init__` imports its downloader and with it huggingface_hub: two thirds
    of a second at every start, for a feature that must not be used here.
    """
    if "ctransformers" not in sys.modules and (found := find_spec("ctransformers")) is not None:
        sys.modules["ctransformers"] = module_from_spec(found)
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
