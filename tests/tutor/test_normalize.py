"""Normalized text, and the way from every place of it back to the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.normalize import normalize
from procoder_tutor.positions import split_lines

NORMALIZED = [
    ("\ufeffx = 1", "x = 1"),
    ("a\r\nb\rc\n", "a\nb\nc\n"),
    ("if x:\n\ty\n", "if x:\n    y\n"),
    ("x  \ny\t\n", "x\ny\n"),
    ("  a\n    b\n", "a\n  b\n"),
    ("x = '\ud800'", "x = '\ufffd'"),
    ("x = '''a  \n\tb  \n'''  \n", "x = '''a  \n\tb  \n'''\n"),
    (f"x = '{'a' * 2_000}'", f"x = '{'a' * 60}... 2,000 in all'"),
    (f"x = [{'12, ' * 2_000}]", "x = [12, 12, 12, ...]"),
    (f"x = {{{', '.join(f'{n}: 0' for n in range(500))}}}",
     "x = {0: 0, 1: 0, 2: 0, ...: ...}"),
    (f"x = (\n{'    12,' * 2_000}\n)\ny", "x = (12, 12, 12, ...)\ny"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NORMALIZED)
def test_normalize(text: str, expected: str) -> None:
    assert normalize(text).text == expected


def test_lines_lead_back_across_what_was_elided() -> None:
    text = "\ufeffx = [\r\n" + "    1234567,\r\n" * 300 + "]\r\ny = 2\r\n"
    normalized = normalize(text)
    assert normalized.text.split("\n")[1] == "y = 2"
    assert normalized.line_map[:2] == (1, 303)
    assert normalized.original_position(2, 4) == (303, 4)
    assert normalized.original_position(1, 0) == (1, 1)


def test_some_lines_as_a_text_of_their_own() -> None:
    text = "class A:\r\n\tdef f(self):\r\n\t\treturn x\r\n\ty = 1\r\n"
    normalized = normalize(text, first_line=2, last_line=3)
    assert normalized.text == "def f(self):\n    return x\n"
    assert normalized.original_line(2) == 3
    assert normalized.original_position(2, 11) == (3, 9)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab'\"\t \r\n\ufeff\ud800😀#:\\", max_size=60))
def test_kept_characters_lead_back_to_themselves(text: str) -> None:
    normalized = normalize(text)
    lines = split_lines(text)
    for number, line in enumerate(normalized.text.split("\n"), 1):
        for column, character in enumerate(line):
            if character not in " \ufffd":
                place = normalized.original_position(number, column)
                assert lines[place.line - 1][place.column] == character
