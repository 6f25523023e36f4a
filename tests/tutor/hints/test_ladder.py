"""The ladder: a rung more at each asking, up to the cap, and the solution only on the last."""

import json
from dataclasses import replace

import pytest

from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Trap
from procoder_tutor.hints.ladder import HintLadder
from procoder_tutor.hints.leaks import leaks
from procoder_tutor.hints.problems import (
    Problem,
    exercise_problem,
    expectation_problem,
    finding_problem,
    trap_problem,
)
from procoder_tutor.hints.state import MAX_PROBLEMS, HintState, Rung
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

CODE = "def area(width):\n    return width * hieght\n"
SOLUTION = "def area(width, height):\n    return width * height\n"


def problem(code: str = CODE) -> Problem:
    document = Document.parse(Snapshot(code))
    return finding_problem(document, lint(document)[0])


def climbed(ladder: HintLadder, times: int) -> tuple[list[str], HintState]:
    state = HintState()
    texts = []
    for _ in range(times):
        hint, state = ladder.next(state)
        texts.append(hint.markdown)
    return texts, state


def test_each_asking_is_a_rung_more() -> None:
    texts, state = climbed(HintLadder(problem(), solution=SOLUTION), 6)
    question, region, concept, pattern, solution, again = texts
    assert question.startswith("Which line gives `hieght` its value before line 2 runs?")
    assert region == "Look at line 2, in `area`."
    assert concept.startswith("A name exists only after")
    assert pattern.startswith(
        "Other code with the same problem:\n\n```python\ndef area(width, height)"
    )
    assert solution == f"A solution:\n\n```python\n{SOLUTION.rstrip()}\n```"
    assert again == f"{solution}\n\nThis was the last hint."
    assert state.rung(problem().key) is Rung.SOLUTION


@pytest.mark.parametrize("cap", list(Rung))
def test_a_cap_holds_and_is_said(cap: Rung) -> None:
    ladder = HintLadder(problem(), solution=SOLUTION, max_rung=cap)
    texts, state = climbed(ladder, 7)
    hints = ladder.shown(state)
    assert [hint.rung for hint in hints] == list(Rung)[: cap.height + 1]
    assert [hint.more for hint in hints] == [*list(Rung)[1 : cap.height + 1], None]
    end = "last hint" if cap is Rung.SOLUTION else f"limit is set to “{cap.value}”"
    assert end in texts[-1]
    assert ("A solution" in "".join(texts)) == (cap is Rung.SOLUTION)
    for rung in list(Rung)[cap.height + 1 :]:
        with pytest.raises(ValueError, match="hints end at"):
            ladder.hint(rung)


def test_a_cap_that_was_lowered_hides_what_was_shown() -> None:
    _, state = climbed(HintLadder(problem(), solution=SOLUTION), 5)
    lower = HintLadder(problem(), solution=SOLUTION, max_rung=Rung.REGION)
    assert [hint.rung for hint in lower.shown(state)] == [Rung.QUESTION, Rung.REGION]
    hint, after = lower.next(state)
    assert hint.rung is Rung.REGION
    assert after == state


@pytest.mark.parametrize("rung", list(Rung)[:-2])
def test_rungs_below_the_pattern_do_not_leak(rung: Rung) -> None:
    ladder = HintLadder(problem(), solution=SOLUTION)
    assert not leaks(ladder.hint(rung).markdown, SOLUTION, CODE)


def test_the_lesson_is_named_with_the_concept() -> None:
    ladder = HintLadder(problem("x = 1\nx is 'a'\n"))
    assert ladder.hint(Rung.CONCEPT).lesson == "identity-test"
    assert ladder.hint(Rung.QUESTION).lesson == ""


def test_without_a_solution_none_is_claimed() -> None:
    hint = HintLadder(problem()).hint(Rung.SOLUTION)
    assert hint.markdown.startswith("There is no checked solution")


SAME = [
    ("code above", "import os\nos.sep\n\n\n" + CODE),
    ("other indentation and comments elsewhere", "# é\n" + CODE.replace("    ", "\t")),
    ("CRLF and BOM", "\ufeff" + CODE.replace("\n", "\r\n")),
]
OTHER = [
    ("another line", CODE.replace("width *", "2 *")),
    ("another function", CODE.replace("area", "size")),
    ("another name", CODE.replace("hieght", "hight")),
]


@pytest.mark.parametrize("code", [k[1] for k in SAME], ids=[k[0] for k in SAME])
def test_a_problem_is_known_again(code: str) -> None:
    assert problem(code).key == problem().key


@pytest.mark.parametrize("code", [k[1] for k in OTHER], ids=[k[0] for k in OTHER])
def test_another_problem_has_another_key(code: str) -> None:
    assert problem(code).key != problem().key


def test_names_from_the_code_cannot_become_markup() -> None:
    name = "日本" * 20
    found = problem(f"print({name})")
    assert f"`{name}`" in HintLadder(found).hint(Rung.QUESTION).markdown


def test_a_trap_gives_hints() -> None:
    document = Document.parse(Snapshot("def f(a, items=[]):\n    return items\n"))
    facts = instant_facts(document, document.by_name("f"))
    trap = Trap("mutable-default", 1, "`items` is made once.")
    found = trap_problem(document, facts, trap)
    assert (found.topic.id, found.name, found.symbol, found.first) == (
        "mutable-default", "items", "f", 1,
    )  # fmt: skip
    with_trap = replace(facts, traps=(trap,))
    told = expectation_problem(document, document.by_name("f"), with_trap, "should be empty")
    assert told == found


def test_an_expectation_gives_hints() -> None:
    document = Document.parse(Snapshot("x = 1\n\ndef f(a):\n    return a\n"))
    symbol = document.by_name("f")
    found = expectation_problem(document, symbol, instant_facts(document, symbol), "got  1\nnot 2")
    ladder = HintLadder(found)
    assert "each variable of `f`" in ladder.hint(Rung.QUESTION).markdown
    assert ladder.hint(Rung.REGION).markdown == "Look at lines 3 to 4, in `f`."
    same = expectation_problem(document, symbol, instant_facts(document, symbol), "got 1 not 2")
    assert same.key == found.key


def test_an_exercise_gives_hints() -> None:
    found = exercise_problem("zip/1", "zip")
    ladder = HintLadder(found, solution="zip(a, b)", example="```python\nzip('ab', 'cd')\n```")
    texts, _ = climbed(ladder, 5)
    assert texts[1].startswith("Begin with the line")
    assert ladder.hint(Rung.CONCEPT).lesson == "zip"
    assert texts[3] == "```python\nzip('ab', 'cd')\n```"
    assert "zip(a, b)" in texts[4]
    assert found.key != exercise_problem("zip/2", "zip").key


def test_the_state_is_kept_as_json() -> None:
    state = HintState().with_rung("a", Rung.REGION).with_rung("b", Rung.QUESTION)
    state = state.with_rung("a", Rung.CONCEPT)
    assert HintState.from_json(state.to_json()) == state
    assert json.loads(state.to_json()) == {"b": "question", "a": "concept"}


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"a": 1, "b": "top"}', "[" * 100_000])
def test_a_damaged_state_is_forgotten(text: str) -> None:
    assert HintState.from_json(text) == HintState()


def test_old_problems_are_forgotten() -> None:
    state = HintState()
    for number in range(MAX_PROBLEMS + 1):
        state = state.with_rung(str(number), Rung.QUESTION)
    assert state.rung("0") is None
    assert state.rung("1") is Rung.QUESTION
