"""What the tutor needs of a model, whoever runs it: three questions and an identity."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol

from procoder_tutor.events import TokenUsage


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Who answers; everything here is part of what makes a cached answer valid."""

    id: str
    digest: str
    """`sha256:<hex>` of the model file; for a server that does not tell, derived from its id."""
    prompt_style: str
    """Name of the prompt profile that fits the model, see `procoder_tutor.prompts`."""
    context_window: int
    """Tokens that prompt and answer share."""
    chats: bool = True
    """Whether it takes conversations; a base model only completes text."""
    fim: bool = False
    """Whether it was trained to fill the gap between two texts."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


Prompt = str | tuple[ChatMessage, ...]
"""A text to complete, or a conversation to answer."""


def prompt_text(prompt: Prompt) -> str:
    """Return all that a prompt says, as one text: what is counted, keyed and shown."""
    if isinstance(prompt, str):
        return prompt
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in prompt)


@dataclass(frozen=True, slots=True)
class CompletionJob:
    """One request for text, decoded greedily: the same job always has the same answer."""

    prompt: Prompt
    max_tokens: int
    """0 only lets the model read the prompt, so that one that begins alike is answered sooner."""
    stop: tuple[str, ...] = ()
    background: bool = False
    """Nobody waits for it: whatever somebody waits for goes first."""
    suffix: str = ""
    """What follows the text that is wanted; only for a model with `fim`, and no conversation."""


@dataclass(frozen=True, slots=True)
class Completion:
    """How an answer ended; the last item of a stream, after its text."""

    finish_reason: str
    """`stop`, or `length` when `max_tokens` cut the text."""
    usage: TokenUsage
    decode_ms: float | None = None
    """Time the engine spent on the answer's tokens, when it says so."""
    prefill_ms: float | None = None
    """Time it spent on the tokens of the prompt that it did not know, when it says so."""


class Backend(Protocol):
    """A model to ask. Every method raises BackendError when it cannot answer."""

    async def identify(self) -> ModelInfo:
        """Find (or start) the model's host and say which model answers."""
        ...

    async def count_tokens(self, text: str) -> int:
        """Count `text` in the model's own tokens."""
        ...

    def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        """Stream pieces of text, then one Completion; closing the stream frees the engine."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and of processes of this backend's own."""
        ...
