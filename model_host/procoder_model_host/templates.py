"""Chat templates: a fixed table of our own, from messages to prompt parts.

A template inside a model file is text from a stranger: it is looked at to recognize one of
these, and never executed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from procoder_model_host.messages import PromptPart, Special, Text


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """How a family of models was taught to take turns."""

    name: str
    marks: tuple[str, ...]
    """Strings that its form inside a model file contains."""
    render: Callable[[Sequence[ChatMessage]], tuple[PromptPart, ...]]
    """Turns a conversation that ends with the user into a prompt for the answer."""


class TemplateError(ValueError):
    """A conversation that the template cannot express; the message says why."""


def _chatml(messages: Sequence[ChatMessage]) -> tuple[PromptPart, ...]:
    """`<|im_start|>role`, newline, content, `<|im_end|>`, newline. Source: OpenAI's ChatML."""
    parts: list[PromptPart] = []
    for message in messages:
        parts += [
            Special(special="<|im_start|>"),
            Text(text=f"{message.role}\n{message.content}"),
            Special(special="<|im_end|>"),
            Text(text="\n"),
        ]
    return (*parts, Special(special="<|im_start|>"), Text(text="assistant\n"))


def _llama2(messages: Sequence[ChatMessage]) -> tuple[PromptPart, ...]:
    """`[INST] <<SYS>> … <</SYS>> user [/INST] answer`. Source: Meta's llama repository."""
    system, turns = _split_system(messages)
    parts: list[PromptPart] = []
    for index, message in enumerate(turns):
        content = message.content.strip()
        if message.role == "assistant":
            # Meta's code tokenizes an exchange as one string: the answer belongs to its text.
            asked = parts.pop()
            joined = asked.text if isinstance(asked, Text) else ""
            parts += [Text(text=f"{joined} {content} "), Special(special="</s>")]
            continue
        if index == 0 and system:
            content = f"<<SYS>>\n{system}\n<</SYS>>\n\n{content}"
        parts += [Special(special="<s>"), Text(text=f"[INST] {content} [/INST]")]
    return tuple(parts)


def _gemma(messages: Sequence[ChatMessage]) -> tuple[PromptPart, ...]:
    """`<start_of_turn>role`, newline, content, `<end_of_turn>`. Source: Google's Gemma card."""
    system, turns = _split_system(messages)
    parts: list[PromptPart] = [Special(special="<bos>")]
    for index, message in enumerate(turns):
        role = "model" if message.role == "assistant" else "user"
        content = message.content.strip()
        if index == 0 and system:
            content = f"{system}\n\n{content}"
        parts += [
            Special(special="<start_of_turn>"),
            Text(text=f"{role}\n{content}"),
            Special(special="<end_of_turn>"),
            Text(text="\n"),
        ]
    return (*parts, Special(special="<start_of_turn>"), Text(text="model\n"))


def _split_system(messages: Sequence[ChatMessage]) -> tuple[str, Sequence[ChatMessage]]:
    """Separate a leading system message, and demand that user and assistant alternate."""
    system = messages[0].content.strip() if messages and messages[0].role == "system" else ""
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    expected = ["user" if index % 2 == 0 else "assistant" for index in range(len(turns))]
    if not turns or [turn.role for turn in turns] != expected or turns[-1].role != "user":
        raise TemplateError(
            "this model's chat template takes one optional system message, then user and "
            "assistant messages in turn, ending with the user"
        )
    return system, turns


TEMPLATES: Mapping[str, ChatTemplate] = {
    template.name: template
    for template in (
        ChatTemplate("chatml", ("<|im_start|>", "<|im_end|>"), _chatml),
        ChatTemplate("llama2", ("[INST]", "<<SYS>>"), _llama2),
        ChatTemplate("gemma", ("<start_of_turn>", "<end_of_turn>"), _gemma),
    )
}


def recognize(model_template: str | None) -> str | None:
    """Return the name of our template that a model file's own template looks like."""
    if not model_template:
        return None
    for template in TEMPLATES.values():
        if all(mark in model_template for mark in template.marks):
            return template.name
    return None
