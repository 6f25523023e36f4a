"""Stop strings and UTF-8 across the pieces of a stream."""

import pytest

from procoder_model_host.engines.stops import TextStream


@pytest.mark.parametrize(
    ("pieces", "stops", "expected", "stopped"),
    [
        (["ab", "cd"], [], "abcd", False),
        (["ab", "cd"], ["c"], "ab", True),
        (["ab", "cd", "ef"], ["bcde"], "a", True),
        (["a\n", "\n", "b"], ["\n\n"], "a", True),
        (["a\n", "b"], ["\n\n"], "a\nb", False),
        (["a\n"], ["\n\n"], "a\n", False),
        (["aab"], ["aaab", "ab"], "a", True),
        (["aa", "ab"], ["aab"], "a", True),
        (["xENDy", "z"], ["ND", "END"], "x", True),
        (["one two"], ["two", "one"], "", True),
        (["``", "`"], ["```"], "", True),
        (["é", "cé"], ["é"], "", True),
    ],
)
def test_stop_strings(pieces: list[str], stops: list[str], expected: str, *, stopped: bool) -> None:
    stream = TextStream(stops)
    text = "".join(stream.feed(piece.encode()) for piece in pieces) + stream.flush()
    assert (text, stream.stopped) == (expected, stopped)


@pytest.mark.parametrize("text", ["naïve", "😀😀", "日本", "a\U0001d518b"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_characters_split_between_tokens(text: str, size: int) -> None:
    data = text.encode()
    stream = TextStream(["never"])
    shown = [stream.feed(data[start : start + size]) for start in range(0, len(data), size)]
    assert "".join(shown) + stream.flush() == text
    assert "\ufffd" not in "".join(shown)


def test_half_a_character_at_the_end_is_dropped() -> None:
    stream = TextStream([])
    assert stream.feed("a😀".encode()[:-1]) + stream.flush() == "a"


def test_leading_space_is_trimmed_across_pieces() -> None:
    stream = TextStream([], trim_start=True)
    assert [stream.feed(piece) for piece in (b" ", b"\n x", b" y")] == ["", "x", " y"]


def test_nothing_held_back_longer_than_needed() -> None:
    stream = TextStream(["\n\n", "###"])
    assert [stream.feed(piece) for piece in (b"a", b"b#", b"c")] == ["a", "b", "#c"]
