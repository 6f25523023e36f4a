"""Facts and badges as people read them; nothing from user code is active."""

import pytest
from markdown_it import MarkdownIt

from procoder_tutor.events import Checks, Explanation
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.markdown import (
    MAX_LINES,
    NOTHING_HELD,
    explanation_markdown,
    facts_markdown,
    facts_text,
    plain_text,
)
from procoder_tutor.symbols import Document, Snapshot


def facts(code: str, name: str) -> Facts:
    document = Document.parse(Snapshot(code))
    return instant_facts(document, document.by_name(name))


MERGE = '''\
def merge(intervals: list) -> list:
    """Join `ranges` <b>that</b> [touch](http://x)."""
    if not intervals:
        raise ValueError("none")
    intervals.sort()
    return intervals
'''


def test_facts_are_short_plain_sentences() -> None:
    said = facts_markdown(facts(MERGE, "merge"))
    assert said.startswith("```python\ndef merge(intervals: list) -> list\n```\n\n")
    assert "Raises `ValueError` when `not intervals` (line 4)." in said
    assert "Changes its argument `intervals`: calls .sort() (line 5)." in said
    assert "Returns `intervals` (line 6)." in said


def test_user_code_stays_text() -> None:
    parser = MarkdownIt("commonmark", {"html": True})
    tokens = parser.parse(facts_markdown(facts(MERGE, "merge")))
    inline = [child for token in tokens for child in token.children or ()]
    assert not {"html_inline", "image"} & {child.type for child in inline}
    links = [str(c.attrs["href"]) for c in inline if c.type == "link_open"]
    assert all(link.startswith("https://docs.python.org/") for link in links)


def test_long_signature_is_wrapped_and_much_is_cut() -> None:
    parameters = ", ".join(f"parameter_{number}: dict[str, int] = {{}}" for number in range(40))
    said = facts_markdown(facts(f"def f({parameters}):\n    pass\n", "f"))
    lines = said.split("\n")
    assert lines[1:3] == ["def f(", "    parameter_0: dict[str, int] = {},"]
    assert len(lines) <= MAX_LINES
    assert sum(line.startswith("```") for line in lines) == 2


def test_text_has_no_markup() -> None:
    said = facts_text(facts(MERGE, "merge"))
    assert "Join `ranges` <b>that</b> [touch]" in said
    assert "Raises ValueError when not intervals (line 4)." in said


@pytest.mark.parametrize(
    ("explanation", "expected"),
    [
        (
            Explanation("Adds.", Checks(5, 5), "m"),
            "Adds.\n\n✓ 5 of 5 checked · the model's reading · `m`",
        ),
        (
            Explanation("Adds.", Checks(2, 1, ("x (y)",)), "m", cached=True),
            (
                "Adds.\n\n· 1 of 2 checked · 1 sentence dropped · the model's reading · `m`"
                " · from cache"
            ),
        ),
        (
            Explanation("", Checks(), "m"),
            f"{NOTHING_HELD}\n\n· nothing to check · the model's reading · `m`",
        ),
    ],
)
def test_badge(explanation: Explanation, expected: str) -> None:
    assert explanation_markdown(explanation) == expected


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Adds `a` to [`b`](https://x.example).", "Adds a to b."),
        (r"a \< b \& \_c", "a < b & _c"),
        ("\n\n*A note.*", "\n\nA note."),
    ],
)
def test_plain(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain
