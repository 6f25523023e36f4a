"""What of a model's text is shown."""

import pytest

from procoder_tutor.infilling.gap import Gap
from procoder_tutor.infilling.shaping import has_ended, shaped

DEF = "def f(a):\n"

# Name, the code with the gap, the model's text, what is shown.
SHOWN = [
    ("nothing", "x = |\n", "", ""),
    ("only space", "x = |\n", "  \n\n", ""),
    ("the rest of a line", "x = |\n", "1\n\n\ny", "1"),
    ("lines of a block", DEF + "    |\n", "b = a\n    return b\n", "b = a\n    return b"),
    ("a blank line ends it", DEF + "    |\n", "b = a\n\n    return b", "b = a"),
    ("the end of the block", DEF + "    |\n", "return a\ndef g(): pass", "return a"),
    ("a body", "def f(a):|\n", "\n    return a\nf(1)\n", "\n    return a"),
    ("a body of one line", "def f(a): |\n", "return a\nf(1)\n", "return a\nf(1)"),
    ("deeper blocks", DEF + "    |\n", "if a:\n        b()\n    return", "if a:\n        b()"),
    ("an if", DEF + "    if a:|\n    c()\n", "\n        b()\n    d()", "\n        b()"),
    ("statements of a module", "|\n", "import os\nimport re\n\nx", "import os\nimport re"),
    ("no second line within a line", "f(|)\n", "a,\n  b", "a,"),
    ("the rest is not repeated", "f(|)\n", "a, b)", "a, b"),
    ("but a bracket of its own is kept", "f(|)\n", "g(a)", "g(a)"),
    ("both", "f(|)\n", "g(a))", "g(a)"),
    ("two brackets", "f(g(|))\n", "a))", "a"),
    ("space before the rest", "f(|)\n", "a ", "a"),
    ("space before a word", "x = |y\n", "a + ", "a + "),
    ("a quote", "x = '|'\n", "abc'", "abc"),
    ("more than a bracket", "f(|, y)\n", "1, y)", "1"),
    ("the next line is not repeated", DEF + "    |\n    return b\n", "b = a\n    return b",
     "b = a"),
    ("not even alone", DEF + "    |\n    return a\n", "return a", ""),
    ("its own line may begin alike", "x = |\n1\n", "1", "1"),
    ("code that parsed still does", "x = |1\n", "= ", ""),
    ("as many lines as parse", DEF + "    |\n    b()\n", "c()\n    d(\n    e(", "c()"),
    ("broken code may stay broken", "x = (\ny = |\n", "2", "2"),
    ("but not break earlier", DEF + "    x = |\ny = = 2\n", ") )", ""),
    ("an open bracket is closed", "x = f(|\n", "1)", "1)"),
    ("tabs", "def f(a):\n\t|\n", "b = a\n\treturn b\nf(1)", "b = a\n\treturn b"),
    ("a string of several lines", 'x = """|\n"""\n', "a\nb", "a\nb"),
    ("form feeds and separators are no ends", "x = '|'\n", "a\u2028b", "a\u2028b"),
    ("NUL", "x = |\n", "\0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "shown"), [s[1:] for s in SHOWN],
                         ids=[s[0] for s in SHOWN])  # fmt: skip
def test_shaped(code: str, text: str, shown: str) -> None:
    assert shaped(Gap(*code.split("|")), text, cut_off=False) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("b = a\n    retu", "b = a"),
        ("b = a\n    c = b\n\n    retu", "b = a\n    c = b"),
        ("b = a + c", "b = a + c"),
    ],
)
def test_half_a_line_is_not_shown(text: str, shown: str) -> None:
    assert shaped(Gap(DEF + "    ", "\n"), text, cut_off=True) == shown


@pytest.mark.parametrize(
    ("code", "text", "ended"),
    [
        (DEF + "    |", "b = a", False),
        (DEF + "    |", "b = a\n", False),
        (DEF + "    |", "b = a\n  ", False),
        (DEF + "    |", "b = a\n    c", False),
        (DEF + "    |", "b = a\nc", True),
        (DEF + "    |", "b = a\n\n", True),
        ("x|", "\n", False),
        ("f(|)", "a", False),
        ("f(|)", "a\n", True),
    ],
)
def test_the_model_is_stopped_when_the_rest_would_not_be_shown(
    code: str, text: str, *, ended: bool
) -> None:
    assert has_ended(Gap(*code.split("|")), text) is ended
