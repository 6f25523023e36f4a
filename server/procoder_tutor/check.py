"""Holds a model's sentences against the code, one by one, while they stream in.

A sentence is dropped when it names what does not exist, contradicts the facts, copies the
prompt's example, repeats itself or says nothing. What is left is not proved true: `Checks` says
how many sentences made a claim that could be tested, and how many of those passed.
"""

import re
from collections import Counter
from collections.abc import Iterator

from procoder_tutor.claims import claims
from procoder_tutor.events import Checks
from procoder_tutor.facts.model import Facts
from procoder_tutor.sentences import SentenceSplitter, is_whole
from procoder_tutor.vocabulary import Vocabulary

CHECK_VERSION = 1
"""Part of every cache key: raise it when a sentence may fare differently."""

_CODE_SPAN = re.compile(r"(`+)(.+?)\1")
_IDENTIFIER_LIKE = re.compile(
    r"\b(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?"  # dotted
    r"|[A-Za-z_]\w*\(\)"  # a call
    r"|[A-Za-z]\w*_\w+"  # snake_case
    r"|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)"  # CamelCase
)
_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?")
_WORDS = re.compile(r"\w+")
_ABOUT_THE_PROMPT = re.compile(
    r"\b(?:docstring|original (?:function|method|class|script)|same (?:function|method|class))\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3
_SHOT_OVERLAP, _LOOP_LENGTH, _LOOP_TIMES = 4, 5, 3


class Checker:
    """Checks the sentences of one answer."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary, shot: str = "") -> None:
        self._facts = facts
        self._vocabulary = vocabulary
        self._shot = _grams(shot, _SHOT_OVERLAP)
        self._splitter = SentenceSplitter()
        self._seen: set[str] = set()
        self._recent = ""
        self._checked = 0
        self._passed = 0
        self._dropped: list[str] = []
        self._unknown: list[str] = []
        self.looping = False
        """The model repeats itself: nothing new will come."""

    def feed(self, text: str) -> Iterator[str]:
        """Take more text; yield the sentences that may be shown."""
        self._recent += text
        if is_looping(self._recent):
            self.looping = True
        for sentence in self._splitter.feed(text):
            yield from self._judge(sentence)

    def finish(self, *, cut: bool) -> Iterator[str]:
        """End the text; one that was cut off loses its last sentence unless that is whole."""
        rest = self._splitter.flush()
        if not rest:
            return
        if (cut or self.looping) and not is_whole(rest):
            self._dropped.append(f"{_shorten(rest)} (the model did not finish it)")
            return
        yield from self._judge(rest)

    @property
    def checks(self) -> Checks:
        """The verdict so far."""
        return Checks(self._checked, self._passed, tuple(self._dropped), tuple(self._unknown))

    def _judge(self, sentence: str) -> Iterator[str]:
        reason = self._useless(sentence)
        if not reason:
            tested, reason = self._test(sentence)
            self._checked += tested
            self._passed += tested and not reason
        if reason:
            self._dropped.append(f"{_shorten(sentence)} ({reason})")
        else:
            yield _with_end(sentence)

    def _useless(self, sentence: str) -> str:
        """Find what needs no facts: copies, repetitions, echoes."""
        words = _words(sentence)
        key = " ".join(words)
        if key in self._seen:
            self.looping = True
            return "said before"
        self._seen.add(key)
        if len(words) < _FEWEST_WORDS or set(words) <= _echo_words(self._facts):
            return "only repeats the name"
        if _ABOUT_THE_PROMPT.search(sentence):
            return "speaks of the prompt"
        if is_looping(sentence):
            return "repeats itself"
        if self._shot & _grams(sentence, _SHOT_OVERLAP):
            return "copied from the example"
        return ""

    def _test(self, sentence: str) -> tuple[bool, str]:
        """Test names and claims; returns whether there were any, and what is wrong with them."""
        in_spans = [span.strip() for _, span in _CODE_SPAN.findall(sentence)]
        bare = _CODE_SPAN.sub(" ", sentence)
        names = [name for span in in_spans for name in _NAME.findall(_without_texts(span))]
        names += _IDENTIFIER_LIKE.findall(bare)
        unknown = [name for name in names if not self._vocabulary.knows(name)]
        self._unknown += [name for name in unknown if name not in self._unknown]
        found = list(claims(sentence, self._facts, self._vocabulary))
        tested = bool(names or found)
        if unknown:
            return tested, f"`{unknown[0]}` is not in the code"
        return tested, next((c.contradiction for c in found if c.contradiction), "")


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
    """Words of the header, with which alone nothing is said."""
    header = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\w+", facts.signature)
    fill = {"function", "method", "class", "the", "a", "an", "this", "is", "of", "def", "that"}
    return {word.lower() for word in header} | set(_words(facts.signature)) | fill


def _without_texts(code: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", code)


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= 160 else sentence[:159] + "…"  # noqa: PLR2004 - display


def _with_end(sentence: str) -> str:
    """Begin with a capital and end with a full stop."""
    if not is_whole(sentence) and sentence[-1:] not in ":;,":
        sentence += "."
    first = sentence.split(" ", 1)[0]
    plain = first.isalpha() and first.islower()
    return sentence[0].upper() + sentence[1:] if plain else sentence
