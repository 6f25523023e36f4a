"""The part of a conversation that fits into a prompt: newest turns whole, older ones condensed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from procoder_tutor.conversations.model import Role, Turn
from procoder_tutor.sentences import SentenceSplitter

CountTokens = Callable[[str], Awaitable[int]]
_TOKENS_PER_BYTE = (0.3, 0.45, 0.7, 1)
"""Rates to assume, English prose and code first. Steps, so that a result seldom changes with the
exact rate of what was added last."""
_TURN_TOKENS = 8
"""What a prompt adds to each turn at most: a label or a template's marks."""
_QUESTION_LENGTH = 80
"""Characters of a condensed question."""
_STALE = "(About code that has changed since.) "


@dataclass(frozen=True, slots=True)
class PackedTurn:
    """A turn as a prompt shows it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class PackedHistory:
    """What of a conversation fits, oldest first."""

    turns: tuple[PackedTurn, ...]
    condensed: int = 0
    """How many of `turns`, the first ones, are in short form."""
    omitted: int = 0
    """How many older turns are not in it."""

    @property
    def note(self) -> str:
        """Say in words what the model does not see whole; empty when it sees everything."""
        parts = []
        if self.omitted:
            parts.append(f"{_turns(self.omitted)} left out")
        if self.condensed:
            parts.append(f"{_turns(self.condensed)} in short form")
        return ", ".join(parts)


async def pack_turns(
    turns: Sequence[Turn],
    budget_tokens: int,
    count_tokens: CountTokens,
    *,
    stale: Sequence[bool] = (),
) -> PackedHistory:
    """Fit a conversation into `budget_tokens`; the same turns always give the same result.

    `stale` tells for every turn whether its code has changed since. Counting costs a request, so
    lengths are taken from bytes at an assumed rate, and the rate is verified on the result: no
    count where bytes decide (a text never has more tokens than bytes), else one, at most three.
    """
    marks = stale or [False] * len(turns)
    whole = [_whole(turn, changed) for turn, changed in zip(turns, marks, strict=True)]
    short = [_condensed(turn, changed) for turn, changed in zip(turns, marks, strict=True)]
    packed = PackedHistory(tuple(whole))
    if sum(_costs(whole, rate=1)) <= budget_tokens:
        return packed
    for rate in _TOKENS_PER_BYTE:
        omitted, condensed = _layout(_costs(whole, rate), _costs(short, rate), budget_tokens)
        kept = (*short[omitted:condensed], *whole[condensed:])
        packed = PackedHistory(kept, condensed - omitted, omitted)
        text = "\n".join(turn.text for turn in kept)
        if rate == 1 or await count_tokens(text) <= rate * _bytes(text):
            break
    return packed


def _layout(whole: Sequence[int], short: Sequence[int], budget: int) -> tuple[int, int]:
    """Return how many turns are left out, and up to which one they are condensed.

    Follows the conversation as it grew. Only when it no longer fits is it made shorter, and then
    to about half of the budget, half of that whole: so the text before the newest turn stays the
    same over many turns, and the engine's KV prefix is reused.
    """
    whole_sums, short_sums = [0, *accumulate(whole)], [0, *accumulate(short)]
    omitted = condensed = 0
    for end in range(1, len(whole) + 1):
        if _size(whole_sums, condensed, end) + _size(short_sums, omitted, condensed) <= budget:
            continue
        while condensed < end - 1 and _size(whole_sums, condensed, end) > budget // 4:
            condensed += 1
        if _size(whole_sums, condensed, end) > budget:
            condensed = end
        left = budget - _size(whole_sums, condensed, end)
        room = left if condensed == end else min(left, budget // 4)
        while omitted < condensed and _size(short_sums, omitted, condensed) > room:
            omitted += 1
    return omitted, condensed


def _size(sums: Sequence[int], start: int, end: int) -> int:
    return sums[end] - sums[start]


def _costs(turns: Sequence[PackedTurn], rate: float) -> list[int]:
    return [_TURN_TOKENS + ceil(rate * (_bytes(turn.text) + 1)) for turn in turns]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _whole(turn: Turn, changed: bool) -> PackedTurn:  # noqa: FBT001 - private, of a pair
    return PackedTurn(turn.role, (_STALE if changed else "") + turn.text)


def _condensed(turn: Turn, changed: bool) -> PackedTurn:  # noqa: FBT001 - private, of a pair
    shorten = _first_sentence if turn.role is Role.TUTOR else _shortened
    return PackedTurn(turn.role, (_STALE if changed else "") + shorten(turn.text))


def _first_sentence(text: str) -> str:
    """Return what an answer says first: its purpose sentence."""
    splitter = SentenceSplitter()
    return next(iter(splitter.feed(text)), "") or splitter.flush()


def _shortened(text: str) -> str:
    """Cut a question at a word, on one line."""
    flat = " ".join(text.split())
    if len(flat) <= _QUESTION_LENGTH:
        return flat
    cut = flat[: _QUESTION_LENGTH - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _turns(count: int) -> str:
    return f"{count} earlier turn{'s' if count != 1 else ''}"
