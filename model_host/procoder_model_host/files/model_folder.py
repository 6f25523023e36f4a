"""Check a model folder as Hugging Face writes it, and describe it in the words of GGUF metadata.

    config.json  tokenizer.json  model.safetensors | model.safetensors.index.json + shards

The folder is a stranger's, like a model file: nothing in it is executed, pickles are refused,
sizes are bounded, and only architectures of the library itself are known. Everything after this
module sees one kind of header.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.digests import remembered_sha256
from procoder_model_host.files.folder_tokenizer import tokenizer_metadata
from procoder_model_host.files.gguf import GGUFHeader, Scalar, TensorInfo, Value
from procoder_model_host.files.safetensors_header import read_tensors

ARCHITECTURES = frozenset(
    {"llama", "mistral", "qwen2", "qwen3", "gemma", "starcoder2", "phi3", "granite", "smollm3"}
)
"""`model_type`s whose code is part of Transformers and whose attention keeps a plain KV cache."""

_MAX_JSON_BYTES = 64 * 2**20
_MAX_TEMPLATE_BYTES = 2**20
_MAX_SHARDS = 1_000
_READ_SUFFIXES = frozenset({".json", ".jinja", ".safetensors"})
_GGML_TYPES: Mapping[str, int] = {"F32": 0, "F16": 1, "BF16": 30}
_WEIGHTS, _INDEX = "model.safetensors", "model.safetensors.index.json"
# Counts that decide how much memory the library allocates before it looks at the weights.
_COUNTS: Mapping[str, int] = {
    "hidden_size": 2**17,
    "intermediate_size": 2**20,
    "num_hidden_layers": 2**10,
    "num_attention_heads": 2**12,
    "vocab_size": 2**22,
    "max_position_embeddings": 2**31,
}


def weight_files(folder: Path) -> tuple[Path, ...]:
    """Return the safetensors files that hold the weights; raises ModelFileError."""
    if (folder / _WEIGHTS).is_file():
        return (folder / _WEIGHTS,)
    if not (folder / _INDEX).is_file():
        raise ModelFileError(
            folder,
            f"has neither {_WEIGHTS} nor {_INDEX}",
            "Pickled weights (.bin, .pt) are never loaded: save the model as safetensors.",
        )
    names = read_object(folder / _INDEX).get("weight_map")
    shards = sorted(set(map(str, names.values()))) if isinstance(names, dict) else []
    plain = [name for name in shards if name == Path(name).name and name.endswith(".safetensors")]
    if not shards or plain != shards or len(shards) > _MAX_SHARDS:
        raise ModelFileError(folder / _INDEX, "does not name safetensors files of this folder")
    return tuple(folder / name for name in shards)


def read_folder(folder: Path) -> GGUFHeader:
    """Check the folder and return what it says of the model; raises ModelFileError.

    The header's version is 0, and its tensors have no offsets.
    """
    if not (folder / "config.json").is_file():
        hint = "It is an adapter: pass it with --adapter, and its base with --model."
        adapter = (folder / "adapter_config.json").is_file()
        raise ModelFileError(folder, "has no config.json", hint if adapter else "")
    if (folder / "adapter_config.json").exists():
        # Transformers would apply it unasked.
        raise ModelFileError(
            folder, "holds a model and an adapter", "Keep the adapter in a folder of its own."
        )
    config = read_object(folder / "config.json")
    _check_config(folder / "config.json", config)
    tensors = tuple(_tensors(weight_files(folder)))
    metadata: dict[str, Value] = {
        **dict(_described(config)),
        **tokenizer_metadata(folder, [*_end_ids(folder, config)]),
    }
    if template := _chat_template(folder):
        metadata["tokenizer.chat_template"] = template
    return GGUFHeader(0, metadata, {}, tensors, 1, 0)


def folder_digest(folder: Path, memory: Path) -> str:
    """Return `sha256:<hex>` over the names and digests of the files that are read.

    `memory`: folder of the notes that save reading unchanged files; see digests.
    """
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in _READ_SUFFIXES and path.is_file():
            whole.update(f"{path.name}\0{remembered_sha256(path, memory)}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON object of bounded size; raises ModelFileError."""
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise ModelFileError(path, f"is larger than {_MAX_JSON_BYTES:,} bytes")
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    except (ValueError, RecursionError) as error:
        raise ModelFileError(path, "is not JSON") from error
    if not isinstance(value, dict):
        raise ModelFileError(path, "is not a JSON object")
    return value


def _check_config(path: Path, config: Mapping[str, Any]) -> None:
    kind = config.get("model_type")
    if not isinstance(kind, str) or kind not in ARCHITECTURES:
        known = ", ".join(sorted(ARCHITECTURES))
        raise ModelFileError(path, f"names the architecture {kind!r} (known: {known})")
    if config.get("quantization_config") is not None:
        raise ModelFileError(
            path, "describes quantized weights", "Serve the original, or a GGUF file."
        )
    for key, limit in _COUNTS.items():
        value = config.get(key)
        if type(value) is not int or not 0 < value <= limit:
            raise ModelFileError(path, f"{key} is not a number from 1 to {limit:,}")


def _described(config: Mapping[str, Any]) -> Iterator[tuple[str, Scalar]]:
    """Yield what the configuration says, under the names that GGUF has for it."""
    kind = str(config["model_type"])
    yield "general.architecture", kind
    yield f"{kind}.context_length", int(config["max_position_embeddings"])
    yield f"{kind}.embedding_length", int(config["hidden_size"])
    yield f"{kind}.feed_forward_length", int(config["intermediate_size"])
    yield f"{kind}.block_count", int(config["num_hidden_layers"])
    yield f"{kind}.attention.head_count", int(config["num_attention_heads"])
    kv_heads = config.get("num_key_value_heads")
    if type(kv_heads) is int and kv_heads > 0:
        yield f"{kind}.attention.head_count_kv", kv_heads
    yield f"{kind}.vocab_size", int(config["vocab_size"])
    # Version 5 of Transformers moved the base into an object.
    rope = config.get("rope_parameters")
    base = rope.get("rope_theta") if isinstance(rope, dict) else config.get("rope_theta")
    if isinstance(base, int | float) and base > 0:
        yield f"{kind}.rope.freq_base", float(base)


def _tensors(files: Iterable[Path]) -> Iterator[TensorInfo]:
    """Yield the weights of checked files; their offsets are not told."""
    for file in files:
        for name, stored in read_tensors(file).items():
            if (kind := _GGML_TYPES.get(stored.type)) is not None:
                yield TensorInfo(name, stored.shape[::-1], kind, 0)


def _end_ids(folder: Path, config: Mapping[str, Any]) -> Iterator[int]:
    """Yield the tokens that end an answer: generation settings know more than the model's."""
    generation = folder / "generation_config.json"
    for source in (read_object(generation) if generation.is_file() else {}, config):
        value = source.get("eos_token_id")
        ids = value if isinstance(value, list) else [value]
        yield from (id_ for id_ in ids if isinstance(id_, int) and id_ >= 0)


def _chat_template(folder: Path) -> str | None:
    """Return the text of the model's own template: to be recognized, never executed."""
    own = folder / "chat_template.jinja"
    if own.is_file() and own.stat().st_size <= _MAX_TEMPLATE_BYTES:
        return own.read_text(encoding="utf-8", errors="replace")
    settings = folder / "tokenizer_config.json"
    template = read_object(settings).get("chat_template") if settings.is_file() else None
    return template if isinstance(template, str) else None
