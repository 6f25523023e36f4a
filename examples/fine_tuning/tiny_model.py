"""Make a tiny random Llama to try the recipe with: it knows nothing, but loads like a real one.

python tiny_model.py pairs.jsonl --output tiny-llama
"""

import argparse
from pathlib import Path

import torch
from pairs import read_pairs
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM

_VOCABULARY = 512


def tokenizer_of(texts: list[str]) -> Tokenizer:
    """Train a byte-level BPE on the texts; `<s>` stands before every prompt."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    start = tokenizer.token_to_id("<s>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", start)]
    )
    return tokenizer


def main() -> None:
    """Write config.json, model.safetensors and tokenizer.json."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--output", type=Path, default=Path("tiny-llama"))
    options = parser.parse_args()
    texts = [pair["prompt"] + pair["completion"] for pair in read_pairs(options.pairs)]
    tokenizer = tokenizer_of(texts)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=192,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=1024,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        bos_token_id=tokenizer.token_to_id("<s>"),
        eos_token_id=tokenizer.token_to_id("</s>"),
    )
    LlamaForCausalLM(config).save_pretrained(options.output)
    tokenizer.save(str(options.output / "tokenizer.json"))
    print(f"{options.output}: {sum(1 for _ in options.output.iterdir())} files")


if __name__ == "__main__":
    main()
