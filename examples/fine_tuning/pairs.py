"""What the steps of the recipe share: reading pairs, holding some out, and the loss of one."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # everything is on this machine

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, PreTrainedModel

# With a thread on every processor training crawls beside any other load.
torch.set_num_threads(max((os.cpu_count() or 1) - 1, 1))

HELD_OUT_EVERY = 10
"""One pair in so many is never trained on."""
_IGNORED = -100
"""Label of a token that has no part in the loss (torch.nn.CrossEntropyLoss)."""


@dataclass(frozen=True)
class Example:
    """One pair as tokens; only the completion has labels."""

    tokens: torch.Tensor
    labels: torch.Tensor


def read_pairs(path: Path) -> list[dict[str, str]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def split(path: Path, model: Path, longest: int) -> tuple[list[Example], list[Example]]:
    """Return what to train on and what is held out, without examples over `longest` tokens."""
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    end = config["eos_token_id"]
    end = end[0] if isinstance(end, list) else end
    train: list[Example] = []
    held_out: list[Example] = []
    for index, pair in enumerate(read_pairs(path)):
        example = encode(pair, tokenizer, end)
        if len(example.tokens) <= longest:
            (train if index % HELD_OUT_EVERY else held_out).append(example)
    return train, held_out


def encode(pair: dict[str, str], tokenizer: Tokenizer, end: int) -> Example:
    """Tokenize prompt and completion as one text, as a model will see them, and add the end."""
    encoding = tokenizer.encode(pair["prompt"] + pair["completion"])
    tokens = [*encoding.ids, end]
    answered = [stop > len(pair["prompt"]) for _, stop in encoding.offsets] + [True]
    labels = [token if own else _IGNORED for token, own in zip(tokens, answered, strict=True)]
    return Example(torch.tensor([tokens]), torch.tensor([labels]))


def load_model(folder: Path, dtype: str) -> PreTrainedModel:
    """Load a model folder: safetensors only, no code of its own, nothing from the network."""
    return AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=getattr(torch, dtype),
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
    )


def mean_loss(model: PreTrainedModel, examples: list[Example]) -> float:
    """Return the mean loss of the examples, in nats a token."""
    model.eval()
    with torch.inference_mode():
        losses = [
            float(model(input_ids=example.tokens, labels=example.labels).loss)
            for example in examples
        ]
    return sum(losses) / len(losses)
