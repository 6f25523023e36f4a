"""Text of a streamed answer: UTF-8 that arrives in pieces, and stop strings that span tokens."""

import codecs
from collections.abc import Sequence


class StopMatcher:
    """Cuts a stream of text at the first stop string, and holds back what might begin one."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """Take more text; return what is safe to show. After a stop: nothing more."""
        if self.stopped:
            return ""
        held = self._held + text
        positions = [at for stop in self._stops if (at := held.find(stop)) >= 0]
        if positions:
            self.stopped = True
            self._held = ""
            return held[: min(positions)]
        keep = max((_overlap(held, stop) for stop in self._stops), default=0)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]

    def flush(self) -> str:
        """Return what was held back: the answer ended without completing a stop string."""
        held, self._held = self._held, ""
        return held


class TextStream:
    """Turns the pieces of tokens into text to show."""

    def __init__(self, stops: Sequence[str], *, trim_start: bool = False) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._matcher = StopMatcher(stops)
        self._trimming = trim_start

    @property
    def stopped(self) -> bool:
        """True once a stop string was met."""
        return self._matcher.stopped

    def feed(self, piece: bytes) -> str:
        """Take the bytes of one token; return the text that became certain."""
        text = self._decoder.decode(piece)
        if self._trimming:
            text = text.lstrip()
            self._trimming = not text
        return self._matcher.feed(text)

    def flush(self) -> str:
        """Return the rest at the end; a character cut in half by the limit is dropped."""
        return self._matcher.flush()


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that begins `stop`."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
