"""Code in an answer: told from prose as it streams, and what is said of it."""

import pytest

from procoder_tutor.check import Checker
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.fences import CodeBlock, FenceSplitter
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

CODE = "def total(prices):\n    return sum(prices)\n"


@pytest.mark.parametrize(
    ("text", "prose", "blocks"),
    [
        ("One.\n```python\nx = 1\n```\nTwo.", "One.\nTwo.\n", [CodeBlock("python", "x = 1")]),
        ("```\na\n\n  b\n```", "", [CodeBlock("", "a\n\n  b")]),
        ("```Python title\na\n```", "", [CodeBlock("python", "a")]),
        ("~~~\n```\n~~~", "", [CodeBlock("", "```")]),
        ("````\n```\n````", "", [CodeBlock("", "```")]),
        ("```py\nnever closed", "", [CodeBlock("py", "never closed")]),
        ("Not ``` here.", "Not ``` here.", []),
        ("`span` first.\nThen more.", "`span` first.\nThen more.", []),
        ("```a``` is a span.", "```a``` is a span.", []),
        ("    ```\nindented", "    ```\nindented", []),
        ("", "", []),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_fences_do_not_depend_on_pieces(
    text: str, prose: str, blocks: list[CodeBlock], size: int
) -> None:
    splitter = FenceSplitter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    parts = [part for piece in pieces for part in splitter.feed(piece)] + [*splitter.flush()]
    assert "".join(part for part in parts if isinstance(part, str)).rstrip() == prose.rstrip()
    assert [part for part in parts if isinstance(part, CodeBlock)] == blocks


@pytest.mark.parametrize(
    ("language", "code", "remark", "unknown"),
    [
        ("python", "print(total([1, 2]))", "it parses, and its names exist", ()),
        ("", "for price in [1]:\n    print(price)", "it parses", ()),
        ("py", "import os as o\ndef f(x, *y):\n    return o, x, y", "it parses", ()),
        ("python", "    return sum(prices)", "it parses", ()),
        ("python", "print(grand_total([1]))", "`grand_total` is not defined", ("grand_total",)),
        ("python", "print(total([1, 2)", "not valid Python", ()),
        ("", "total: 3 EUR", "not checked", ()),
        ("sh", "python total.py", "not checked", ()),
    ],
)
def test_what_is_said_of_code(
    language: str, code: str, remark: str, unknown: tuple[str, ...]
) -> None:
    kept, checker = _check(f"Adds the prices.\n```{language}\n{code}\n```\nNothing else here.")
    assert kept[0] == "Adds the prices."
    assert kept[1].startswith(f"```{language}\n{code}\n```\n\n*Code by the model")
    assert remark in kept[1]
    assert checker.checks.unknown_names == unknown


def test_code_that_was_cut_off_is_not_shown() -> None:
    kept, checker = _check("Adds the prices.\n```python\nprint(tot", cut=True)
    assert kept == ["Adds the prices."]
    assert "did not finish" in checker.checks.dropped[0]


def _check(text: str, *, cut: bool = False) -> tuple[list[str], Checker]:
    document = Document.parse(Snapshot(CODE))
    symbol = document.by_name("total")
    facts = instant_facts(document, symbol)
    checker = Checker(facts, Vocabulary.of(document, symbol, facts))
    kept = [part for piece in text for part in checker.feed(piece)]
    return [*kept, *checker.finish(cut=cut)], checker
