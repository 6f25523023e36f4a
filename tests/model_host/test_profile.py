"""Profiles: what metadata tells, what the rules add, and what the user corrects."""

from pathlib import Path

import pytest
from sample_models import write_ggml, write_gguf

from procoder_model_host.errors import ModelFileError, ProfileError
from procoder_model_host.files.compatibility import require_sound
from procoder_model_host.files.gguf import GGUFHeader, TensorInfo, Value, read_header
from procoder_model_host.files.model_files import read_model
from procoder_model_host.files.profile import FIM_FAMILIES, Overrides, read_profile
from procoder_model_host.store.overrides import read_overrides, with_override, write_overrides

CHATML = "{% for m in messages %}<|im_start|>{{ m }}<|im_end|>{% endfor %}"
QWEN = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")


def header(**metadata: Value) -> GGUFHeader:
    """Return a header with this metadata; `__` stands for a dot."""
    named = {key.replace("__", "."): value for key, value in metadata.items()}
    return GGUFHeader(3, {"general.architecture": "llama"} | named, {}, (), 32, 0)


def test_the_default_model(smollm2: Path) -> None:
    profile = read_profile(read_header(smollm2))
    assert (profile.kind, profile.chat_template, profile.fim) == ("chat", "chatml", None)
    assert (profile.context_length, profile.rope_base) == (8192, 100_000.0)
    assert (profile.vocabulary, profile.quantization) == (49_152, "Q4_1")
    assert profile.stops == ("<|im_end|>",)


def test_code_llama(tmp_path: Path) -> None:
    for path in (
        write_gguf(tmp_path / "model.gguf", weight_type="Q4_1"),
        write_gguf(tmp_path / "mute.gguf", weight_type="Q4_1", rope_base=None),
        write_ggml(tmp_path / "model.bin", weight_type="Q4_1"),
    ):
        profile = read_profile(read_model(path))
        assert (profile.kind, profile.chat_template, profile.stops) == ("completion", None, ())
        assert profile.fim == FIM_FAMILIES["code-llama"]
        assert (profile.rope_base, profile.quantization) == (1_000_000.0, "Q4_1")
        assert profile.vocabulary == 32_016


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        (header(), "chat_template", None),
        (header(), "context_length", 2048),
        (header(), "rope_base", 10_000.0),
        (header(), "fim", None),
        (header(), "quantization", "none"),
        (header(general__architecture=""), "architecture", "unknown"),
        (header(llama__context_length=-1), "context_length", 2048),
        (header(llama__context_length="8"), "context_length", 2048),
        (header(llama__rope__freq_base=0.0), "rope_base", 10_000.0),
        (header(llama__rope__freq_base=5e5), "rope_base", 500_000.0),
        (header(tokenizer__chat_template=CHATML), "chat_template", "chatml"),
        (header(tokenizer__chat_template="{{ x }}"), "kind", "completion"),
        (header(general__name="codellama_codellama-7b-instruct-hf"), "chat_template", "llama2"),
        (header(general__name="codellama-7b-hf"), "chat_template", None),
        (header(general__name="Mistral 7B Instruct"), "chat_template", None),
        (header(tokenizer__ggml__tokens=QWEN), "fim", FIM_FAMILIES["qwen"]),
        (header(tokenizer__ggml__tokens=QWEN[:2]), "fim", None),
    ],
)
def test_rules(given: GGUFHeader, field: str, value: object) -> None:
    assert getattr(read_profile(given), field) == value


def test_most_of_the_weights_decide_the_quantization() -> None:
    tensors = (TensorInfo("a", (32, 9), 3, 0), TensorInfo("b", (32,), 0, 192))
    given = GGUFHeader(3, {}, {}, tensors, 32, 0)
    assert read_profile(given).quantization == "Q4_1"


@pytest.mark.parametrize(
    ("key", "text", "field", "value"),
    [
        ("chat_template", "llama2", "chat_template", "llama2"),
        ("chat_template", "llama2", "kind", "chat"),
        ("chat_template", "none", "kind", "completion"),
        ("fim", "starcoder", "fim", FIM_FAMILIES["starcoder"]),
        ("fim", "none", "fim", None),
        ("stops", '["a", "b"]', "stops", ("a", "b")),
        ("stops", "[]", "stops", ()),
        ("context_length", "4096", "context_length", 4096),
        ("rope_base", "1e6", "rope_base", 1_000_000.0),
    ],
)
def test_overrides_win_and_are_kept(
    tmp_path: Path, key: str, text: str, field: str, value: object
) -> None:
    path = tmp_path / "profile.json"
    write_overrides(path, with_override(read_overrides(path), key, text))
    given = header(tokenizer__chat_template=CHATML, tokenizer__ggml__tokens=QWEN)
    assert getattr(read_profile(given, read_overrides(path)), field) == value

    write_overrides(path, with_override(read_overrides(path), key, ""))
    assert read_overrides(path) == Overrides()
    assert not path.exists()


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("colour", "red", "no field 'colour'"),
        ("chat_template", "vicuna", "cannot be 'vicuna'"),
        ("fim", "mine", "cannot be 'mine'"),
        ("stops", "abc", "stops cannot be"),
        ("stops", '"abc"', "JSON list"),
        ("stops", '[""]', "JSON list"),
        ("stops", "[1]", "JSON list"),
        ("context_length", "0", "from 1 to"),
        ("context_length", "true", "from 1 to"),
        ("context_length", "1e3", "from 1 to"),
        ("rope_base", "NaN", "above 1"),
        ("rope_base", "Infinity", "above 1"),
        ("rope_base", "-5", "above 1"),
        ("rope_base", "true", "above 1"),
    ],
)
def test_impossible_overrides(key: str, text: str, words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        with_override(Overrides(), key, text)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (header(llama__block_count=0), "0 blocks"),
        (header(llama__block_count=513), "513 blocks"),
        (header(llama__block_count="2"), "'2' blocks"),
        (header(tokenizer__ggml__tokens=("a", "b", "a")), "a token twice"),
    ],
)
def test_what_aborts_llama_cpp_is_refused(given: GGUFHeader, words: str) -> None:
    with pytest.raises(ModelFileError, match=words):
        require_sound(Path("model.gguf"), given)


@pytest.mark.parametrize("text", ["{", "[]", '{"colour": 1}', '{"rope_base": "x"}', "\udc80"])
def test_a_spoiled_note_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profile.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ProfileError, match=r"profile\.json are unusable"):
        read_overrides(path)
