"""What a model sees of the surroundings of a gap."""

import pytest

from procoder_tutor.infilling.gap import (
    MOST_AFTER,
    MOST_BEFORE,
    Gap,
    beginning,
    ending,
    window,
    without_secrets,
)
from procoder_tutor.redaction import Redactor

SECRET = "ghp_" + "x7Kq2mZp9RtY4wVb6NcD8sFg1HjL3aQe5UiO"


@pytest.mark.parametrize(
    ("text", "offset", "gap", "line", "rest"),
    [
        ("", 0, Gap("", ""), "", ""),
        ("a\r\nbc\rd", 4, Gap("a\nb", "c\nd"), "b", "c"),
        ("a\n", 2, Gap("a\n", ""), "", ""),
        ("f(😀)", 2, Gap("f(", "😀)"), "f(", "😀)"),
    ],
)
def test_gap(text: str, offset: int, gap: Gap, line: str, rest: str) -> None:
    assert Gap.at(text, offset) == gap
    assert (gap.line, gap.rest) == (line, rest)


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "bcd"),
        ("a\nbc\n", 3, "bc\n"),
        ("ab\nc", 2, "c"),
        ("ab\ncd\n", 4, "cd\n"),
        ("x\n" * 40, 70, "x\n" * 24),
        ("x\n" * 41, 70, "x\n" * 25),
        ("x\n" * 47, 70, "x\n" * 31),
        ("x\n" * 47, 20, "x\n" * 10),
    ],
)
def test_the_end_begins_where_it_began_before(text: str, most: int, kept: str) -> None:
    assert ending(text, most) == kept


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "abc"),
        ("a\nbcd", 3, "a\n"),
        ("a\nb\nc", 4, "a\nb\n"),
    ],
)
def test_the_beginning(text: str, most: int, kept: str) -> None:
    assert beginning(text, most) == kept


@pytest.mark.parametrize("per_character", [0.25, 0.5, 1, 4])
@pytest.mark.parametrize("line", ["x = 1\n", "y" * 500, "\n"])
async def test_the_window_is_bounded_in_the_models_tokens(line: str, per_character: float) -> None:
    async def count(text: str) -> int:
        return round(len(text) * per_character)

    text = line * 2000
    seen = await window(Gap(text, text), count)
    assert text.endswith(seen.before)
    assert text.startswith(seen.after)
    assert MOST_BEFORE / 2 <= await count(seen.before) <= MOST_BEFORE
    assert MOST_AFTER / 2 <= await count(seen.after) <= MOST_AFTER


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("x = 1|\n", True),
        (f"key = '{SECRET}'\nx = |\n", True),
        (f"x = |\nkey = '{SECRET}'\n", True),
        (f"key = '{SECRET[:20]}|{SECRET[20:]}'\n", False),
        ("password = 'hunter2|secret'\n", False),
        ("password = '|hunter2secret'\n", True),
    ],
)
def test_no_side_holds_a_secret_or_half_of_one(text: str, *, safe: bool) -> None:
    gap = Gap(*text.split("|"))
    seen = without_secrets(gap, Redactor())
    assert (seen is not None) is safe
    if seen is not None:
        assert SECRET not in seen.before + seen.after
        assert "hunter2" not in seen.before + seen.after
