"""Texts to complete: what a base model, or a small one, continues with what we want of it.

Every text is stable first (the example, then the code, then what was written so far), so that the
engine reuses its KV cache, and none ends with a space.
"""

from collections.abc import Sequence

from procoder_tutor.facts.model import SymbolKind
from procoder_tutor.prompts.excerpt import Excerpt
from procoder_tutor.prompts.shots import SHOT_CODE, SHOT_HEADER

_SENTENCE_STOPS = (
    '"""', "'''", "\n\n", "\n# ", "\n###", "\ndef ", "\nclass ", "```", ">>>", ":param",
)  # fmt: skip
LINE_STOPS = ("\n",)
CODE_STOPS = ("\n# ", "\n```", "\nif __name__")


def sentence_stops(kind: SymbolKind) -> tuple[str, ...]:
    """Return the strings that end a purpose; one about a module begins with blank lines."""
    return tuple(stop for stop in _SENTENCE_STOPS if kind != "module" or stop != "\n\n")


def example(sentence: str) -> str:
    """Return the one example, with the sentence that an answer shall be like."""
    return (
        f"# original function\n{SHOT_CODE}\n\n"
        f'# same function, with a docstring\n{SHOT_HEADER}\n    """{sentence}"""\n\n'
    )


def docstring_slot(excerpt: Excerpt, opening: str = "") -> str:
    """Return the code, and once more its header with a docstring that was begun."""
    again = f"# same {excerpt.noun}, with a docstring\n"
    opened = f'{excerpt.header}\n    """' if excerpt.header else '"""'
    return _original(excerpt) + again + opened + opening


def block_slot(excerpt: Excerpt, blocks: Sequence[str], said: Sequence[str]) -> str:
    """Return the code, and its first blocks with what was said of them; the last is open."""
    parts = [
        f"# part {number}\n{block}\n# This part {_lowered(sentence)}".rstrip()
        for number, (block, sentence) in enumerate(zip(blocks, [*said, ""], strict=True), 1)
    ]
    return f"{_original(excerpt)}# the same, part by part\n\n" + "\n\n".join(parts)


def question_slot(excerpt: Excerpt, history: str, question: str) -> str:
    """Return the code and a question about it, for a model that does not converse."""
    before = f"{history}\n\n" if history else ""
    return f"{_original(excerpt)}{before}# question: {_flat(question)}\n# answer:"


def rewrite_slot(excerpt: Excerpt, wish: str) -> str:
    """Return the code and the beginning of its better form."""
    return f"{_original(excerpt)}# same {excerpt.noun}, {wish}\n{excerpt.header}".rstrip()


def tests_slot(excerpt: Excerpt, module: str, name: str) -> str:
    """Return the code and the beginning of a file that tests it."""
    return (
        f"# {module}.py\n{excerpt.shown}\n\n"
        f"# test_{module}.py\nimport pytest\n\nfrom {module} import {name}\n\n\ndef test_"
    )


def _original(excerpt: Excerpt) -> str:
    of_owner = f" of {excerpt.owner}" if excerpt.owner else ""
    return f"# original {excerpt.noun}{of_owner}\n{excerpt.shown}\n\n"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _flat(text: str) -> str:
    return " ".join(text.split())
