"""Code cut into parts along its syntax tree."""

import pytest

from procoder_tutor.blocks import LONGEST_BLOCK, MOST_BLOCKS, blocks_of
from procoder_tutor.symbols import Document, Snapshot

LONG_LOOP = "def f(xs):\n    for x in xs:\n" + "".join(
    f"        use({number}, x)\n" for number in range(12)
)


def cut(code: str, name: str = "f") -> list[tuple[int, int, str]]:
    document = Document.parse(Snapshot(code))
    blocks = blocks_of(document.by_name(name))
    return [(block.line, block.end_line, block.code) for block in blocks]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def f():\n    '''Doc.'''\n    a = 1\n    # why\n    b = 2\n    return a + b\n", [(3, 6)]),
        ("def f(x):\n    if not x:\n        return 0\n    else:\n        x += 1\n    return x\n",
         [(2, 5), (6, 6)]),
        ("def f(x):\n    if x: return 1\n    return 2\n", [(2, 3)]),
        ("def f():\n    '''Doc.'''\n", []),
        ("def f(): return 1\n", [(1, 1)]),
        (LONG_LOOP, [(2, 2), (3, 10), (11, 14)]),
        ("def f():\n" + "".join(f"    a{n} = {n}\n" for n in range(20)),
         [(2, 9), (10, 17), (18, 21)]),
        ("def f():\n    def g():\n        return 1\n    return g\n", [(2, 4)]),
    ],
)  # fmt: skip
def test_lines(code: str, lines: list[tuple[int, int]]) -> None:
    assert [(first, last) for first, last, _ in cut(code)] == lines


def test_code_is_free_of_comments_and_formatting() -> None:
    loop = "    while x:\n\n        x -= 1\n        go( )\n"
    (_, _, one), (_, _, two) = cut(f"def f(x):\n    # why\n    y = ( x )\n{loop}")
    assert (one, two) == ("y = x", "while x:\n    x -= 1\n    go()")


def test_blocks_are_short_and_few() -> None:
    deep = "def f(x):\n" + "".join(
        f"{'    ' * (n + 1)}if x > {n}:\n{'    ' * (n + 2)}x += {n}\n" for n in range(30)
    )
    blocks = cut(deep)
    assert len(blocks) == MOST_BLOCKS
    assert all(code.count("\n") < LONGEST_BLOCK + 1 for _, _, code in blocks)
