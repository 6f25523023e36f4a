"""English words reduced to stems, so that `calculates` and `calculation` count as one word.

The reduction is coarse on purpose: both sides of every comparison pass through it.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_ENDINGS = (
    *("ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate"),
    *("nesses", "ness", "ments", "ment", "ities", "ity", "ively", "ives", "ive", "ally", "ably"),
    *("ings", "ing", "ions", "ion", "ied", "ies", "ers", "er", "ors", "or", "ed", "es", "able"),
    *("ly", "al", "s", "e", "y"),
)
_SHORTEST = 3
_IRREGULAR = {
    **dict.fromkeys(("written", "wrote", "writing"), "writ"),
    **dict.fromkeys(("found", "finds", "finding"), "find"),
    **dict.fromkeys(("gets", "got", "getting", "gotten"), "get"),
    **dict.fromkeys(("sets", "setting"), "set"),
    **dict.fromkeys(("kept", "keeps", "keeping"), "keep"),
    **dict.fromkeys(("held", "holds", "holding"), "hold"),
    **dict.fromkeys(("built", "builds", "building"), "build"),
    **dict.fromkeys(("sent", "sends", "sending"), "send"),
    **dict.fromkeys(("left", "leaves", "leaving"), "leav"),
    **dict.fromkeys(("indices", "indexes", "indexed", "indexing"), "index"),
    **dict.fromkeys(("children",), "child"),
    **dict.fromkeys(("copies", "copied", "copying"), "copy"),
    **dict.fromkeys(("tries", "tried", "trying"), "try"),
    **dict.fromkeys(("queries", "query"), "query"),
    **dict.fromkeys(("ran", "runs", "running"), "run"),
    **dict.fromkeys(("fewest",), "few"),
    **dict.fromkeys(("chose", "chosen", "chooses", "choosing"), "choos"),
}


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return the stem of one word, lower-case."""
    word = word.lower().removesuffix("'s")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= _SHORTEST and not word.endswith("ss"):
            return _undoubled(rest)
    return word


def words_of(text: str) -> list[str]:
    """Return the lower-case words of prose; digits and marks are left out."""
    return [word.lower() for word in _WORD.findall(text)]


def parts_of(identifier: str) -> list[str]:
    """Return the words inside an identifier, e.g. `last` and `end` of `lastEnd` or `last_end`."""
    return [part.lower() for part in _PART.findall(identifier)]


def _undoubled(rest: str) -> str:
    """Turn `stopp` into `stop`, but leave `fill` and `pass`."""
    doubled = len(rest) > _SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "lszf"
    return rest[:-1] if doubled else rest
