"""Folders of safetensors: the same model as the GGUF file, and nothing a stranger could hide."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from procoder_model_host.engines.transformers import choose_dtype
from procoder_model_host.errors import EngineError, ModelFileError
from procoder_model_host.files.model_files import read_model

TOKENS = list(range(300, 340))


def _logits(evaluator, tokens=TOKENS):
    evaluator.evaluate(0, tokens[evaluator.reuse(0, tokens) :])
    return np.array(evaluator.logits(0))


def test_a_folder_and_its_file_are_one_model(load, tiny_folder: Path, tiny_evaluator) -> None:
    assert np.abs(_logits(load(tiny_folder)) - _logits(tiny_evaluator)).max() < 1e-4


def test_the_rope_base_of_a_folder_is_honoured(load, tiny_folder: Path, tmp_path: Path) -> None:
    other = copytree(tiny_folder, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    config["rope_parameters"]["rope_theta"] = 10_000.0
    (other / "config.json").write_text(json.dumps(config))
    assert read_model(tiny_folder).metadata["llama.rope.freq_base"] == 1_000_000
    assert np.abs(_logits(load(other)) - _logits(load(tiny_folder))).max() > 0.5


def test_bfloat16_stays_close(load, tiny_folder: Path, tiny_evaluator) -> None:
    rounded = _logits(load(tiny_folder, dtype="bfloat16"))
    exact = _logits(tiny_evaluator)
    assert 0 < np.abs(rounded - exact).max() < 0.05 * np.abs(exact).max()


def test_only_large_models_are_rounded(tiny_folder: Path) -> None:
    header = read_model(tiny_folder)
    assert choose_dtype(header) == "float32"
    layers = header.tensors * 1000
    assert choose_dtype(type(header)(0, header.metadata, {}, layers, 1, 0)) == "bfloat16"


def test_weights_that_are_not_there_are_not_made_up(
    load, tiny_folder: Path, tmp_path: Path
) -> None:
    folder = copytree(tiny_folder, tmp_path / "lacking")
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(EngineError, match="up_proj"):
        load(folder)


def test_pickles_and_code_are_never_loaded(load, tiny_folder: Path, tmp_path: Path) -> None:
    folder = copytree(tiny_folder, tmp_path / "hostile")
    mark = tmp_path / "executed"
    (folder / "modeling_llama.py").write_text(f"open({str(mark)!r}, 'w')")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModelForCausalLM": "modeling_llama.LlamaForCausalLM"}
    (folder / "config.json").write_text(json.dumps(config))
    assert np.isfinite(_logits(load(folder))).all()
    assert not mark.exists()
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelFileError, match="has neither"):
        load(folder)


def test_a_failed_evaluation_leaves_a_clean_lane(tiny_evaluator) -> None:
    before = _logits(tiny_evaluator)
    with pytest.raises(EngineError, match="failed to evaluate"):
        tiny_evaluator.evaluate(0, [10**6])
    with pytest.raises(EngineError, match="no logits"):
        tiny_evaluator.logits(0)
    assert tiny_evaluator.reuse(0, TOKENS) == 0
    assert np.allclose(_logits(tiny_evaluator), before, atol=1e-5)
