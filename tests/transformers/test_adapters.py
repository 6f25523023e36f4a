"""LoRA adapters: really applied, or refused."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from procoder_model_host.errors import EngineError

TOKENS = list(range(300, 340))


def _logits(evaluator):
    evaluator.evaluate(0, TOKENS[evaluator.reuse(0, TOKENS) :])
    return np.array(evaluator.logits(0))


@pytest.fixture(scope="module")
def adapter(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter whose weights are random: peft makes new ones that change nothing."""
    torch.manual_seed(3)
    settings = LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=["q_proj", "down_proj"],
        task_type="CAUSAL_LM",
        init_lora_weights=False,
    )
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(tiny_folder), settings)
    folder = tmp_path_factory.mktemp("adapter") / "changed"
    model.save_pretrained(folder)
    return folder


def test_it_computes_what_peft_computes(load, tiny_folder: Path, adapter: Path) -> None:
    model = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(tiny_folder, dtype=torch.float32), adapter
    )
    merged = model.merge_and_unload().eval()
    with torch.inference_mode():
        expected = merged(torch.tensor([TOKENS])).logits[0, -1].numpy()
    adapted = _logits(load(tiny_folder, adapter))
    assert np.abs(adapted - expected).max() < 1e-3
    assert np.abs(adapted - _logits(load(tiny_folder))).max() > 1


def test_it_goes_on_a_gguf_file_too(
    load, tiny_gguf: Path, tiny_folder: Path, adapter: Path
) -> None:
    difference = _logits(load(tiny_gguf, adapter)) - _logits(load(tiny_folder, adapter))
    assert np.abs(difference).max() < 1e-3


def _lose_half(weights):
    return {name: weight for name, weight in weights.items() if "lora_A" in name}


def _rename(weights):
    return {name.replace("layers.1", "layers.7"): weight for name, weight in weights.items()}


def _add(weights):
    return weights | {"base_model.model.model.layers.9.lora_A.weight": torch.zeros(1)}


def _reshape(weights):
    return {name: weight[:2].contiguous() for name, weight in weights.items()}


@pytest.mark.parametrize("damage", [_lose_half, _rename, _add, _reshape])
def test_one_that_does_not_fit_is_refused(
    load, tiny_folder: Path, adapter: Path, tmp_path: Path, damage
) -> None:
    damaged = copytree(adapter, tmp_path / "damaged")
    weights = damaged / "adapter_model.safetensors"
    save_file(damage(load_file(weights)), weights)
    with pytest.raises(EngineError, match="does not fit"):
        load(tiny_folder, damaged)


def test_one_for_other_layers_is_refused(
    load, tiny_folder: Path, adapter: Path, tmp_path: Path
) -> None:
    other = copytree(adapter, tmp_path / "other")
    config = json.loads((other / "adapter_config.json").read_text())
    config["target_modules"] = ["c_attn"]
    (other / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(EngineError, match="does not fit"):
        load(tiny_folder, other)
