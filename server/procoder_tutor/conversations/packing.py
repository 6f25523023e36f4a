"""The part of a conversation that fits into a prompt: newest turns whole, older ones condensed."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from procoder_tutor.conversations.model import Role, Turn
from procoder_tutor.sentences import SentenceSplitter

CountTokens = Callable[[str], Awaitable[int]]
_BLOCK = 4
"""Turns condensed or left out together. The text before the newest turns changes only once in so
many, so that the engine's KV prefix is reused in between."""
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
    it is done only where bytes, of which a text never has fewer than tokens, do not decide, and
    then about twice.
    """
    marks = stale or [False] * len(turns)
    whole = [_whole(turn, changed) for turn, changed in zip(turns, marks, strict=True)]
    short = [_condensed(turn, changed) for turn, changed in zip(turns, marks, strict=True)]
    tokens_per_byte = 1.0
    counted = False
    for candidate in _candidates(whole, short, most=budget_tokens // _TURN_TOKENS):
        room = budget_tokens - _TURN_TOKENS * len(candidate.turns)
        text = "\n".join(turn.text for turn in candidate.turns)
        size = len(text.encode("utf-8", "replace"))
        if size <= room:
            return candidate
        if room <= 0 or (counted and size * tokens_per_byte > room):
            continue
        tokens = await count_tokens(text)
        if tokens <= room:
            return candidate
        tokens_per_byte, counted = tokens / size, True
    return PackedHistory((), omitted=len(turns))


def _candidates(
    whole: Sequence[PackedTurn], short: Sequence[PackedTurn], *, most: int
) -> Iterator[PackedHistory]:
    """Yield histories of at most about `most` turns, each shorter than the one before.

    Blocks are condensed from the oldest; when only the newest is whole, blocks are left out from
    the oldest; at last the newest block is condensed too, and turns of it are left out.
    """
    count = len(whole)
    newest = max(count - 1, 0) // _BLOCK * _BLOCK
    first = max(newest - most, 0) // _BLOCK * _BLOCK
    for condensed in range(first, newest + 1, _BLOCK):
        turns = (*short[first:condensed], *whole[condensed:])
        yield PackedHistory(turns, condensed - first, first)
    for omitted in range(first + _BLOCK, newest + 1, _BLOCK):
        turns = (*short[omitted:newest], *whole[newest:])
        yield PackedHistory(turns, newest - omitted, omitted)
    for omitted in range(newest, count):
        yield PackedHistory(tuple(short[omitted:]), count - omitted, omitted)


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
