"""Prompts against goldens; a change of a prompt is a change of PROMPT_VERSION."""

from collections.abc import Callable
from pathlib import Path

import pytest

from procoder_tutor.backend import ChatMessage, Prompt, prompt_text
from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.prompts import PROFILES, PROMPT_VERSION, Excerpt, conversations, profile_for
from procoder_tutor.prompts import completions as slots
from procoder_tutor.questions import Level
from procoder_tutor.symbols import Document, Snapshot

CODE = '''\
"""A till."""
import decimal
TAX = decimal.Decimal("0.2")
TABLE = {key: 1 for key in range(5)}


class Till(Base):
    """Counts money."""

    @property
    def gross(self):  # with tax
        """What the customer pays."""
        return self.net * (1 + TAX)


async def pay(till, *, card=None):
    """Pay."""
'''
CASES = [
    ("docstring", "Till.gross", Level.INTERMEDIATE, "en"),
    ("docstring", "Till", Level.BEGINNER, "es"),
    ("docstring", "pay", Level.EXPERT, "en"),
    ("docstring", "snippet", Level.INTERMEDIATE, "en"),
    *(("purpose", "Till.gross", level, "en") for level in Level),
    *(("purpose", "pay", Level.INTERMEDIATE, language) for language in ("es", "de", "fr-CA", "sv")),
    *(("chat", "Till.gross", level, "en") for level in Level),
    ("chat", "pay", Level.BEGINNER, "de"),
]

HISTORY = (ChatMessage("user", "What is it?"), ChatMessage("assistant", "A price with tax."))
SLOTS: dict[str, Callable[[Excerpt], Prompt]] = {
    "blocks": lambda excerpt: slots.block_slot(excerpt, ["x = 1", "return x"], ["Sets `x` to 1."]),
    "question": lambda excerpt: slots.question_slot(excerpt, "", "Why\n plus one?"),
    "rewrite": lambda excerpt: slots.rewrite_slot(excerpt, "without the error"),
    "tests": lambda excerpt: slots.tests_slot(excerpt, "till", "Till"),
    "chat-question": lambda excerpt: conversations.question(
        excerpt, HISTORY, "Why plus one?", Level.EXPERT, "es"
    ),
    "chat-rewrite": lambda excerpt: conversations.rewrite_request(excerpt, "without the error"),
    "chat-tests": lambda excerpt: conversations.tests_request(excerpt, "till", "Till"),
}


@pytest.mark.parametrize(("style", "name", "level", "language"), CASES)
def test_prompt_is_the_golden(
    repository: Path, style: str, name: str, level: Level, language: str
) -> None:
    document = Document.parse(Snapshot(CODE))
    excerpt = excerpt_of(document, document.by_name(name))
    prompt = prompt_text(PROFILES[style].render(excerpt, level, language))
    golden = repository / "tests/data/prompts" / f"{style}-{name}-{level}-{language}.txt"
    assert prompt == golden.read_text(encoding="utf-8")
    assert prompt == prompt.rstrip(" ")


@pytest.mark.parametrize("name", SLOTS)
def test_slot_is_the_golden(repository: Path, name: str) -> None:
    document = Document.parse(Snapshot(CODE))
    excerpt = excerpt_of(document, document.by_name("Till.gross"))
    prompt = prompt_text(SLOTS[name](excerpt))
    golden = repository / "tests/data/prompts" / f"{name}.txt"
    assert prompt == golden.read_text(encoding="utf-8")
    assert prompt == prompt.rstrip(" ")


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
def test_conversations_begin_alike_whatever_the_code(level: Level, language: str) -> None:
    document = Document.parse(Snapshot(CODE))
    prompts = [
        PROFILES["chat"].render(excerpt_of(document, symbol), level, language)
        for symbol in document.symbols
    ]
    assert len({prompt[0] for prompt in prompts}) == 1


def test_version_belongs_to_the_goldens() -> None:
    assert PROMPT_VERSION == 3


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
def test_static_prefix_is_the_same_for_all_code(level: Level, language: str) -> None:
    profile = profile_for("purpose")
    document = Document.parse(Snapshot(CODE))
    prompts = [
        prompt_text(profile.render(excerpt_of(document, symbol), level, language))
        for symbol in document.symbols
    ]
    assert all(prompt.startswith(profile.prefix(level, language)) for prompt in prompts)
    sentence = profile.shot_sentence(level, language)
    assert 16 <= len(sentence.split()) <= 25


@pytest.mark.parametrize("style", ["docstring", "purpose"])
def test_shot_makes_no_claims_that_models_copy(style: str) -> None:
    for level in Level:
        sentence = PROFILES[style].shot_sentence(level, "en").lower()
        assert not any(word in sentence for word in ("return", "raise", "modif", "change"))


def test_unknown_style_is_a_base_model() -> None:
    assert profile_for("something-new") is PROFILES["purpose"]


@pytest.mark.parametrize(
    ("code", "symbol", "expected"),
    [
        ("def f():\n    'doc'\n", "f", "def f():\n    pass"),
        ("def f(  a ):  # why\n    return(a)\n", "f", "def f(a):\n    return a"),
        (f"x = [{', '.join('1' * 50)}]\n", "snippet", "x = [1, 1, 1, 1, 1, 1, ...]"),
        (
            "def f():\n    return 'z%s'\n" % ("a" * 500),
            "f",
            f"def f():\n    return 'z{'a' * 119}…'",
        ),
        (
            "def f():\n    def g():\n        'd'\n        return 1\n    return g\n",
            "f",
            "def f():\n\n    def g():\n        return 1\n    return g",
        ),
        ("def f(:\n  return 1\n", "snippet", "def f(:\n  return 1"),
    ],
)
def test_code_is_written_anew(code: str, symbol: str, expected: str) -> None:
    document = Document.parse(Snapshot(code))
    assert excerpt_of(document, document.by_name(symbol)).code == expected
