"""Lines and columns as LSP counts them, in every encoding a client may choose."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from procoder_server.errors import UnreadableError
from procoder_server.workspace import (
    MAX_KEPT,
    ExactPositionCodec,
    ExactTextDocument,
    split_lines,
)


def document(text: str, encoding: str = "utf-16") -> ExactTextDocument:
    return ExactTextDocument("file:///a.py", text, 1, position_codec=ExactPositionCodec(encoding))


def span(start: tuple[int, int], end: tuple[int, int]) -> types.Range:
    return types.Range(types.Position(*start), types.Position(*end))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a\n", ("a\n",)),
        ("a\r\nb\rc\n\n", ("a\r\n", "b\r", "c\n", "\n")),
        ("a\x0cb\x1c\x85\u2028c\nd", ("a\x0cb\x1c\x85\u2028c\n", "d")),
    ],
)
def test_lines_end_where_lsp_ends_them(text: str, lines: tuple[str, ...]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize(
    ("encoding", "units", "code_points"),
    [
        ("utf-16", 0, 0),
        ("utf-16", 3, 2),
        ("utf-16", 4, 3),
        ("utf-16", 99, 4),
        ("utf-8", 5, 2),
        ("utf-8", 7, 3),
        ("utf-32", 2, 2),
        ("utf-32", 99, 4),
    ],
)
def test_columns(encoding: str, units: int, code_points: int) -> None:
    place = document("a😀éb\r\nx", encoding).position_from_client_units(types.Position(0, units))
    assert (place.line, place.character) == (0, code_points)


@pytest.mark.parametrize(
    ("text", "change", "inserted", "expected"),
    [
        ("abc", span((0, 3), (0, 3)), "d", "abcd"),
        ("abc", span((0, 99), (9, 9)), "d", "abcd"),
        ("a\nb\n", span((2, 0), (2, 0)), "c\n", "a\nb\nc\n"),
        ("", span((0, 0), (0, 0)), "x", "x"),
        ("a\x0cb\nc", span((1, 0), (1, 1)), "d", "a\x0cb\nd"),
        ("x = '😀' + y", span((0, 11), (0, 12)), "z", "x = '😀' + z"),
        ("a\r\nb", span((0, 1), (1, 0)), "", "ab"),
        ("a\ud83db", span((0, 2), (0, 3)), "\ude00", "a😀"),
        ("\ud83dx\ude00", span((0, 1), (0, 2)), "", "😀"),
        ("a\ud800b", span((0, 2), (0, 3)), "c", "a\ud800c"),
    ],
)
def test_edits(text: str, change: types.Range, inserted: str, expected: str) -> None:
    edited = document(text)
    edited.apply_change(types.TextDocumentContentChangePartial(text=inserted, range=change))
    assert edited.source == expected


def test_a_text_that_is_too_long_is_cut_until_the_whole_comes_again() -> None:
    opened = document("a" * (MAX_KEPT + 7))
    assert len(opened.source) == MAX_KEPT
    opened.apply_change(types.TextDocumentContentChangePartial(text="", range=span((0, 0), (9, 9))))
    assert len(opened.source) == MAX_KEPT
    opened.apply_change(types.TextDocumentContentChangeWholeDocument("b"))
    opened.apply_change(
        types.TextDocumentContentChangePartial(text="c", range=span((0, 0), (0, 0)))
    )
    assert opened.source == "cb"


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "missing"])
def test_only_files_are_read_for_documents_that_are_not_open(kind, tmp_path) -> None:
    path = {"folder": tmp_path, "device": Path("/dev/zero")}.get(kind, tmp_path / kind)
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(UnreadableError):
        _ = ExactTextDocument(path.as_uri()).source


def test_a_file_is_read_as_it_is(tmp_path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes("é = 1\r\n".encode())
    assert ExactTextDocument(path.as_uri()).source == "é = 1\r\n"


@settings(deadline=None)
@given(st.text(alphabet="ab\n\x0cé😀\u2028", max_size=40), st.data())
def test_any_edit_is_a_splice(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    edited = document(text)
    change = types.Range(_position(text, start), _position(text, end))
    edited.apply_change(types.TextDocumentContentChangePartial(text="Z", range=change))
    assert edited.source == text[:start] + "Z" + text[end:]


def _position(text: str, offset: int) -> types.Position:
    lines = text[:offset].split("\n")
    return types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)
