"""Prompts for filling a gap between two texts, with a model's own infilling tokens."""

from procoder_model_host.files.profile import FimTokens
from procoder_model_host.messages import PromptPart, Special, Text


def infill_prompt(tokens: FimTokens, prefix: str, suffix: str) -> tuple[PromptPart, ...]:
    """`<PRE> {prefix} <SUF>{suffix} <MID>`, each part as the model was trained on it.

    The space before the prefix is the one that SentencePiece puts before any text; the suffix
    must not get one; the other spaces belong to the names of the tokens. Source: Meta's codellama
    repository, `infilling_prompt_tokens`. Byte-level tokenizers put no space anywhere.
    """
    return (
        Special(special=tokens.prefix),
        Text(text=prefix.replace("\r", "")),
        Special(special=tokens.suffix),
        Text(text=suffix.replace("\r", ""), joined=True),
        Special(special=tokens.middle),
    )
