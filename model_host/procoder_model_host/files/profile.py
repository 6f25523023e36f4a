"""What a model is for and how it is prompted, read from its metadata; the user may correct it.

Pure Python from a checked header: no engine is asked, and a chat template in the file is only
looked at, never executed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from procoder_model_host import templates
from procoder_model_host.files.gguf import GGUFHeader
from procoder_model_host.files.gguf_format import BLOCK_TYPES
from procoder_protocol.wire import ProfileKind

DEFAULT_CONTEXT_LENGTH = 2048
"""Llama's, for files that do not say."""
DEFAULT_ROPE_BASE = 10_000.0
CODE_LLAMA_ROPE_BASE = 1_000_000.0
CODE_LLAMA_CONTEXT_LENGTH = 16_384
CODE_LLAMA_VOCABULARY = 32_016
"""Tokens of the Code Llama models trained to infill: Llama's 32,000 and 16 more. Its Python and
34B models have 32,000, as Llama has: a file of theirs without a RoPE base needs an override."""

FimFamily = Literal["code-llama", "qwen", "starcoder", "deepseek"]


@dataclass(frozen=True, slots=True)
class FimTokens:
    """Names of the special tokens around a gap: prefix, then suffix, then the answer."""

    family: FimFamily
    prefix: str
    suffix: str
    middle: str
    end: str
    """Ends the answer; for some families the usual end of a text."""

    @property
    def end_text(self) -> str:
        """How the end reads in the text of an engine that takes it for a word."""
        return self.end.replace("\N{LOWER ONE EIGHTH BLOCK}", " ")


FIM_FAMILIES: Mapping[str, FimTokens] = {
    tokens.family: tokens
    for tokens in (
        FimTokens("code-llama", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"),
        FimTokens("qwen", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"),
        FimTokens("starcoder", "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>"),
        FimTokens(
            "deepseek",
            "<\uff5cfim▁begin\uff5c>",
            "<\uff5cfim▁hole\uff5c>",
            "<\uff5cfim▁end\uff5c>",
            "<\uff5cend▁of▁sentence\uff5c>",
        ),
    )
}
"""By family. Sources: the papers and model cards of Code Llama, Qwen2.5-Coder (CodeGemma has the
same names), StarCoder and DeepSeek-Coder."""

_STOPS: Mapping[str | None, tuple[str, ...]] = {
    "chatml": ("<|im_end|>",),
    "llama2": ("[INST]", "</s>"),
    "gemma": ("<end_of_turn>",),
}
"""By chat template: texts that end an answer when the model spells its end instead of ending."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """The user's corrections to a profile; None leaves what the file says."""

    chat_template: str | None = None
    """A name of the fixed table, or `none` for a model that completes."""
    fim: str | None = None
    """A name of `FIM_FAMILIES`, or `none`."""
    stops: tuple[str, ...] | None = None
    context_length: int | None = None
    rope_base: float | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that are corrected, by name."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a client and an engine must know of a model."""

    architecture: str
    name: str
    kind: ProfileKind
    chat_template: str | None
    """A name of the fixed table; None exactly when `kind` is `completion`."""
    fim: FimTokens | None
    stops: tuple[str, ...]
    """Texts that end an answer, besides the model's own end tokens."""
    context_length: int
    """Tokens the model was trained for."""
    rope_base: float
    vocabulary: int
    quantization: str
    """Type that most of the weights have, e.g. `Q4_1`."""

    def as_json(self) -> dict[str, Any]:
        """Return it for `/v1/models` and scripts."""
        fim = self.fim
        return {
            "architecture": self.architecture,
            "name": self.name,
            "kind": self.kind,
            "chat_template": self.chat_template,
            "fim": None if fim is None else fim.family,
            "stops": list(self.stops),
            "context_length": self.context_length,
            "rope_base": self.rope_base,
            "vocabulary": self.vocabulary,
            "quantization": self.quantization,
        }


NO_OVERRIDES = Overrides()


def read_profile(header: GGUFHeader, overrides: Overrides = NO_OVERRIDES) -> Profile:
    """Return the profile of a model; what its file does not say follows the stated rules."""
    template = _chat_template(header, overrides)
    return Profile(
        architecture=header.architecture or "unknown",
        name=_text(header, "general.name"),
        kind="completion" if template is None else "chat",
        chat_template=template,
        fim=_fim(header, overrides),
        stops=_STOPS.get(template, ()) if overrides.stops is None else overrides.stops,
        context_length=overrides.context_length or context_length(header),
        rope_base=overrides.rope_base or rope_base(header),
        vocabulary=len(_tokens(header)),
        quantization=_quantization(header),
    )


def context_length(header: GGUFHeader) -> int:
    """Return the tokens that the model was trained for."""
    value = header.metadata.get(f"{header.architecture}.context_length")
    return value if isinstance(value, int) and value > 0 else DEFAULT_CONTEXT_LENGTH


def rope_base(header: GGUFHeader) -> float:
    """Return the base of the rotary embedding.

    A llama file without one is Code Llama if it has Code Llama's vocabulary (rotated by
    1,000,000), and Llama (10,000) otherwise.
    """
    value = header.metadata.get(f"{header.architecture}.rope.freq_base")
    if isinstance(value, (int, float)) and value > 0:
        return float(value)
    if header.architecture == "llama" and len(_tokens(header)) == CODE_LLAMA_VOCABULARY:
        return CODE_LLAMA_ROPE_BASE
    return DEFAULT_ROPE_BASE


def _chat_template(header: GGUFHeader, overrides: Overrides) -> str | None:
    if overrides.chat_template is not None:
        return None if overrides.chat_template == "none" else overrides.chat_template
    found = templates.recognize(_text(header, "tokenizer.chat_template"))
    if found is not None:
        return found
    # Files of 2023 carry no template; Code Llama's say what they are in their name.
    name = _text(header, "general.name").lower().replace("-", "").replace("_", "")
    return "llama2" if "codellama" in name and "instruct" in name else None


def _fim(header: GGUFHeader, overrides: Overrides) -> FimTokens | None:
    if overrides.fim is not None:
        return FIM_FAMILIES.get(overrides.fim)
    names = frozenset(_tokens(header))
    for tokens in FIM_FAMILIES.values():
        if names >= {tokens.prefix, tokens.suffix, tokens.middle}:
            return tokens
    return None


def _quantization(header: GGUFHeader) -> str:
    sizes: dict[int, int] = {}
    for tensor in header.tensors:
        sizes[tensor.type] = sizes.get(tensor.type, 0) + tensor.size
    return BLOCK_TYPES[max(sizes, key=sizes.__getitem__)].name if sizes else "none"


def _text(header: GGUFHeader, key: str) -> str:
    value = header.metadata.get(key)
    return value if isinstance(value, str) else ""


def _tokens(header: GGUFHeader) -> tuple[object, ...]:
    value = header.metadata.get("tokenizer.ggml.tokens")
    return value if isinstance(value, tuple) else ()
