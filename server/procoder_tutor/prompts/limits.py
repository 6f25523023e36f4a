"""How long an answer may become, by what is asked and for whom; reaching a limit is a failure.

Learners use help best at 80 to 160 words (arXiv 2411.18151); English has about 1.4 tokens a word
in the vocabularies we know, other languages more.
"""

from collections.abc import Mapping
from types import MappingProxyType

from procoder_tutor.questions import Kind, Level

_TOKENS: Mapping[Kind, Mapping[Level, int]] = MappingProxyType({
    Kind.EXPLAIN: {Level.BEGINNER: 60, Level.INTERMEDIATE: 45, Level.EXPERT: 45},
    Kind.BLOCKS: {Level.BEGINNER: 60, Level.INTERMEDIATE: 60, Level.EXPERT: 45},
    Kind.CHAT: {Level.BEGINNER: 220, Level.INTERMEDIATE: 180, Level.EXPERT: 120},
})  # fmt: skip
_FOREIGN_TOKENS = 0.75
"""Share by which an answer in another language than English may be longer."""
REWRITE_RESERVE = 64
"""Tokens that rewritten code may have more than the original."""
TEST_TOKENS = 320


def answer_limit(kind: Kind, level: Level, *, english: bool) -> int:
    """Return the tokens that an answer in prose may have."""
    tokens = _TOKENS[kind][level]
    return tokens if english else tokens + int(tokens * _FOREIGN_TOKENS)
