"""LoRA adapters: checked, and put on a loaded model by peft.

    adapter_config.json  adapter_model.safetensors

Only what LoRA's arithmetic needs is taken from the settings, the weights are never a pickle, and
an adapter whose weights do not all find their place is refused: peft would ignore the rest.
Format: https://huggingface.co/docs/peft/developer_guides/checkpoint
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from procoder_model_host.errors import EngineError, ModelFileError
from procoder_model_host.files.model_folder import read_object
from procoder_model_host.files.safetensors_header import read_tensors

_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_SETTINGS = (
    "r",
    "lora_alpha",
    "target_modules",
    "rank_pattern",
    "alpha_pattern",
    "layers_to_transform",
    "layers_pattern",
    "modules_to_save",
    "fan_in_fan_out",
    "use_rslora",
    "use_dora",
    "bias",
    "lora_bias",
)
_MAX_RANK = 4096


def check_adapter(folder: Path) -> Mapping[str, Any]:
    """Return the settings of the LoRA adapter in a folder; raises ModelFileError."""
    path = folder / _CONFIG
    if not path.is_file():
        raise ModelFileError(folder, f"is no adapter: it has no {_CONFIG}")
    config = read_object(path)
    if config.get("peft_type") != "LORA":
        raise ModelFileError(path, f"is {config.get('peft_type')!r}; only LORA is known")
    rank, targets = config.get("r"), config.get("target_modules")
    if type(rank) is not int or not 0 < rank <= _MAX_RANK:
        raise ModelFileError(path, f"r is not a number from 1 to {_MAX_RANK}")
    # A string would be a regular expression, from a stranger.
    named = isinstance(targets, list) and all(isinstance(name, str) for name in targets)
    if targets != "all-linear" and not (named and targets):
        raise ModelFileError(path, "target_modules is not a list of names")
    if config.get("init_lora_weights") not in (True, False, None, "gaussian", "orthogonal"):
        raise ModelFileError(
            path,
            "is relative to a changed base model (init_lora_weights)",
            "Convert it to plain LoRA with peft's path_initial_model_for_weight_conversion.",
        )
    if not (folder / _WEIGHTS).is_file():
        raise ModelFileError(folder, f"has no {_WEIGHTS}", "Pickled weights are never loaded.")
    read_tensors(folder / _WEIGHTS)
    return {key: config[key] for key in _SETTINGS if config.get(key) is not None}


def load_adapter(model: Any, folder: Path) -> Any:
    """Return the model with the adapter applied; raises ModelFileError and EngineError.

    It is not merged: in bfloat16 the sum would lose most of what was learned.
    """
    settings = check_adapter(folder)
    try:
        peft, safetensors = import_module("peft"), import_module("safetensors.torch")
    except ImportError as error:
        raise EngineError(
            f"adapters need {error.name}", "Install it with: pip install 'procoder[transformers]'."
        ) from error
    try:
        config = peft.LoraConfig(task_type="CAUSAL_LM", inference_mode=True, **settings)
        adapted = peft.get_peft_model(model, config)
        weights = safetensors.load_file(str(folder / _WEIGHTS))
        report = peft.set_peft_model_state_dict(adapted, weights)
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        first = str(error).strip().partition("\n")[0]
        raise EngineError(f"the adapter {folder.name} does not fit the model: {first}") from error
    own = [name for name in report.missing_keys if "lora_" in name or "modules_to_save" in name]
    if strangers := [*report.unexpected_keys, *own]:
        raise EngineError(f"the adapter {folder.name} does not fit the model at {strangers[0]}")
    return adapted
