"""Facts and badges as people read them; nothing from user code is active."""

import pytest
from markdown_it import MarkdownIt

from procoder_tutor.events import Checks, Explanation
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.markdown import (
    MAX_LINES,
    explanation_markdown,
    facts_markdown,
    facts_text,
    plain_text,
    steps_markdown,
    steps_text,
)
from procoder_tutor.questions import Level
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


CARD = """\
import os

def load(paths, cache={}):
    found = []
    for path in paths:
        try:
            found.append(open(path).read())
        except OSError:
            continue
        except ValueError as error:
            raise RuntimeError from error
    print(os.environ["HOME"])
    return found

def count(xs):
    return sum(xs)

def main():
    return load([]), count([])
"""
SENTENCES = [
    ("load", ("Catches `OSError` (line 8, and ignores it) and `ValueError` (line 10, and raises"
     " another instead).")),
    ("load", ("Touches files (`open` on line 7), the console (`print` on line 12) and the"
     " environment (`os.environ` on line 12).")),
    ("load", ("⚠ Line 3: The default `cache={}` is made once and shared by all calls: what one call"
     " puts into it, the next one finds there.")),
    ("load", "Called by `main` (line 19)."),
    ("count", "Work: O(n). Visits every item of `xs` (line 16)."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence"), SENTENCES)
def test_a_card_says(name: str, sentence: str) -> None:
    assert sentence in [line.strip() for line in facts_markdown(facts(CARD, name)).split("\n")]


def test_a_beginner_reads_no_formula_and_only_an_expert_that_work_is_fixed() -> None:
    said = {level: facts_markdown(facts(CARD, "count"), level=level) for level in Level}
    assert "O(n)" not in said[Level.BEGINNER]
    assert "Visits every item of `xs` (line 16)." in said[Level.BEGINNER]
    fixed = {level: facts_markdown(facts("def f(): return 1", "f"), level=level) for level in Level}
    assert [level for level in Level if "O(1)" in fixed[level]] == [Level.EXPERT]


def test_a_selected_range_says_what_goes_in_and_out() -> None:
    document = Document.parse(Snapshot(CARD))
    said = facts_markdown(instant_facts(document, document.selection(5, 11)))
    assert said.startswith("```python\n# lines 5-11\n```\n\nNeeds `paths` and `found` from before.")
    assert "Sets `path` and `error`." in said


def test_steps_are_a_numbered_list_with_lines() -> None:
    assert steps_markdown(facts(CARD, "load")).split("\n") == [
        "1. Starts `found` as an empty list (line 4)",
        "2. Goes through `paths`, calling each item `path` (lines 5-11)",
        "    - Tries this: adds `open(path).read()` to the end of `found` (lines 6-7)",
        "    - If `OSError` is raised, goes on to the next turn of the loop (lines 8-9)",
        "    - If `ValueError` is raised, stops with `RuntimeError` (lines 10-11)",
        '3. Prints `os.environ["HOME"]` (line 12)',
        "4. Gives back `found` (line 13)",
    ]
    assert steps_text(facts(CARD, "count")) == "1. Gives back the sum of xs (line 16)"


def test_many_steps_are_cut() -> None:
    code = "def f():\n" + "".join(f"    g({number})\n" for number in range(30))
    lines = steps_markdown(facts(code, "f")).split("\n")
    assert (len(lines), lines[-1]) == (17, "17. … and 14 more steps")


HOSTILE = '''\
def f(a, b="`](http://x)<img src=y>"):
    if a is "`<b>`":
        raise ValueError
    """[x](javascript:y)"""
    return f"`{a}`[z](http://z)", a == "``"
'''


def test_steps_and_traps_of_hostile_code_stay_text() -> None:
    document = Document.parse(Snapshot(HOSTILE))
    known = instant_facts(document, document.by_name("f"))
    assert known.traps
    for said in (facts_markdown(known), steps_markdown(known)):
        inline = [
            child
            for token in MarkdownIt("commonmark", {"html": True}).parse(said)
            for child in token.children or ()
        ]
        assert not {"html_inline", "image"} & {child.type for child in inline}
        links = [str(c.attrs["href"]) for c in inline if c.type == "link_open"]
        assert all(link.startswith("https://docs.python.org/") for link in links)


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
            Explanation("Adds.", Checks(1, 1, ("x (y)",) * 3, withheld=1), "m"),
            (
                "Adds.\n\n✓ 1 of 1 checked · 2 sentences dropped · 1 withheld"
                " · the model's reading · `m`"
            ),
        ),
    ],
)
def test_badge(explanation: Explanation, expected: str) -> None:
    assert explanation_markdown(explanation) == expected


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        (Checks(), "did not hold up against the code, so"),
        (Checks(dropped=("x (y)",)), "did not hold up against the code, so"),
        (Checks(dropped=("x (y)",), withheld=1), "wrote says more than could be checked, so"),
        (Checks(dropped=("x (y)",) * 2, withheld=1), "did not hold up against the code, or says"),
    ],
)
def test_why_nothing_is_shown(checks: Checks, why: str) -> None:
    assert why in explanation_markdown(Explanation("", checks, "m"))


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
