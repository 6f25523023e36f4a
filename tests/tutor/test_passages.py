"""Answers cut into prose and code, wherever the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procoder_tutor.passages import Code, Passage, Passages, Prose

ANSWER = "Use a set.\n\n```python\nseen = set()\n\nseen.add(1)\n```\nIt is `fast`.\n- one\n"


def cut(text: str, size: int) -> list[Passage]:
    passages = Passages()
    found = [
        passage
        for start in range(0, len(text), size)
        for passage in passages.feed(text[start : start + size])
    ]
    return [*found, *passages.flush()]


def lines(found: list[Passage]) -> list[str | Code]:
    """Join the parts of each line."""
    joined: list[str | Code] = []
    line = ""
    for passage in found:
        if isinstance(passage, Code):
            joined.append(passage)
            continue
        line += passage.text
        if passage.ends:
            joined.append(line)
            line = ""
    return [*joined, line] if line else joined


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_wherever_it_is_cut(size: int) -> None:
    assert lines(cut(ANSWER, size)) == [
        "Use a set.",
        "",
        Code("seen = set()\n\nseen.add(1)", "python"),
        "It is `fast`.",
        "- one",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("`a` is", ["`a` is"]),
        ("```\nx\n```", [Code("x", "")]),
        ("````py\n```\n````\n", [Code("```", "py")]),
        ("~~~\nx\n~~~\n", [Code("x", "")]),
        ("```python\nnever finished", []),
        ("a ``` b\n", ["a ``` b"]),
    ],
)
def test_fences(text: str, expected: list[str | Code]) -> None:
    assert lines(cut(text, 1)) == expected


def test_prose_comes_before_its_line_ends() -> None:
    assert Passages().feed("It adds. ") == [Prose("It adds. ")]


@given(st.text(alphabet="a`~ \n", max_size=60), st.integers(1, 60))
def test_cuts_do_not_matter(text: str, size: int) -> None:
    assert lines(cut(text, size)) == lines(cut(text, 1))
