"""Conversations to answer: what a model that was taught to chat is told and asked.

What never changes for a level and language stands in the system message, then comes the code,
then the earlier turns, and the question last: so that the engine reuses its KV cache.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from procoder_tutor.backend import ChatMessage
from procoder_tutor.prompts.excerpt import Excerpt
from procoder_tutor.questions import Level

SENTENCE_STOPS = ("\n\n", "```")
ANSWER_STOPS = ("\n\n\n",)
LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "es": "Spanish", "de": "German", "fr": "French"}
)
"""By primary subtag of BCP 47: what a model can be asked to write."""
_READERS: Mapping[Level, str] = MappingProxyType({
    Level.BEGINNER: "You explain Python code to somebody who has just begun to program. "
    "Use short sentences and everyday words, and say what a technical word means.",
    Level.INTERMEDIATE: "You explain Python code to a programmer. Be concrete and brief.",
    Level.EXPERT: "You explain Python code to an expert. "
    "Be dense and exact; leave out the obvious.",
})  # fmt: skip
_TRUTH = "Say only what the code shows. Do not praise, and do not give line numbers."


def system_message(level: Level, language: str) -> ChatMessage:
    """Return what stands first; the same for all code."""
    name = LANGUAGE_NAMES[language]
    tongue = "" if language == "en" else f" Answer in {name}; keep code and names as they are."
    return ChatMessage("system", f"{_READERS[level]} {_TRUTH}{tongue}")


def purpose_question(excerpt: Excerpt, level: Level, language: str) -> tuple[ChatMessage, ...]:
    """Ask what some code is for, in one sentence."""
    asked = f"In one sentence: what is this {excerpt.noun} for?"
    return (system_message(level, language), _user(f"{_fenced(excerpt)}\n{asked}"))


def question(
    excerpt: Excerpt, history: Sequence[ChatMessage], text: str, level: Level, language: str
) -> tuple[ChatMessage, ...]:
    """Ask a question about some code, after the earlier turns of the conversation."""
    code = _user(f"We talk about this {excerpt.noun}:\n{_fenced(excerpt)}")
    ready = ChatMessage("assistant", "What do you want to know about it?")
    return (system_message(level, language), code, ready, *history, _user(text))


def rewrite_request(excerpt: Excerpt, wish: str) -> tuple[ChatMessage, ...]:
    """Ask for the code once more, changed."""
    asked = f"Write this {excerpt.noun} again, {wish}. Change nothing else. Answer with code only."
    return (_coder(), _user(f"{_fenced(excerpt)}\n{asked}"))


def tests_request(excerpt: Excerpt, module: str, name: str) -> tuple[ChatMessage, ...]:
    """Ask for tests."""
    asked = (
        f"Write pytest tests for `{name}`, which is imported from `{module}`: "
        "two or three short functions with plain assertions. Answer with code only."
    )
    return (_coder(), _user(f"{_fenced(excerpt)}\n{asked}"))


def _coder() -> ChatMessage:
    return ChatMessage("system", "You write plain, correct Python.")


def _user(text: str) -> ChatMessage:
    return ChatMessage("user", text)


def _fenced(excerpt: Excerpt) -> str:
    owner = f"# a method of {excerpt.owner}\n" if excerpt.owner else ""
    return f"```python\n{owner}{excerpt.shown}\n```"
