"""Holds a model's sentences against the code, one by one, while they stream in.

A sentence is dropped when it names what does not exist, contradicts the facts, speaks of what the
code does not do, copies the prompt's example, repeats itself or says nothing. What is left is not
proved true: `Checks` says how many sentences made a claim that could be tested, and how many of
those passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
from procoder_tutor.checking.flawed import is_flawed
from procoder_tutor.checking.inputs import input_claims
from procoder_tutor.checking.names import code_claims, names_in, quoted_claims
from procoder_tutor.checking.numbers import number_claims
from procoder_tutor.checking.outputs import output_claims
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.shortening import shortened
from procoder_tutor.checking.surplus import MOST_SURPLUS, surplus
from procoder_tutor.checking.textual import Copies, is_looping, useless
from procoder_tutor.checking.values import value_claims
from procoder_tutor.events import Checks
from procoder_tutor.facts.model import Facts
from procoder_tutor.fences import CodeBlock, FenceSplitter
from procoder_tutor.sanitize import fence
from procoder_tutor.sentences import SentenceSplitter, is_whole
from procoder_tutor.vocabulary import Vocabulary

CHECK_VERSION = 4
"""Part of every cache key: raise it when a sentence may fare differently."""

FUNCTIONS = ("function", "method")
_LONGEST_SHOWN = 160


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one sentence."""

    said: Said
    tested: bool = False
    """It made a claim that could be tested."""
    reason: str = ""
    """Why it is not shown; empty where it is."""
    unknown: tuple[str, ...] = ()
    """Names in it that do not exist."""
    withheld: bool = False
    """Nothing speaks against it, but it is too much for a strict checker."""


class Checker:
    """Checks the sentences of one answer."""

    def __init__(
        self,
        facts: Facts,
        vocabulary: Vocabulary,
        shot: str = "",
        *,
        language: str = "en",
        strict: bool = False,
    ) -> None:
        """`language` is the one the answer is written in, as a tag such as `en` or `de`.

        Wording is understood in English only: in other languages names, numbers, copies and
        repetitions are looked for, and `checks` says that the wording was not checked.
        `strict` is for sentences on what code is for: they are cut short, or dropped, where they
        say much beyond its name.
        """
        self._english = language.partition("-")[0].lower() == "en"
        self._strict = strict and self._english
        self._facts = facts
        self._vocabulary = vocabulary
        self._flawed = is_flawed(facts, vocabulary.code)
        self._copies = Copies(shot)
        self._fences = FenceSplitter()
        self._splitter = SentenceSplitter()
        self._checked = 0
        self._passed = 0
        self._dropped: list[str] = []
        self._withheld = 0
        self._unknown: list[str] = []
        self._condition: Condition | None = None
        """What the sentence before tests, for `If it is, …` to refer to."""
        self._lost = False
        """The sentence before was dropped."""
        self.looping = False
        """The model repeats itself: nothing new will come."""
        self.read = ""
        """The text so far, as it came."""
        self.reserved = ""
        """The first sentence in which nothing is wrong, but too much for a strict checker."""

    def feed(self, text: str) -> Iterator[str]:
        """Take more text; yield the sentences and blocks of code that may be shown."""
        self.read += text
        if is_looping(self.read):
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
            withheld=self._withheld,
        )

    def _take(self, part: str | CodeBlock) -> Iterator[str]:
        if isinstance(part, CodeBlock):
            yield from self._end_prose(cut=False)
            yield from self._show(part)
            return
        for sentence in self._splitter.feed(part):
            yield from self._judge(sentence)

    def _end_prose(self, *, cut: bool) -> Iterator[str]:
        if rest := self._splitter.flush():
            yield from self._judge(rest, unfinished=cut and not is_whole(rest))

    def _show(self, block: CodeBlock) -> Iterator[str]:
        """Code is no claim about the code: it is shown, with what was found of it."""
        if not block.code.strip():
            return
        remark, unknown = verdict(block, self._vocabulary)
        self._unknown += [name for name in unknown if name not in self._unknown]
        yield f"{fence(block.code, block.language)}\n\n*{remark}*"

    def _judge(self, sentence: str, *, unfinished: bool = False) -> Iterator[str]:
        outcome = self._outcome(sentence, unfinished=unfinished)
        if outcome.reason and self._strict and not self.looping:
            shorter = (self._weighed(beginning) for beginning in shortened(sentence))
            outcome = next((one for one in shorter if not one.reason), outcome)
        self._checked += outcome.tested
        self._passed += outcome.tested and not outcome.reason
        self._lost = bool(outcome.reason)
        said = outcome.said
        self._condition = condition_in(said) or (self._condition if refers_back(said) else None)
        if outcome.reason:
            self._withheld += outcome.withheld
            self._unknown += [name for name in outcome.unknown if name not in self._unknown]
            self._dropped.append(f"{_shorten(sentence)} ({outcome.reason})")
        else:
            yield _with_end(said.text)

    def _outcome(self, sentence: str, *, unfinished: bool) -> _Outcome:
        """Judge a sentence as it was written."""
        if unfinished:
            return _Outcome(Said.of(sentence), reason="the model did not finish it")
        if self._copies.is_repeated(sentence):
            self.looping = True
            return _Outcome(Said.of(sentence), reason="said before")
        return self._weighed(sentence)

    def _weighed(self, sentence: str) -> _Outcome:
        """Hold a sentence against the code."""
        said = Said.of(sentence)
        if reason := self._useless(said, sentence):
            return _Outcome(said, reason=reason)
        names = names_in(said)
        unknown = tuple(name for name in names if not self._vocabulary.knows(name))
        claims = list(self._claims(said))
        tested = bool(names or claims)
        wrong = [f"`{unknown[0]}` is not in the code"] if unknown else []
        wrong += [claim.contradiction for claim in claims if claim.contradiction]
        if wrong:
            return _Outcome(said, tested, wrong[0], unknown)
        if self._strict and self._flawed:
            return _Outcome(said, reason="the code has a known mistake", withheld=True)
        if self._strict and surplus(said, self._vocabulary, self._facts) > MOST_SURPLUS:
            self.reserved = self.reserved or _with_end(said.text)
            return _Outcome(said, reason="says more than can be checked", withheld=True)
        return _Outcome(said, tested)

    def _useless(self, said: Said, sentence: str) -> str:
        """Find what needs no facts: copies, echoes, and what refers to nothing."""
        if self._copies.is_copied(sentence):
            return "copied from the example"
        if reason := useless(said, sentence, self._facts, english=self._english):
            return reason
        lost = self._lost and refers_back(said)
        return "refers to a sentence that was dropped" if lost else ""

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
