"""Merge an adapter into its model: one folder of safetensors, a little faster to run.

    python merge.py --model tiny-llama --adapter adapter --output merged

The sum is made in float32 and saved as `--dtype`: in bfloat16 what was learned is rounded.
"""

import argparse
import shutil
from pathlib import Path

import torch
from pairs import load_model
from peft import PeftModel

_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def main() -> None:
    """Write a model folder that needs no adapter."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path("merged"))
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    options = parser.parse_args()
    model = PeftModel.from_pretrained(load_model(options.model, "float32"), options.adapter)
    merged = model.merge_and_unload().to(getattr(torch, options.dtype))
    merged.save_pretrained(options.output)
    for name in _TOKENIZER:
        if (options.model / name).is_file():
            shutil.copyfile(options.model / name, options.output / name)


if __name__ == "__main__":
    main()
