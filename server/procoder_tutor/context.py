"""Packs code into a model's context window, by the model's own tokens and never silently."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from procoder_tutor.backend import Prompt, prompt_text
from procoder_tutor.errors import InputError
from procoder_tutor.excerpts import outline
from procoder_tutor.prompts import Excerpt

CountTokens = Callable[[str], Awaitable[int]]
Render = Callable[[Excerpt], Prompt]
_RESERVE = 8
"""Tokens kept free, for a beginning-of-sequence token and rounding at the seams."""
_ATTEMPTS = 4
_SHRINK = 0.95
_FEWEST_LINES = 4


@dataclass(frozen=True, slots=True)
class Packed:
    """A prompt that fits, and what had to stay out of it."""

    prompt: Prompt
    omitted: tuple[str, ...] = ()
    """What the model does not see, in words, e.g. `40 of 120 lines in the middle`."""


async def pack(
    render: Render,
    excerpt: Excerpt,
    max_tokens: int,
    *,
    window: int,
    count_tokens: CountTokens,
) -> Packed:
    """Fit a prompt about an excerpt, and an answer of `max_tokens`, into `window` tokens.

    A text never has more tokens than UTF-8 bytes, so most prompts fit without being counted.
    Else the names around go first, then the bodies of a class's methods, then lines of
    the middle. Raises InputError when not even the header fits.
    """
    room = window - max_tokens - _RESERVE
    prompt, text = _rendered(render, excerpt)
    if len(text.encode()) <= room:
        return Packed(prompt)
    tokens = await count_tokens(text)
    omitted: list[str] = []
    if tokens > room and excerpt.context:
        excerpt = replace(excerpt, context="")
        omitted.append("names defined elsewhere in the file")
    if tokens > room and excerpt.kind == "class":
        excerpt = replace(excerpt, code=outline(excerpt.code))
        omitted.append("the bodies of its methods")
    if omitted:
        prompt, text = _rendered(render, excerpt)
        tokens = await count_tokens(text)
    whole = excerpt.code
    for _ in range(_ATTEMPTS):
        if tokens <= room:
            return Packed(prompt, tuple(omitted))
        spare = len(text) - len(excerpt.code)
        budget = int(len(text) * room / tokens * _SHRINK) - spare
        code, left_out = elide(whole, budget)
        excerpt = replace(excerpt, code=code)
        omitted = [note for note in omitted if "lines in the middle" not in note]
        omitted.append(f"{left_out} of {len(whole.splitlines())} lines in the middle")
        prompt, text = _rendered(render, excerpt)
        tokens = await count_tokens(text)
    if tokens <= room:
        return Packed(prompt, tuple(omitted))
    raise InputError(
        f"This {excerpt.noun} does not fit into the model's {window:,} tokens, even shortened",
        "Ask about a smaller part of it.",
    )


def _rendered(render: Render, excerpt: Excerpt) -> tuple[Prompt, str]:
    prompt = render(excerpt)
    return prompt, prompt_text(prompt)


def elide(code: str, budget: int) -> tuple[str, int]:
    """Replace lines of the middle by `# …` until `code` has at most `budget` characters.

    `code` has one statement or header a line. The headers around what follows the gap stay, so
    that it is still read in its place. Returns the code and how many lines are gone.
    """
    lines = code.splitlines()
    if len(code) <= budget or len(lines) <= _FEWEST_LINES:
        return code[: max(budget, 0)], 0
    choices = range(2, len(lines) - _FEWEST_LINES + 1)
    first_that_fits = bisect_left(choices, 1, key=lambda gone: len(_gap(lines, gone)) <= budget)
    gone = choices[min(first_that_fits, len(choices) - 1)] if choices else 0
    return _gap(lines, gone)[: max(budget, 0)], gone


def _gap(lines: list[str], gone: int) -> str:
    """Leave out `gone` lines of the middle."""
    head = (len(lines) - gone + 1) // 2
    first_after = head + gone
    around = _headers_around(lines, head, first_after)
    return "\n".join([*lines[:head], *around, _mark(lines, first_after), *lines[first_after:]])


def _headers_around(lines: list[str], head: int, first_after: int) -> list[str]:
    """Return the elided lines that enclose the first line after the gap."""
    if first_after >= len(lines):
        return []
    depth = _indent(lines[first_after])
    found: list[str] = []
    for line in reversed(lines[head:first_after]):
        if line.strip() and _indent(line) < depth:
            depth = _indent(line)
            found.append(line)
    return found[::-1]


def _mark(lines: list[str], first_after: int) -> str:
    indent = _indent(lines[first_after]) if first_after < len(lines) else 0
    return " " * indent + "# …"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
