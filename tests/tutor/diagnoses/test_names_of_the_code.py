"""Findings of pyflakes: which text is chosen, and which names of the code stand in it."""

from pathlib import Path

import pytest

from procoder_tutor.diagnoses import Diagnosis, diagnose
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

SHOP = """\
class Shop:
    def __init__(self):
        self.items = []

    def sell(self):
        return {}
"""

CASES = [
    ("print(nowhere)", "UndefinedName", "Line 1 uses `nowhere`"),
    ("price = 5\nprint(prise)", "UndefinedName.typo", "a name `price`"),
    ("def f(width):\n    return widht", "UndefinedName.typo", "a name `width`"),
    ("def f():\n    return pritn(1)", "UndefinedName.typo", "a name `print`"),
    ("Total = 5\nprint(total)", "UndefinedName.typo", "a name `Total`"),
    ("x1 = 5\nprint(x2)", "UndefinedName", "Line 2 uses `x2`"),
    ("print(math.pi)", "UndefinedName.module", "Line 1 uses `math` as a module"),
    ("print(math)", "UndefinedName", "`math`"),
    ("p = Path('a')", "UndefinedName.import", "the module `pathlib`"),
    ("done = true", "UndefinedName.word", "it writes `True`"),
    ("x = null", "UndefinedName.word", "it writes `None`"),
    ("print(total)\ntotal = 7", "UndefinedName.later", "later, on line 2"),
    ("def f():\n    rows = [1]\n    return rows\nprint(rows)", "UndefinedName.elsewhere",
     "in `f` on line 2"),
    (SHOP.format("items"), "UndefinedName.member", "The class `Shop` has a `items`"),
    (SHOP.format("sell()"), "UndefinedName.member", "The class `Shop` has a `sell`"),
    ("def f():\n    self.x = 1", "UndefinedName.self", "`self`"),
    ("x = 1\ndef f():\n    print(x)\n    x = 2", "UndefinedLocal", "The `x` of line 1"),
    ("def f():\n    print(len)\n    len = 2", "UndefinedLocal.builtin", "own `len`"),
    ("def f():\n    unused = 1", "UnusedVariable", "Line 2 stores a value in `unused`"),
    ("def f(g):\n    done = g(1)", "UnusedVariable.call", "the result of `g(1)` in `done`"),
    ("def f():\n    summe = 0\n    sume = 1\n    return summe", "UnusedVariable.similar",
     "It does use `summe`"),
    ("def f(g):\n    try:\n        g()\n    except OSError as e:\n        pass",
     "UnusedVariable.caught", "Line 4 gives the caught error the name `e`"),
    ("def f():\n    with open('a') as b:\n        pass", "UnusedVariable.managed", "`b`"),
    ("def f(): ...\ndef f(): ...", "RedefinedWhileUnused", "The `f` of line 1"),
    ("import os\nimport os\nos", "RedefinedWhileUnused.import", "line 1 has already imported `os`"),
    ("class A:\n    def f(self): ...\n    def f(self): ...", "RedefinedWhileUnused.method",
     "Line 3 defines the method `f` again"),
    ("from os import path as p", "UnusedImport", "Line 1 imports `os.path as p`"),
    ("for os in []: ...\nimport os\nfor os in []: ...\nos", "ImportShadowedByLoopVar",
     "what line 2 imports"),
    ("{'a': 1, 'a': 2}", "MultiValueRepeatedKeyLiteral", "The key `'a'` on line 1"),
    ("{7: 1, 7: 2}", "MultiValueRepeatedKeyLiteral", "The key 7 on line 1"),
    ("'%s %s' % (1,)", "PercentFormatPositionalCountMismatch", "values: 2. It gets this many: 1."),
    ("def f():\n    global x\n    print(x)", "UnusedIndirectAssignment", "says `global` `x`"),
    ("x = 1\nx is 'a'", "IsLiteral", "The comparison `x is 'a'`"),
    ("x = '\\d'", "InvalidEscapeSequence", "has `\\d`"),
]  # fmt: skip


def diagnoses_of(text: str, path: Path | None = None) -> list[Diagnosis]:
    document = Document.parse(Snapshot(text, path=path))
    return [diagnose(document, finding) for finding in lint(document)]


@pytest.mark.parametrize(("code", "expected", "phrase"), CASES)
def test_the_text_fits_the_code(code: str, expected: str, phrase: str) -> None:
    found = {diagnosis.id: diagnosis.meaning for diagnosis in diagnoses_of(code)}
    assert expected in found
    assert phrase in found[expected]


def test_an_import_of_a_package_is_for_others() -> None:
    (diagnosis,) = diagnoses_of("from os import path", Path("shapes/__init__.py"))
    assert diagnosis.id == "UnusedImport.package"


@pytest.mark.parametrize(
    "code",
    [
        "a" * 200_000,
        "print(" + "a" * 200_000,
        "print(" + "".join(f"name{i}, " for i in range(1_000)) + "nam)",
        "\n".join(f"value{i} = {i}" for i in range(5_000)) + "\nprint(valeu)",
        "x = " + "(" * 150 + "a" + ")" * 150,
        "x" + "[0]" * 2_000,
        "\ud800 = 1",
        "print('\ud800" + '"' * 1000,
        "\f\x0b if",
        "if True:\n" * 99,
        "if 1:\r  x = y\r z",
    ],
)
def test_odd_code_is_diagnosed_all_the_same(code: str) -> None:
    for diagnosis in diagnoses_of(code):
        assert diagnosis.meaning
        assert len(diagnosis.meaning) < 1_000
