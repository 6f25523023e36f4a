"""Where else to look: other places of the code, and pages of the documentation."""

import pytest

from procoder_tutor.diagnoses.pages import documentation_page
from procoder_tutor.diagnoses.related import related_place
from procoder_tutor.diagnoses.trapped import TRAPS
from procoder_tutor.lint import FLAKE8_CODES, lint
from procoder_tutor.symbols import Document, Snapshot

DOCUMENTATION = "https://docs.python.org/3/"


@pytest.mark.parametrize(
    ("text", "rule", "line", "words"),
    [
        ("import os\nimport os\nos\n", "RedefinedWhileUnused", 1, "`os` is first defined"),
        ("import a\nfor a in ():\n    a()\n", "ImportShadowedByLoopVar", 1, "imported here"),
        ("x = 1\ndef f():\n    print(x)\n    x = 2\n", "UndefinedLocal", 1, "its other value"),
        ("total = 3\nprint(toal)\n", "UndefinedName", 1, "`total` is spelt almost"),
        ("def f():\n    a_b = 1\n    return a_b\nf(a_b)\n", "UndefinedName", 2, "inside of `f`"),
        ("print(late)\nlate = 1\n", "UndefinedName", 2, "further down"),
        ("printt(1)\n", "UndefinedName", None, ""),
        ("import os\n", "UnusedImport", None, ""),
        ("def f(:\n", "SyntaxError", None, ""),
    ],
)
def test_related_places(text, rule, line, words) -> None:
    document = Document.parse(Snapshot(text))
    finding = next(found for found in lint(document) if found.rule == rule)
    place = related_place(document, finding)
    assert (place and place.line) == line
    assert words in (place.message if place else "")


@pytest.mark.parametrize("rule", [*FLAKE8_CODES, *TRAPS, "SyntaxError", "InvalidEscapeSequence"])
def test_pages(rule) -> None:
    page = documentation_page(rule)
    if rule in {"unreachable", "TStringMissingPlaceholders"}:
        assert page is None
    else:
        assert page is not None
        assert page.startswith(DOCUMENTATION)
        assert "#" in page
