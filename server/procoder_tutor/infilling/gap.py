"""A gap in a text: its surroundings, how much of them a model may see, and what fills it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from procoder_tutor.redaction import Redactor

MOST_BEFORE: Final = 512
MOST_AFTER: Final = 128
"""Tokens of the prompt: reading them is what the user waits for."""
_CHARACTERS_PER_TOKEN = 4
"""Code has fewer a token; the model's own count decides."""
_STEP = 16
"""Lines by which the beginning moves, so that the model knows it from the last time."""
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in a text; its lines end in `\\n`."""

    before: str
    after: str

    @classmethod
    def at(cls, text: str, offset: int) -> "Gap":
        """Open a gap at an offset, in code points."""
        return cls(_LINE_END.sub("\n", text[:offset]), _LINE_END.sub("\n", text[offset:]))

    @property
    def line(self) -> str:
        """The gap's line, as far as the gap."""
        return self.before[self.before.rfind("\n") + 1 :]

    @property
    def rest(self) -> str:
        """What follows on the gap's line."""
        return self.after.partition("\n")[0]

    @property
    def within_line(self) -> bool:
        """Whether something follows on the line, so that only that line can be completed."""
        return bool(self.rest.strip())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Code to put into a gap; the last item of a stream, after the model's text."""

    text: str
    """Lines end in `\\n`; empty when there is nothing to suggest."""


def without_secrets(gap: Gap, redactor: "Redactor") -> Gap | None:
    """Take the secrets out of both sides; None when the gap may lie inside of one.

    Half a secret need not look like one, so the sides must come out as the whole does.
    """
    whole = redactor.redact(gap.before + gap.after).text
    before, after = redactor.redact(gap.before).text, redactor.redact(gap.after).text
    return Gap(before, after) if before + after == whole else None


async def window(gap: Gap, count: Callable[[str], Awaitable[int]]) -> Gap:
    """Return the surroundings of a gap that a model is to see; `count` counts its tokens."""
    return Gap(
        await _fitted(gap.before, MOST_BEFORE, ending, count),
        await _fitted(gap.after, MOST_AFTER, beginning, count),
    )


def ending(text: str, most: int) -> str:
    """Return at most `most` characters from the end, from the beginning of a line if possible."""
    if len(text) <= most:
        return text
    first = len(text) - most
    number = text.count("\n", 0, first - 1)
    starts = [match.end() for match in re.compile("\n").finditer(text, first - 1)]
    coarse = [start for n, start in enumerate(starts, number + 1) if n % _STEP == 0]
    return text[(coarse or starts or [first])[0] :]


def beginning(text: str, most: int) -> str:
    """Return at most `most` characters from the beginning, in whole lines if possible."""
    if len(text) <= most:
        return text
    end = text.rfind("\n", 0, most) + 1
    return text[: end or most]


async def _fitted(
    text: str, most: int, cut: Callable[[str, int], str], count: Callable[[str], Awaitable[int]]
) -> str:
    text = cut(text, most * _CHARACTERS_PER_TOKEN)
    while (tokens := await count(text)) > most:
        text = cut(text, len(text) * most // tokens)
    return text
