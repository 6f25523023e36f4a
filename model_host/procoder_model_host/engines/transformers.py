"""The Transformers engine: Hugging Face's own code with torch, for models as they are trained.

Loads a folder of safetensors, or a GGUF file whose weights it unpacks, and a LoRA adapter on top.
Nothing is downloaded and nothing of the model's is executed: no remote code, no pickles.
"""

import math
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from procoder_model_host.engines.base import Emit, LoadOptions
from procoder_model_host.engines.memory import kv_bytes
from procoder_model_host.engines.stepping import SteppingEngine
from procoder_model_host.errors import EngineError
from procoder_model_host.files.adapters import load_adapter
from procoder_model_host.files.folder_tokenizer import folder_tokenizer
from procoder_model_host.files.gguf import GGUFHeader
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import Sampling

_FLOAT32_BYTES = 4
_FLOAT32_LIMIT = 4 * 2**30
_COLDEST = 1e-4
_LANES = 3


def open_engine(options: LoadOptions, emit: Emit) -> SteppingEngine:
    """Load the model and serve it; raises ModelHostError."""
    metadata = options.header.metadata
    folder = options.path.is_dir()
    tokenizer = folder_tokenizer(options.path, metadata) if folder else Tokenizer(metadata)
    evaluator = TransformersEvaluator(options)
    return SteppingEngine(evaluator, tokenizer, options.context_window, emit)


@dataclass(slots=True)
class _Lane:
    """One KV cache and what it holds."""

    cache: Any
    tokens: list[int] = field(default_factory=list)
    last: Any = None
    """Logits after the last token, float32; None when they are not known."""


class TransformersEvaluator:
    """One model and a `DynamicCache` for each lane."""

    def __init__(self, options: LoadOptions, dtype: str | None = None) -> None:
        """Load the model; raises ModelHostError. `dtype`: bfloat16 or float32, None chooses."""
        self._torch, self._library = _import_libraries()
        self._torch.set_num_threads(options.threads)
        self.model = self._load(options, dtype or choose_dtype(options.header))
        if options.adapter is not None:
            self.model = load_adapter(self.model, options.adapter)
        self.model.requires_grad_(requires_grad=False).eval()
        self.lanes = self._affordable(options)
        # A cancel is seen between batches; a batch of 16 costs 2.5 times the one pass of 128.
        self.batch = 32
        self._lanes = [_Lane(self._library.DynamicCache()) for _ in range(self.lanes)]

    def reuse(self, lane: int, tokens: Sequence[int]) -> int:
        """Cut the lane to the prefix it shares with `tokens`; see Evaluator."""
        held = self._lanes[lane]
        shared = 0
        for mine, wanted in zip(held.tokens, tokens[:-1], strict=False):
            if mine != wanted:
                break
            shared += 1
        if surplus := len(held.tokens) - shared:
            # Negative: how many to remove; positive lengths were dropped from Transformers 5.
            held.cache.crop(-surplus)
            del held.tokens[shared:]
            held.last = None
        return shared

    def evaluate(self, lane: int, tokens: Sequence[int]) -> None:
        """Append tokens to the lane's cache; see Evaluator."""
        held = self._lanes[lane]
        held.last = None
        try:
            with self._torch.inference_mode():
                answer = self.model(
                    input_ids=self._torch.tensor([list(tokens)]),
                    past_key_values=held.cache,
                    use_cache=True,
                    logits_to_keep=1,
                )
        except (RuntimeError, IndexError, ValueError) as error:
            # A layer may have grown and the next one not.
            self._lanes[lane] = _Lane(self._library.DynamicCache())
            if "allocate memory" in str(error):
                raise MemoryError from error
            raise EngineError(f"transformers failed to evaluate: {error}") from error
        held.tokens += tokens
        held.last = answer.logits[0, -1].float()

    def logits(self, lane: int) -> Sequence[float]:
        """Return the logits after the lane's last token; see Evaluator."""
        values: list[float] = self._known(lane).tolist()
        return values

    def sample(self, lane: int, sampling: Sampling, seed: int) -> int:
        """Choose the token that follows; see Evaluator."""
        logits = self._known(lane)
        if sampling.temperature == 0:
            return int(logits.argmax())
        chances = self._torch.softmax(logits / max(sampling.temperature, _COLDEST), dim=-1)
        if sampling.top_p < 1:
            ordered, order = chances.sort(descending=True)
            # Tokens before which the likelier ones already make up top_p; never the likeliest.
            surplus = ordered.cumsum(dim=-1) - ordered >= sampling.top_p
            chances[order[1:][surplus[1:]]] = 0
        generator = self._torch.Generator().manual_seed(seed)
        return int(self._torch.multinomial(chances, 1, generator=generator))

    def close(self) -> None:
        """Free the model."""
        self._lanes.clear()
        del self.model

    def _affordable(self, options: LoadOptions) -> int:
        """Return how many lanes of full length the memory budget allows."""
        if options.memory_budget is None:
            return _LANES
        each = kv_bytes(options.header, options.context_window) or 1
        # It reckons with 16-bit floats; these caches hold what the model computes in.
        each *= self.model.dtype.itemsize // 2
        return int(max(min(options.memory_budget // each, _LANES), 1))

    def _known(self, lane: int) -> Any:
        last = self._lanes[lane].last
        if last is None:
            raise EngineError("the lane has no logits: evaluate a token first")
        return last

    def _load(self, options: LoadOptions, dtype: str) -> Any:
        try:
            model, report = self._library.AutoModelForCausalLM.from_pretrained(
                **self._source(options.path),
                dtype=getattr(self._torch, dtype),
                local_files_only=True,
                trust_remote_code=False,
                # Named, so that a model's settings cannot name one to fetch.
                attn_implementation="sdpa",
                output_loading_info=True,
            )
        except (RuntimeError, ValueError, OSError, KeyError, TypeError, ImportError) as error:
            first = str(error).strip().partition("\n")[0]
            raise EngineError(f"transformers cannot load {options.path.name}: {first}") from error
        # Weights that are not in the file would be random numbers.
        if missing := sorted(report["missing_keys"]):
            raise EngineError(f"{options.path.name} lacks weights, {missing[0]} among them")
        return model

    def _source(self, path: Path) -> dict[str, Any]:
        if path.is_dir():
            return {"pretrained_model_name_or_path": str(path), "use_safetensors": True}
        # Weights left packed would need kernels that are downloaded.
        unpack = self._library.GgufConfig(dequantize=True)
        return {
            "pretrained_model_name_or_path": str(path.parent),
            "gguf_file": path.name,
            "quantization_config": unpack,
        }


def choose_dtype(header: GGUFHeader) -> str:
    """Return float32 for what fits 4 GiB that way, bfloat16 for larger models.

    A 7B takes 27 GB in float32, 13.5 GB in bfloat16. A processor without bfloat16 instructions
    multiplies float32 faster (SmolLM2, prefill of 128 tokens on AVX2: 0.44 s beside 4.0 s).
    """
    parameters = sum(math.prod(tensor.dimensions) for tensor in header.tensors)
    small = 0 < parameters * _FLOAT32_BYTES <= _FLOAT32_LIMIT
    return "float32" if small else "bfloat16"


def _import_libraries() -> tuple[Any, Any]:
    # Read when the libraries are imported: nothing here may reach for the network.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["TQDM_DISABLE"] = "1"
    try:
        torch, library = import_module("torch"), import_module("transformers")
    except ImportError as error:
        raise EngineError(
            f"the transformers engine needs {error.name or 'its libraries'}",
            "Install it with: pip install 'procoder[transformers]'.",
        ) from error
    # It warns of its own code's deprecations.
    warnings.filterwarnings("ignore", r".* is deprecated and will be removed", FutureWarning)
    library.utils.logging.set_verbosity_error()
    library.utils.logging.disable_progress_bar()
    return torch, library
