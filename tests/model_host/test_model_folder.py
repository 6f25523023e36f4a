"""Model folders and adapters as strangers hand them over: checked before any engine sees them."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import AddedToken, decoders, pre_tokenizers, processors
from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE

from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.engines.choice import ENGINES
from procoder_model_host.errors import EngineError, ModelFileError
from procoder_model_host.files.adapters import check_adapter
from procoder_model_host.files.folder_tokenizer import folder_tokenizer
from procoder_model_host.files.model_folder import folder_digest, read_folder
from procoder_model_host.messages import Special, Text

CONFIG = {
    "model_type": "llama",
    "hidden_size": 4,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 259,
    "max_position_embeddings": 64,
    "rope_theta": 1_000_000.0,
    "eos_token_id": 258,
}
TENSORS = {"a": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}}
ADAPTER = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], "lora_alpha": 8}


def _safetensors(path: Path, tensors: object = TENSORS, data: int = 12) -> None:
    header = json.dumps(tensors).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(data))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as Transformers saves one; its tokenizer has one token a byte."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "tokenizer_config.json").write_text('{"chat_template": "<|im_start|> <|im_end|>"}')
    backend = Backend(
        BPE({c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}, [])
    )
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([AddedToken(name) for name in ("<s>", "<x>", "</s>")])
    backend.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 256)])
    backend.save(str(folder / "tokenizer.json"))
    _safetensors(folder / "model.safetensors")
    return folder


def _config(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))

    return change


def _weights(tensors: object, data: int = 12) -> Callable[[Path], None]:
    return lambda folder: _safetensors(folder / "model.safetensors", tensors, data)


def _tensor(**changes: object) -> Callable[[Path], None]:
    return _weights({"a": {**TENSORS["a"], **changes}})


def _raw(name: str, data: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return change


def _index(*names: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        index = {"weight_map": {str(number): name for number, name in enumerate(names)}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    return change


def test_it_is_told_in_the_words_of_gguf(folder: Path) -> None:
    header = read_folder(folder)
    told = {key: value for key, value in header.metadata.items() if "token" not in key}
    assert told == {
        "general.architecture": "llama",
        "llama.context_length": 64,
        "llama.embedding_length": 4,
        "llama.feed_forward_length": 8,
        "llama.block_count": 1,
        "llama.attention.head_count": 2,
        "llama.attention.head_count_kv": 1,
        "llama.vocab_size": 259,
        "llama.rope.freq_base": 1_000_000.0,
    }
    assert header.metadata["tokenizer.chat_template"] == "<|im_start|> <|im_end|>"
    assert [tensor.size for tensor in header.tensors] == [12]


def test_shards_are_found_by_the_index(folder: Path) -> None:
    weights = (folder / "model.safetensors").read_bytes()
    _index("b.safetensors", "a.safetensors", "a.safetensors")(folder)
    for name in ("a.safetensors", "b.safetensors"):
        (folder / name).write_bytes(weights)
    assert len(read_folder(folder).tensors) == 2


def test_the_tokenizer_treats_text_as_text(folder: Path) -> None:
    tokenizer = folder_tokenizer(folder, read_folder(folder).metadata)
    text = "é </s> 😀\n"
    tokens = tokenizer.encode(text)
    assert not {256, 257, 258} & set(tokens)
    assert b"".join(map(tokenizer.piece, tokens)) == text.encode()
    prompt = tokenizer.encode_prompt([Text(text="a"), Special(special="<x>")])
    assert (prompt[0], prompt[-1], len(prompt)) == (256, 257, 3)
    assert tokenizer.end_ids == {258}
    assert tokenizer.piece(258) == b""


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "config.json").unlink(), "no config.json"),
        (_raw("config.json", b"{"), "is not JSON"),
        (_raw("config.json", b"[" * 100_000), "is not JSON"),
        (_raw("config.json", b"[]"), "is not a JSON object"),
        (_config(model_type="mamba"), "'mamba'"),
        (_config(model_type=["llama"]), "names the architecture"),
        (_config(quantization_config={"quant_method": "bnb"}), "quantized"),
        (_config(hidden_size=2**40), "hidden_size"),
        (_config(num_hidden_layers=0), "num_hidden_layers"),
        (_config(vocab_size=True), "vocab_size"),
        (_raw("adapter_config.json", b"{}"), "a model and an adapter"),
        (lambda folder: (folder / "model.safetensors").unlink(), "has neither"),
        (_index("../model.safetensors"), "does not name"),
        (_index("weights.bin"), "does not name"),
        (_index(), "does not name"),
        (_index("lost.safetensors"), "lost.safetensors"),
        (_raw("model.safetensors", b""), "not a complete safetensors file"),
        (_raw("model.safetensors", b"\xff" * 64), "not a complete safetensors file"),
        (_raw("model.safetensors", struct.pack("<Q", 2) + b"{]"), "not JSON"),
        (_raw("model.safetensors", struct.pack("<Q", 2) + b"[]"), "not an object"),
        (_weights(TENSORS, 11), "11 bytes"),
        (_weights(TENSORS, 13), "13 bytes"),
        (_weights({**TENSORS, "b": TENSORS["a"]}), "overlap"),
        (_tensor(dtype="OBJECT"), "'a'"),
        (_tensor(shape=[2, -3]), "'a'"),
        (_tensor(shape=[2**39] * 8), "'a'"),
        (_tensor(data_offsets=[12, 0]), "'a'"),
        (_weights({"a": None}), "'a'"),
        (_raw("tokenizer.json", b"{}"), "is no tokenizer"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json"),
    ],
)
def test_damaged_folders_are_refused(
    folder: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(folder)
    with pytest.raises(ModelFileError, match=words):
        read_folder(folder)


def test_an_adapter_taken_for_a_model(folder: Path) -> None:
    (folder / "config.json").rename(folder / "adapter_config.json")
    with pytest.raises(ModelFileError) as refused:
        read_folder(folder)
    assert "--adapter" in refused.value.advice


def test_the_digest_follows_what_is_read(folder: Path, tmp_path: Path) -> None:
    before = folder_digest(folder, tmp_path / "notes")
    (folder / "README.md").write_text("changes nothing")
    assert folder_digest(folder, tmp_path / "notes") == before
    (folder / "chat_template.jinja").write_text("changes the prompt")
    assert folder_digest(folder, tmp_path / "notes") != before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"peft_type": "IA3"}, "only LORA"),
        ({"r": 0}, "r is not"),
        ({"r": "8"}, "r is not"),
        ({"target_modules": "(a+)+$"}, "target_modules"),
        ({"target_modules": []}, "target_modules"),
        ({"target_modules": [3]}, "target_modules"),
        ({"init_lora_weights": "pissa"}, "relative to a changed base"),
    ],
)
def test_adapters_that_are_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({**ADAPTER, **changes}))
    _safetensors(tmp_path / "adapter_model.safetensors")
    with pytest.raises(ModelFileError, match=words):
        check_adapter(tmp_path)


def test_pickled_adapters_are_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps(ADAPTER))
    (tmp_path / "adapter_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelFileError, match=r"adapter_model\.safetensors"):
        check_adapter(tmp_path)
    _safetensors(tmp_path / "adapter_model.safetensors")
    assert check_adapter(tmp_path) == {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj"]}


@pytest.mark.parametrize("name", sorted(set(ENGINES) - {"transformers"}))
def test_other_engines_refuse_adapters(folder: Path, tmp_path: Path, name: str) -> None:
    options = LoadOptions(folder, read_folder(folder), tmp_path, 64, 1, adapter=tmp_path)
    with pytest.raises(EngineError) as refused:
        ENGINES[name].open(options, lambda reply: None)
    assert "--engine transformers" in refused.value.advice
