"""Sentences cut short: what a model adds at the end is where it goes wrong.

"Masks an email address by replacing the '@' with a '*'" is false, and its beginning is true. Only
what stands behind a few prepositions and commas is cut, and never what would turn the rest around:
"Returns True if …" stays whole.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from procoder_tutor.checking.licences import table_lines

_CUT = re.compile(
    r",? (?=(?:by|for|from|with|using|while|so that|in order to|based on|in the|in a|to the|which"
    r"|that|where|whose)\b)"
    r"|,(?= (?:\w+ing|so|or|in|if|when|such|but|and \w+s)\b)"
)
_AND = re.compile(r" and(?= (\w+))")
_NEEDS_ITS_END = re.compile(
    r"\b(?:true|false|none|not|no|only|whether|if|when|unless|without|raises?|is|are|be|an?|the|and"
    r"|or|of|to|so|implemented|used|with|such|up|starting)$",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3


def shortened(sentence: str) -> Iterator[str]:
    """Yield the beginnings of a sentence that can stand alone, the longest first."""
    ends = {match.start() for match in _CUT.finditer(sentence)}
    ends |= {match.start() for match in _AND.finditer(sentence) if _is_verb(match[1])}
    for end in sorted(ends, reverse=True):
        beginning = sentence[:end].rstrip()
        if _stands(beginning):
            yield f"{beginning}."


def _stands(beginning: str) -> bool:
    closed = beginning.count("(") == beginning.count(")") and beginning.count("`") % 2 == 0
    quotes = len(re.findall(r"(?<!\w)'|'(?!\w)|\"", beginning)) % 2 == 0
    long_enough = len(beginning.split()) >= _FEWEST_WORDS
    whole = not beginning.endswith(",") and not _NEEDS_ITS_END.search(beginning)
    return closed and quotes and long_enough and whole


def _is_verb(word: str) -> bool:
    return bool({word, word.removesuffix("s"), word.removesuffix("es")} & _verbs())


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    return frozenset(word for line in table_lines("verbs.txt") for word in line.split())
