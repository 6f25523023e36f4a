"""Holds a model's sentences against the code, one by one, while they stream in.

A sentence is dropped when it names what does not exist, contradicts the facts, speaks of what the
code does not do, copies the prompt's example, repeats itself or says nothing. What is left is not
proved true: `Checks` says how many sentences made a claim that could be tested, and how many of
those passed.
"""

from collections.abc import Iterator

from procoder_tutor.checking.arithmetic import arithmetic_claims
from procoder_tutor.checking.calls import call_claims
from procoder_tutor.checking.code_blocks import verdict
from procoder_tutor.checking.conditions import (
    Condition,
    condition_claims,
    condition_in,
    refers_back,
)
from procoder_tutor.checking.constructs import construct_claims
from procoder_tutor.checking.deeds import deed_claims
from procoder_tutor.checking.effects import effect_claims
from procoder_tutor.checking.evidence import word_claims
from procoder_tutor.checking.inputs import input_claims
from procoder_tutor.checking.names import code_claims, names_in, quoted_claims
from procoder_tutor.checking.numbers import number_claims
from procoder_tutor.checking.outputs import output_claims
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.textual import Copies, is_looping, useless
from procoder_tutor.checking.values import value_claims
from procoder_tutor.events import Checks
from procoder_tutor.facts.model import Facts
from procoder_tutor.fences import CodeBlock, FenceSplitter
from procoder_tutor.sanitize import fence
from procoder_tutor.sentences import SentenceSplitter, is_whole
from procoder_tutor.vocabulary import Vocabulary

CHECK_VERSION = 2
"""Part of every cache key: raise it when a sentence may fare differently."""

FUNCTIONS = ("function", "method")
_LONGEST_SHOWN = 160


class Checker:
    """Checks the sentences of one answer."""

    def __init__(
        self, facts: Facts, vocabulary: Vocabulary, shot: str = "", *, language: str = "en"
    ) -> None:
        """`language` is the one the answer is written in, as a tag such as `en` or `de`.

        Wording is understood in English only: in other languages names, numbers, copies and
        repetitions are looked for, and `checks` says that the wording was not checked.
        """
        self._english = language.partition("-")[0].lower() == "en"
        self._facts = facts
        self._vocabulary = vocabulary
        self._copies = Copies(shot)
        self._fences = FenceSplitter()
        self._splitter = SentenceSplitter()
        self._recent = ""
        self._checked = 0
        self._passed = 0
        self._dropped: list[str] = []
        self._unknown: list[str] = []
        self._condition: Condition | None = None
        """What the sentence before tests, for `If it is, …` to refer to."""
        self._lost = False
        """The sentence before was dropped."""
        self.looping = False
        """The model repeats itself: nothing new will come."""

    def feed(self, text: str) -> Iterator[str]:
        """Take more text; yield the sentences and blocks of code that may be shown."""
        self._recent += text
        if is_looping(self._recent):
            self.looping = True
        for part in self._fences.feed(text):
            yield from self._take(part)

    def finish(self, *, cut: bool) -> Iterator[str]:
        """End the text; one that was cut off loses its last sentence unless that is whole."""
        cut = cut or self.looping
        for part in self._fences.flush():
            if cut and isinstance(part, CodeBlock):
                self._dropped.append("a block of code (the model did not finish it)")
            else:
                yield from self._take(part)
        yield from self._end_prose(cut=cut)

    @property
    def checks(self) -> Checks:
        """The verdict so far."""
        return Checks(
            self._checked,
            self._passed,
            tuple(self._dropped),
            tuple(self._unknown),
            language_checked=self._english,
        )

    def _take(self, part: str | CodeBlock) -> Iterator[str]:
        if isinstance(part, CodeBlock):
            yield from self._end_prose(cut=False)
            yield from self._show(part)
            return
        for sentence in self._splitter.feed(part):
            yield from self._judge(sentence)

    def _end_prose(self, *, cut: bool) -> Iterator[str]:
        rest = self._splitter.flush()
        if not rest:
            return
        if cut and not is_whole(rest):
            self._dropped.append(f"{_shorten(rest)} (the model did not finish it)")
            return
        yield from self._judge(rest)

    def _show(self, block: CodeBlock) -> Iterator[str]:
        """Code is no claim about the code: it is shown, with what was found of it."""
        if not block.code.strip():
            return
        remark, unknown = verdict(block, self._vocabulary)
        self._unknown += [name for name in unknown if name not in self._unknown]
        yield f"{fence(block.code, block.language)}\n\n*{remark}*"

    def _judge(self, sentence: str) -> Iterator[str]:
        said = Said.of(sentence)
        reason = self._useless(said, sentence)
        if not reason and self._lost and refers_back(said):
            reason = "refers to a sentence that was dropped"
        if not reason:
            tested, reason = self._test(said)
            self._checked += tested
            self._passed += tested and not reason
        self._lost = bool(reason)
        self._condition = condition_in(said) or (self._condition if refers_back(said) else None)
        if reason:
            self._dropped.append(f"{_shorten(sentence)} ({reason})")
        else:
            yield _with_end(said.text)

    def _useless(self, said: Said, sentence: str) -> str:
        """Find what needs no facts: copies, repetitions, echoes."""
        if self._copies.is_repeated(sentence):
            self.looping = True
            return "said before"
        if self._copies.is_copied(sentence):
            return "copied from the example"
        return useless(said, sentence, self._facts, english=self._english)

    def _test(self, said: Said) -> tuple[bool, str]:
        """Test names and claims; returns whether there were any, and what is wrong with them."""
        names = names_in(said)
        unknown = [name for name in names if not self._vocabulary.knows(name)]
        self._unknown += [name for name in unknown if name not in self._unknown]
        found = list(self._claims(said))
        tested = bool(names or found)
        if unknown:
            return tested, f"`{unknown[0]}` is not in the code"
        return tested, next((c.contradiction for c in found if c.contradiction), "")

    def _claims(self, said: Said) -> Iterator[Claim]:
        """Find the claims of a sentence, the surest first."""
        facts, vocabulary, code = self._facts, self._vocabulary, self._vocabulary.code
        yield from number_claims(said, vocabulary)
        yield from quoted_claims(said, vocabulary)
        yield from code_claims(said, vocabulary)
        if not self._english:
            return
        if facts.kind in FUNCTIONS:
            yield from effect_claims(said, facts)
        if code is None:
            return
        if facts.kind in FUNCTIONS:
            yield from input_claims(said, code)
            yield from output_claims(said, facts, code)
            yield from condition_claims(said, code, self._condition)
            yield from deed_claims(said, code)
        yield from call_claims(said, vocabulary, code)
        yield from construct_claims(said, code)
        yield from value_claims(said, code)
        yield from arithmetic_claims(said, code)
        yield from word_claims(said, vocabulary, code)


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_SHOWN else sentence[: _LONGEST_SHOWN - 1] + "…"


def _with_end(sentence: str) -> str:
    """Begin with a capital and end with a full stop."""
    if not is_whole(sentence) and sentence[-1:] not in ":;,":
        sentence += "."
    first = sentence.split(" ", 1)[0]
    plain = first.isalpha() and first.islower()
    return sentence[0].upper() + sentence[1:] if plain else sentence
