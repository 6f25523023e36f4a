"""engine = auto, named engines, and what is said when one is not installed."""

import json
from pathlib import Path
from typing import Any

import pytest
from engine_driver import EngineDriver

from procoder_model_host.engines.base import Emit, Engine, LoadOptions
from procoder_model_host.engines.choice import ENGINES, EngineKind, open_engine
from procoder_model_host.errors import EngineError, ModelFileError, TokenizerError
from procoder_model_host.files.gguf import GGUFHeader

ABSENT = EngineKind("nowhere:open_engine", "procoder_no_such_library", "llamacpp")


class Opened:
    """Stands for an engine."""


def _kind(monkeypatch: pytest.MonkeyPatch, name: str, refusal: Exception | None) -> EngineKind:
    def opener(options: LoadOptions, emit: Emit) -> Any:
        if refusal is not None:
            raise refusal
        return Opened()

    # Any module that is imported already can hold the opener.
    monkeypatch.setattr(json, f"open_{name}", opener, raising=False)
    return EngineKind(f"json:open_{name}", "json", name)


def _options(path: Path) -> LoadOptions:
    return LoadOptions(path, GGUFHeader(3, {}, {}, (), 32, 0), path.parent, 64, 1)


def _emit(_reply: object) -> None:
    pass


@pytest.mark.parametrize(
    ("refusal", "chosen"),
    [
        (None, "ctransformers"),
        (ModelFileError(Path("m"), "GGUF version 3 of the architecture 'qwen2'"), "llamacpp"),
        (TokenizerError("unknown pre-tokenizer 'qwen2'"), "llamacpp"),
        (EngineError("ctransformers cannot load it"), "llamacpp"),
    ],
)
def test_auto_takes_ctransformers_where_it_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refusal: Exception | None, chosen: str
) -> None:
    engines = {
        "ctransformers": _kind(monkeypatch, "ctransformers", refusal),
        "llamacpp": _kind(monkeypatch, "llamacpp", None),
    }
    name, engine = open_engine("auto", _options(tmp_path / "m.gguf"), _emit, engines)
    assert (name, type(engine)) == (chosen, Opened)


def test_auto_takes_transformers_for_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engines = {"transformers": _kind(monkeypatch, "transformers", None)}
    assert open_engine("auto", _options(tmp_path), _emit, engines)[0] == "transformers"


def test_auto_without_llamacpp_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refusal = TokenizerError("unknown pre-tokenizer 'qwen2'")
    engines = {
        "ctransformers": _kind(monkeypatch, "ctransformers", refusal),
        "llamacpp": ABSENT,
    }
    with pytest.raises(EngineError, match="qwen2") as raised:
        open_engine("auto", _options(tmp_path / "m.gguf"), _emit, engines)
    assert "procoder[llamacpp]" in raised.value.advice


def test_a_named_engine_is_not_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refusal = ModelFileError(tmp_path, "no")
    engines = {
        "ctransformers": _kind(monkeypatch, "ctransformers", refusal),
        "llamacpp": _kind(monkeypatch, "llamacpp", None),
    }
    with pytest.raises(ModelFileError):
        open_engine("ctransformers", _options(tmp_path / "m.gguf"), _emit, engines)


def test_what_is_not_installed_is_named_with_its_extra(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="procoder_no_such_library") as raised:
        open_engine("llamacpp", _options(tmp_path / "m.gguf"), _emit, {"llamacpp": ABSENT})
    assert raised.value.advice == "Install it: pip install 'procoder[llamacpp]'."


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'vllm'") as raised:
        open_engine("vllm", _options(tmp_path / "m.gguf"), _emit)
    assert raised.value.advice == "Use one of auto, ctransformers, llamacpp, transformers."


@pytest.mark.parametrize("name", [name for name, kind in ENGINES.items() if kind.installed])
def test_the_table_leads_to_engines(name: str, tmp_path: Path, smollm2: Path) -> None:
    engine: Engine = EngineDriver(name, smollm2, tmp_path, window=64).engine
    assert engine.parallel >= 1
    assert engine.context_window == 64
    engine.close()
