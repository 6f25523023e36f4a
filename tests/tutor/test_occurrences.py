"""Occurrences: every place where a name means the same, and no other."""

import pytest

from procoder_tutor.occurrences import occurrences
from procoder_tutor.symbols import Document, Snapshot

CODE = """\
import os
from re import (sub,
    compile as make)

total = 1

class Account:
    total = 0

    def __init__(self, total):
        self.total = total

    def add(self, é, n=total):
        total = é + n
        self.total += total
        return [total for n in (make, os)]

def add(total): return lambda: total

async def use(other):
    global total
    total = add(other.total); Account.add(other.total)
    '😀'; other.total = sub(total)
"""


def places(line: int, column: int, code: str = CODE) -> list[str]:
    """`line:column` of each occurrence, with `=` where it is bound."""
    document = Document.parse(Snapshot(code))
    found = occurrences(document, line, column)
    return sorted(
        (f"{o.span.start.line}:{o.span.start.column}{'=' * o.written}" for o in found),
        key=lambda text: [int(n) for n in text.rstrip("=").split(":")],
    )


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((1, 7), ["1:7=", "16:38"]),
        ((2, 17), ["2:16=", "23:23"]),
        ((3, 16), ["3:15=", "16:32"]),
        ((5, 2), ["5:0=", "22:4=", "23:27"]),
        ((8, 9), ["8:4=", "13:23"]),
        ((10, 26), ["10:23=", "11:21"]),
        ((11, 15), ["11:13=", "15:13="]),
        ((13, 18), ["13:18=", "14:16"]),
        ((14, 8), ["14:8=", "15:22", "16:16"]),
        ((18, 5), ["18:4=", "22:12"]),
        ((18, 31), ["18:8=", "18:31"]),
        ((22, 26), ["22:22", "22:48", "23:15="]),
        ((4, 0), []),
        ((99, 0), []),
        ((23, 5), []),
    ],
)
def test_places(place: tuple[int, int], expected: list[str]) -> None:
    assert places(*place) == expected


@pytest.mark.parametrize("code", ["", "x", "def f(:\n  x\n", "\ufeffx = x\r\n", "\0", "x" * 9999])
def test_any_text(code: str) -> None:
    assert places(1, 0, code) in ([], ["1:0"], ["1:0=", "1:4"], ["1:1=", "1:5"])
