"""Puts secrets back into an answer, also into one that arrives in pieces.

Only what goes to the asker's own screen may pass through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from procoder_tutor.redaction.placeholders import LONGEST, PLACEHOLDER, PREFIX, may_go_on


@dataclass(frozen=True, slots=True, repr=False)
class Original:
    """What stood in the text: a secret, and the line ends within it."""

    text: str
    line_ends: str
    """Written behind the placeholder, so that every later line keeps its number."""


class Restorer:
    """Restores one stream; pieces may be cut anywhere.

    Text that may yet become a placeholder is held back: at most 66 characters and the line ends
    behind a key of several lines. Unknown placeholders stay as they are.
    """

    def __init__(self, originals: Mapping[str, Original]) -> None:
        self._originals = originals
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take the next piece and return what is certain by now."""
        return self._advance(self._held + piece, last=False)

    def flush(self) -> str:
        """Return the rest, when nothing more comes."""
        return self._advance(self._held, last=True)

    def _advance(self, text: str, *, last: bool) -> str:
        done: list[str] = []
        position = 0
        while True:
            start = self._next(text, position, last=last)
            done.append(text[position:start])
            if start == len(text) or (not last and may_go_on(text[start : start + LONGEST + 1])):
                break
            match = PLACEHOLDER.match(text, start)
            original = self._originals.get(match[0]) if match else None
            if match is None or original is None:
                position = start + 1
                done.append(text[start])
                continue
            ends = original.line_ends
            behind = text[match.end() : match.end() + len(ends)]
            if not last and behind != ends and ends.startswith(behind):
                break
            done.append(original.text)
            position = match.end() + (len(ends) if behind == ends else 0)
            start = position
        self._held = text[start:]
        return "".join(done)

    @staticmethod
    def _next(text: str, position: int, *, last: bool) -> int:
        """Find where the next placeholder begins, or may begin at the end of the text."""
        found = text.find(PREFIX, position)
        if found >= 0:
            return found
        if not last:
            for length in range(min(len(PREFIX) - 1, len(text) - position), 0, -1):
                if PREFIX.startswith(text[-length:]):
                    return len(text) - length
        return len(text)
