"""What an answer is kept under."""

from procoder_tutor.backend import ModelInfo, prompt_text
from procoder_tutor.cache import cache_key
from procoder_tutor.check import CHECK_VERSION
from procoder_tutor.prompts import PROMPT_VERSION, Excerpt, profile_for
from procoder_tutor.questions import Kind, Question

KEPT = frozenset({Kind.EXPLAIN, Kind.BLOCKS})
"""What is the same whenever it is asked; a chat depends on what was said before."""


def answer_key(
    model: ModelInfo, excerpt: Excerpt, question: Question, *, strict: bool = True
) -> str:
    """Name an answer by all that decides it.

    The whole prompt stands in for the code it shows, which is free of comments, formatting and
    line numbers; the vocabulary of the check is coarser than that on purpose.
    """
    profile = profile_for(model.prompt_style)
    return cache_key(
        f"prompt {PROMPT_VERSION} check {CHECK_VERSION} strict {strict}"
        f" window {model.context_window}",
        model.id,
        model.digest,
        profile.name,
        question.kind,
        question.level,
        profile.language(question.language),
        question.language.lower(),
        prompt_text(profile.render(excerpt, question.level, question.language)),
    )
