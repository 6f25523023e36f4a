"""The base protocol: bodies out of bytes, cut anywhere; garbage is refused at once."""

import pytest

from procoder_server.framing import (
    MAX_BODY_BYTES,
    MAX_SKIPPED_BYTES,
    FrameDecoder,
    FramingError,
    Skipped,
    encode_frame,
)

TWO = encode_frame(b'{"a": 1}') + encode_frame("é😀".encode())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 1000])
def test_bodies_survive_any_cut(size: int) -> None:
    decoder = FrameDecoder()
    chunks = [TWO[i : i + size] for i in range(0, len(TWO), size)]
    bodies = [body for chunk in chunks for body in decoder.feed(chunk)]
    assert bodies == [b'{"a": 1}', "é😀".encode()]
    assert not decoder.pending


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (b"content-length: 2\r\n\r\n", b"{}"),
        (b"Content-Type: application/vscode-jsonrpc\r\nContent-Length:2\r\n\r\n", b"{}"),
        (b"Content-Length: 0\r\n\r\n", b""),
    ],
)
def test_headers(header: bytes, body: bytes) -> None:
    assert FrameDecoder().feed(header + body) == [body]


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 1e3\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"Content-Type: x\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (MAX_SKIPPED_BYTES + 1),
        b"Content-Length: " + b"9" * 6000,
        b"x" * 5000,
        encode_frame(b'{"a"') + b': 1}Content-Length: 2\r\n\r\n{"jsonrpc"\r\n',
    ],
)
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(FramingError):
        FrameDecoder().feed(garbage)


def test_an_unfinished_message_is_pending() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(b"Content-Length: 10\r\n\r\n{}") == []
    assert decoder.pending


def test_a_message_that_is_too_large_is_skipped_and_never_held() -> None:
    size = MAX_BODY_BYTES + 5
    decoder = FrameDecoder()
    assert decoder.feed(b"Content-Length: %d\r\n\r\n" % size) == []
    chunk = bytes(1 << 20)
    for _ in range(size // len(chunk)):
        assert decoder.feed(chunk) == []
        assert not decoder._buffer
    assert decoder.pending
    assert decoder.feed(bytes(size % len(chunk)) + TWO) == [
        Skipped(size),
        b'{"a": 1}',
        "é😀".encode(),
    ]
    assert not decoder.pending
