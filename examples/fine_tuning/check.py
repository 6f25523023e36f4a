"""Check an adapter on examples that it was not trained on; fails unless it helps there.

python check.py pairs.jsonl --model tiny-llama --adapter adapter --dtype float32
"""

import argparse
import json
import sys
from pathlib import Path

from pairs import load_model, mean_loss, split
from peft import PeftModel


def main() -> None:
    """Print the held-out loss of the model alone and with its adapter."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--longest", type=int, default=1024)
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    options = parser.parse_args()
    _, held_out = split(options.pairs, options.model, options.longest)
    model = load_model(options.model, options.dtype)
    alone = mean_loss(model, held_out)
    adapted = mean_loss(PeftModel.from_pretrained(model, options.adapter), held_out)
    print(json.dumps({"held_out": len(held_out), "alone": alone, "adapted": adapted}))
    if adapted >= alone:
        sys.exit("The adapter does not help: more examples, more epochs, or another rate.")


if __name__ == "__main__":
    main()
