"""Train a LoRA adapter: a few million numbers beside a model that stays as it is.

    python train.py pairs.jsonl --model tiny-llama --output adapter --dtype float32

Prints the loss of the examples trained on and of those held out, after each epoch.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from pairs import load_model, mean_loss, split
from peft import LoraConfig, get_peft_model


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--model", type=Path, required=True, help="folder of safetensors")
    parser.add_argument("--output", type=Path, default=Path("adapter"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4, help="learning rate")
    parser.add_argument("--batch", type=int, default=8, help="examples for one step")
    parser.add_argument("--longest", type=int, default=1024, help="tokens of an example")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument(
        "--save-memory", action="store_true", help="compute activations twice, keep few"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Train, tell the losses, and save the adapter as safetensors."""
    options = arguments()
    torch.manual_seed(options.seed)
    shuffled = random.Random(options.seed)
    train, held_out = split(options.pairs, options.model, options.longest)
    model = load_model(options.model, options.dtype)
    if options.save_memory:
        model.activation_checkpointing_enable()
        model.enable_input_require_grads()
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=options.rank,
        lora_alpha=2 * options.rank,
        target_modules=[
            "q_proj",
            "k_proj",
            "v_proj",
            "o_proj",
            "gate_proj",
            "up_proj",
            "down_proj",
        ],
    )
    model = get_peft_model(model, config)
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=options.rate)
    report(0, mean_loss(model, train), mean_loss(model, held_out))
    for epoch in range(1, options.epochs + 1):
        model.train()
        shuffled.shuffle(train)
        total = 0.0
        for start in range(0, len(train), options.batch):
            batch = train[start : start + options.batch]
            for example in batch:
                loss = model(input_ids=example.tokens, labels=example.labels).loss
                (loss / len(batch)).backward()
                total += float(loss.detach())
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            optimizer.zero_grad()
        report(epoch, total / len(train), mean_loss(model, held_out))
    model.save_pretrained(options.output)


def report(epoch: int, trained: float, held_out: float) -> None:
    """Print one line of JSON: losses in nats a token."""
    losses = {"epoch": epoch, "loss": round(trained, 4), "held_out_loss": round(held_out, 4)}
    print(json.dumps(losses), flush=True)


if __name__ == "__main__":
    main()
