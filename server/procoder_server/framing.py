"""Messages in a byte stream: the base protocol of LSP, without input or output of its own.

Source: the LSP specification, section "Base Protocol". A stream that breaks these rules cannot be
read any further, for nothing says where the next message begins.
"""

MAX_HEADER_BYTES = 4096
MAX_BODY_BYTES = 256 * 1024 * 1024
_SEPARATOR = b"\r\n\r\n"


class FramingError(Exception):
    """The stream is unreadable from here on."""


class FrameDecoder:
    """Turns chunks of bytes, cut anywhere, into message bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None

    @property
    def pending(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._buffer) or self._length is not None

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the bodies that `chunk` completes; raises FramingError on a bad header."""
        self._buffer += chunk
        bodies = []
        while (body := self._next()) is not None:
            bodies.append(body)
        return bodies

    def _next(self) -> bytes | None:
        if self._length is None:
            self._length = self._take_header()
        if self._length is None or len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._length = None
        return body

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
    if len(lengths) != 1 or not lengths[0].isdigit() or len(lengths[0]) > len(str(MAX_BODY_BYTES)):
        raise FramingError("a header has no valid Content-Length")
    if (length := int(lengths[0])) > MAX_BODY_BYTES:
        raise FramingError("a message is too large")
    return length


def encode_frame(body: bytes) -> bytes:
    """Put the header in front of a message body."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
