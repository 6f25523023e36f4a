"""What is wrong with a text whatever the code is: copies, loops, echoes, talk about the prompt."""

import re
from collections import Counter

from procoder_tutor.checking.said import Said
from procoder_tutor.facts.model import Facts

_WORDS = re.compile(r"\w+")
_ABOUT_THE_PROMPT = re.compile(
    r"\b(?:(?:a|this|the) docstring|same (?:function|method|class)|code you provided)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r":\s*(?:[-*\d.)\s]*)$")
_GENERAL = re.compile(
    r"\b(?:common|built-in|popular|powerful|useful|standard) (?:python )?"
    r"(?:feature|idiom|pattern|practice|technique|way)\b|\bcommonly used\b|\bpythonic\b"
    r"|\bis a (?:built-in|standard|special|common|python) (?:python )?"
    r"(?:function|method|class|library)(?! that (?:takes|returns) )",
    re.IGNORECASE,
)
_FEWEST_WORDS, _LONGEST = 3, 800
_SHOT_OVERLAP, _LOOP_LENGTH, _LOOP_TIMES = 4, 5, 3
_STUTTER = re.compile(r"(\w{3,12}?)\1{3,}")


class Copies:
    """Remembers the sentences of an answer and the example they must not repeat."""

    def __init__(self, shot: str) -> None:
        self._shot = _grams(shot, _SHOT_OVERLAP)
        self._seen: set[str] = set()

    def is_repeated(self, sentence: str) -> bool:
        """Tell whether it was said before, and remember it."""
        key = " ".join(_words(sentence))
        seen = key in self._seen
        self._seen.add(key)
        return seen

    def is_copied(self, sentence: str) -> bool:
        """Tell whether four words in a row are the example's."""
        return bool(self._shot & _grams(sentence, _SHOT_OVERLAP))


def useless(said: Said, sentence: str, facts: Facts, *, english: bool = True) -> str:
    """Return why a sentence says nothing, or an empty text; wording is read in English only."""
    words = _words(said.text)
    if len(sentence) > _LONGEST:
        return "too long to be checked"
    if len(words) < _FEWEST_WORDS or set(words) <= _echo_words(facts):
        return "only repeats the name"
    if is_looping(sentence) or _STUTTER.search(sentence):
        return "repeats itself"
    return _beside_the_point(said, sentence) if english else ""


def _beside_the_point(said: Said, sentence: str) -> str:
    """Tell of sentences that are not about the code."""
    if _ANNOUNCES.search(sentence):
        return "only announces"
    if _ABOUT_THE_PROMPT.search(sentence):
        return "speaks of the prompt"
    return "speaks of Python in general" if _GENERAL.search(said.prose) else ""


def is_looping(text: str) -> bool:
    """Tell whether five words in a row occur three times."""
    words = _words(text)
    grams = Counter(zip(*(words[start:] for start in range(_LOOP_LENGTH)), strict=False))
    return any(count >= _LOOP_TIMES for count in grams.values())


def _grams(text: str, length: int) -> set[tuple[str, ...]]:
    words = _words(text)
    return set(zip(*(words[start:] for start in range(length)), strict=False))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _echo_words(facts: Facts) -> set[str]:
    """Words of the name, with which alone nothing is said."""
    header = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\w+", facts.name)
    fill = {"function", "method", "class", "the", "a", "an", "this", "is", "of", "def", "that"}
    return {word.lower() for word in header} | set(_words(facts.name)) | fill
