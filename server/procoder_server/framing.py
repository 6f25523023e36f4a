"""Messages in a byte stream: the base protocol of LSP, without input or output of its own.

Source: the LSP specification, section "Base Protocol". A stream that breaks these rules cannot be
read any further, for nothing says where the next message begins.
"""

from dataclasses import dataclass

MAX_HEADER_BYTES = 4096
MAX_BODY_BYTES = 256 * 1024 * 1024
"""Of a message that is read; a larger one is skipped, and the next one is read."""
MAX_SKIPPED_BYTES = 4 * 1024**3
"""Nobody sends more: a header that announces it is garbage, and would be waited for for ever."""
_SEPARATOR = b"\r\n\r\n"


class FramingError(Exception):
    """The stream is unreadable from here on."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A message that was too large to be read."""

    size: int
    """Bytes."""


class FrameDecoder:
    """Turns chunks of bytes, cut anywhere, into message bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._skipped = 0

    @property
    def pending(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._buffer) or self._length is not None

    def feed(self, chunk: bytes) -> list[bytes | Skipped]:
        """Return the messages that `chunk` completes; raises FramingError on a bad header."""
        self._buffer += chunk
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> bytes | Skipped | None:
        if self._length is None:
            self._length = self._take_header()
        if self._length is None:
            return None
        return self._skip() if self._length > MAX_BODY_BYTES else self._take_body()

    def _take_body(self) -> bytes | None:
        length = self._length
        if length is None or len(self._buffer) < length:
            return None
        with memoryview(self._buffer) as view:
            body = bytes(view[:length])
        del self._buffer[:length]
        self._length = None
        return body

    def _skip(self) -> Skipped | None:
        """Drop what has come of a body that is too large."""
        length = self._length or 0
        dropped = min(len(self._buffer), length - self._skipped)
        del self._buffer[:dropped]
        self._skipped += dropped
        if self._skipped < length:
            return None
        self._length, self._skipped = None, 0
        return Skipped(length)

    def _take_header(self) -> int | None:
        end = self._buffer.find(_SEPARATOR, 0, MAX_HEADER_BYTES)
        if end < 0:
            self._refuse_garbage()
            return None
        length = parse_header(bytes(self._buffer[:end]))
        del self._buffer[: end + len(_SEPARATOR)]
        return length

    def _refuse_garbage(self) -> None:
        """Notice early what will never become a header, instead of waiting for its end."""
        first_line, found, _ = self._buffer.partition(b"\r\n")
        if len(self._buffer) >= MAX_HEADER_BYTES or (found and b":" not in first_line):
            raise FramingError("a message does not begin with a header")


def parse_header(header: bytes) -> int:
    """Return the content length that a header (without its empty line) announces."""
    lengths = []
    for line in header.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon:
            raise FramingError("a header line has no colon")
        if name.strip().lower() == b"content-length":
            lengths.append(value.strip())
    longest = len(str(MAX_SKIPPED_BYTES))
    if len(lengths) != 1 or not lengths[0].isdigit() or len(lengths[0]) > longest:
        raise FramingError("a header has no valid Content-Length")
    if (length := int(lengths[0])) > MAX_SKIPPED_BYTES:
        raise FramingError("a message is too large")
    return length


def encode_frame(body: bytes) -> bytes:
    """Put the header in front of a message body."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
