"""What ctransformers 0.2.27 can load of the llama architecture, checked before it tries.

Its loader (llama.cpp of September 2023) says only "Failed to create LLM", reads past the end
of short vocabulary arrays, and divides by the number of heads; here each has a reason.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from procoder_model_host.errors import ModelFileError, TokenizerError
from procoder_model_host.files.gguf import GGUFHeader, TensorInfo, Value
from procoder_model_host.files.gguf_format import BLOCK_TYPES, ValueType
from procoder_model_host.files.tokenizer import Tokenizer

OTHER_ENGINE = "Use the llamacpp engine for it: pip install 'procoder[llamacpp]'."

NEWLINES: Mapping[object, frozenset[str]] = {
    "llama": frozenset({"<0x0A>"}),
    "gpt2": frozenset({"\n", "\u010a"}),
}
"""By `tokenizer.ggml.model`: its newline token, without which the loader crashes; GPT-2's as raw
byte or in its byte alphabet."""

WEIGHT_TYPES = frozenset({0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14})
"""Tensor types that ctransformers can multiply with: F32, F16, Q4_0 to Q8_0, Q2_K to Q6_K. It
aborts on Q8_1 and Q8_K, and gives later numbers other meanings."""
F32 = 0

TOKENS = "tokenizer.ggml.tokens"
SCORES = "tokenizer.ggml.scores"
VOCABULARY_TYPES = "tokenizer.ggml.token_type"
MERGES = "tokenizer.ggml.merges"
SPECIAL_TOKENS: Mapping[str, int] = {
    "tokenizer.ggml.bos_token_id": 11,
    "tokenizer.ggml.eos_token_id": 11,
    "tokenizer.ggml.unknown_token_id": 0,
}
"""Keys of token ids, and the highest id that the loader takes (Falcon's) when one is missing."""
MAX_LAYERS = 512
"""`LLAMA_MAX_LAYERS` of llama.cpp."""
EMBEDDINGS = "token_embd.weight"
OUTPUT = "output.weight"

_ARRAYS: Mapping[str, ValueType] = {
    TOKENS: ValueType.STRING,
    SCORES: ValueType.FLOAT32,
    VOCABULARY_TYPES: ValueType.INT32,
    MERGES: ValueType.STRING,
}


def require_loadable(path: Path, header: GGUFHeader) -> None:
    """Raise ModelFileError when ctransformers cannot load this file, or its adapted copy."""
    for reason in _obstacles(header):
        raise ModelFileError(path, f"ctransformers cannot load this model: {reason}", OTHER_ENGINE)


def require_sound(path: Path, header: GGUFHeader) -> None:
    """Raise ModelFileError for what makes current llama.cpp abort instead of refusing."""
    blocks = header.metadata.get(f"{header.architecture}.block_count", 1)
    if not isinstance(blocks, int) or not 1 <= blocks <= MAX_LAYERS:
        raise ModelFileError(path, f"announces {blocks!r} blocks; 1 to {MAX_LAYERS} are possible")
    tokens = _array(header, TOKENS)
    if len(frozenset(tokens)) != len(tokens):
        raise ModelFileError(path, "its vocabulary holds a token twice")


def suitable_engine(path: Path, header: GGUFHeader) -> str:
    """Return the engine that `auto` takes for a model with this header."""
    if path.is_dir():
        return "transformers"
    try:
        Tokenizer(header.metadata)
    except TokenizerError:
        return "llamacpp"
    return "llamacpp" if any(_obstacles(header)) else "ctransformers"


def _obstacles(header: GGUFHeader) -> Iterator[str]:
    yield from _type_obstacles(header.tensors)
    if header.architecture != "llama":
        if header.version > 2:  # noqa: PLR2004 - the last GGUF version ctransformers reads
            name = header.architecture or "unknown"
            yield f"GGUF version 3 of the architecture {name!r} (only llama can be adapted)"
        return
    yield from _vocabulary_obstacles(header)
    yield from _scaling_obstacles(header)
    yield from _shape_obstacles(header)


def _type_obstacles(tensors: tuple[TensorInfo, ...]) -> Iterator[str]:
    for tensor in tensors:
        if tensor.type not in WEIGHT_TYPES:
            yield f"{tensor.name} has the type {BLOCK_TYPES[tensor.type].name}"
        elif tensor.type != F32 and len(tensor.dimensions) == 1:
            yield f"{tensor.name} has the type {BLOCK_TYPES[tensor.type].name}, not F32"


def _vocabulary_obstacles(header: GGUFHeader) -> Iterator[str]:
    for key, kind in _ARRAYS.items():
        if key in header.types and header.types[key] != (ValueType.ARRAY, kind):
            yield f"{key} is not an array of {kind.name}"
    tokens = _array(header, TOKENS)
    if not tokens:
        yield f"{TOKENS} is missing or empty"
    tokenizer = header.metadata.get("tokenizer.ggml.model")
    if tokenizer not in NEWLINES:
        yield f"its tokenizer is {tokenizer!r}, not one of {', '.join(map(str, NEWLINES))}"
    elif not NEWLINES[tokenizer] & set(tokens):
        yield "its vocabulary has no token for a newline"
    for key in (SCORES, VOCABULARY_TYPES):
        if key in header.metadata and len(_array(header, key)) != len(tokens):
            yield f"{key} has {len(_array(header, key))} items for {len(tokens)} tokens"
    for key, default in SPECIAL_TOKENS.items():
        token = header.metadata.get(key, default)
        if not isinstance(token, int) or not -1 <= token < len(tokens):
            yield f"{key} is {token}, outside of the vocabulary of {len(tokens)}"


def _scaling_obstacles(header: GGUFHeader) -> Iterator[str]:
    scaling = header.metadata.get("llama.rope.scaling.type", "none")
    if scaling != "none":
        yield f"its RoPE scaling ({scaling}) would be ignored"


def _shape_obstacles(header: GGUFHeader) -> Iterator[str]:
    blocks, width, inner, heads = (
        _positive(header.metadata, f"llama.{name}")
        for name in (
            "block_count",
            "embedding_length",
            "feed_forward_length",
            "attention.head_count",
        )
    )
    kv_heads = _positive(header.metadata, "llama.attention.head_count_kv", default=heads)
    if not (blocks and width and inner and heads and kv_heads):
        yield "a count of blocks, heads or features is missing or not positive"
        return
    if width % heads or heads % kv_heads:
        yield f"{width} features do not divide into {heads} heads in groups of {kv_heads}"
        return
    if blocks > len(header.tensors):
        yield f"it announces {blocks:,} blocks but holds {len(header.tensors)} tensors"
        return
    expected = _expected_shapes(
        blocks, width, inner, width // heads * kv_heads, len(_array(header, TOKENS))
    )
    found = {tensor.name: tensor.dimensions for tensor in header.tensors}
    if EMBEDDINGS in found:
        found.setdefault(OUTPUT, found[EMBEDDINGS])
    for name in sorted(expected.keys() | found.keys()):
        if found.get(name) != expected.get(name):
            shape, wanted = found.get(name, "no tensor"), expected.get(name, "no tensor")
            yield f"{name} is {shape} where {wanted} is expected"


def _expected_shapes(
    blocks: int, width: int, inner: int, kv_width: int, vocabulary: int
) -> dict[str, tuple[int, ...]]:
    """Return the tensors of a llama model (`llm_load_tensors` of that llama.cpp)."""
    shapes: dict[str, tuple[int, ...]] = {
        EMBEDDINGS: (width, vocabulary),
        OUTPUT: (width, vocabulary),
        "output_norm.weight": (width,),
    }
    block: dict[str, tuple[int, ...]] = {
        "attn_norm": (width,),
        "attn_q": (width, width),
        "attn_k": (width, kv_width),
        "attn_v": (width, kv_width),
        "attn_output": (width, width),
        "ffn_norm": (width,),
        "ffn_gate": (width, inner),
        "ffn_down": (inner, width),
        "ffn_up": (width, inner),
    }
    for index in range(blocks):
        shapes |= {f"blk.{index}.{name}.weight": shape for name, shape in block.items()}
    return shapes


def _array(header: GGUFHeader, key: str) -> tuple[object, ...]:
    value = header.metadata.get(key)
    return value if isinstance(value, tuple) else ()


def _positive(metadata: Mapping[str, Value], key: str, default: int = 0) -> int:
    """Return a positive 32-bit count, or 0 for anything else."""
    value = metadata.get(key, default)
    return value if isinstance(value, int) and 0 < value < 2**31 else 0
