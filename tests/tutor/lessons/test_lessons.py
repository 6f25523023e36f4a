"""Every lesson, held to what a lesson promises: it runs, it is checked, it can be read."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from readability import flesch_kincaid_grade

from procoder_tutor import lessons
from procoder_tutor.errors import InputError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.topics import TOPICS
from procoder_tutor.lessons import lesson, lesson_ids, lesson_markdown, next_lessons, search_lessons
from procoder_tutor.symbols import Document, Snapshot

IDS = lesson_ids()
RUNNER = Path(__file__).parents[2] / "support" / "lesson_runner.py"


@pytest.fixture(scope="module")
def ran() -> dict[tuple[str, str], dict[str, Any]]:
    """What the example, the solution and the starter of each lesson did, run in one process."""
    pieces: dict[tuple[str, str], list[str]] = {}
    for name in IDS:
        found = lesson(name)
        pieces[name, "example"] = [found.example]
        pieces[name, "solution"] = [found.solution, found.check]
        pieces[name, "starter"] = [found.starter]
        pieces[name, "starter checked"] = [found.starter, found.check]
    command = [sys.executable, "-I", str(RUNNER)]
    asked = json.dumps(list(pieces.values()))
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    assert answer.stderr == ""
    return dict(zip(pieces, json.loads(answer.stdout), strict=True))


@pytest.mark.parametrize("name", IDS)
def test_the_example_prints_its_output(name: str, ran: dict[tuple[str, str], Any]) -> None:
    assert ran[name, "example"] == {"output": lesson(name).output, "error": None}


@pytest.mark.parametrize("name", IDS)
def test_the_check_tells_the_solution_from_the_starter(
    name: str, ran: dict[tuple[str, str], Any]
) -> None:
    assert ran[name, "solution"]["error"] is None
    assert ran[name, "starter"]["error"] is None
    assert ran[name, "starter checked"]["error"] is not None


@pytest.mark.parametrize("name", IDS)
def test_example_and_solution_show_the_concept(name: str) -> None:
    for code in (lesson(name).example, lesson(name).solution):
        document = Document.parse(Snapshot(code))
        symbols = (document.module, *document.symbols)
        shown = {c.id for symbol in symbols for c in instant_facts(document, symbol).concepts}
        assert name in shown


@pytest.mark.parametrize("name", IDS)
def test_size_and_shape(name: str) -> None:
    found = lesson(name)
    assert 60 <= len(found.text.split()) <= 180
    assert 4 <= len([line for line in found.example.splitlines() if line.strip()]) <= 16
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", found.exercise)) <= 4
    assert "```" not in "".join([found.text, found.example, found.starter, found.solution])
    for code in (found.example, found.output, found.starter, found.solution, found.check):
        assert code.endswith("\n")
        assert max(len(line) for line in code.splitlines()) <= 80


@pytest.mark.parametrize("name", IDS)
def test_reading_level(name: str) -> None:
    assert flesch_kincaid_grade(lesson(name).text) <= 9.5


def test_no_sentence_is_used_twice() -> None:
    seen: dict[str, str] = {}
    for name in IDS:
        found = lesson(name)
        for sentence in re.split(r"(?<=[.!?])\s+", f"{found.text} {found.exercise}"):
            assert seen.setdefault(sentence, name) == name, sentence


def test_files_and_concepts_are_the_same() -> None:
    stored = {path.name for path in Path(lessons.__file__).with_name("data").iterdir()}
    assert stored == {f"{name}.toml" for name in TOPICS}
    assert list(IDS) == sorted(IDS)


def test_an_unknown_lesson_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no lesson `generater`") as raised:
        lesson("generater")
    assert "`generator`" in raised.value.advice


def test_links() -> None:
    assert lesson("closure").url == "https://docs.python.org/3/glossary.html#term-nested-scope"
    assert [name for name in IDS if lesson(name).url is None] == ["recursion"]


@pytest.mark.parametrize("done", [set(), {"generator"}, {"list-comprehension", "no such id"}])
def test_the_order_builds_on_what_is_known(done: set[str]) -> None:
    known, order = set(done), next_lessons(done)
    for found in order:
        assert set(found.prerequisites) <= known
        known.add(found.id)
    assert {found.id for found in order} == set(IDS) - done
    assert known == set(IDS) | done


def test_what_becomes_possible_comes_first() -> None:
    places = {found.id: place for place, found in enumerate(next_lessons({"nested-function"}))}
    before = {found.id: place for place, found in enumerate(next_lessons(set()))}
    assert places["closure"] < before["closure"]
    assert next_lessons(set(IDS)) == ()
    chain = ["nested-function", "closure", "decorator", "caching"]
    assert all(before[first] < before[second] for first, second in pairwise(chain))


SEARCHES = [
    ("closure", "closure"),
    ("What is a generator?", "generator"),
    ("list comprehensions", "list-comprehension"),
    ("walrus", "assignment-expression"),
    ("the with statement", "context-manager"),
    ("default dict", "default-dict"),
    ("yield", "generator"),
    ("is", "identity-test"),
    ("how do I catch an error", "exception-handling"),
    ("ternary", "conditional-expression"),
    ("*args", "unpacking-arguments"),
    ("memoize", "caching"),
    ("if __name__ == '__main__'", "main-guard"),
]


@pytest.mark.parametrize(("text", "best"), SEARCHES)
def test_search(text: str, best: str) -> None:
    assert search_lessons(text)[0].id == best


@pytest.mark.parametrize("text", ["", "?!", "qwertyuiop"])
def test_search_for_nothing(text: str) -> None:
    assert search_lessons(text) == ()


def test_markdown() -> None:
    found = lesson("closure")
    text = lesson_markdown(found)
    assert text.startswith(
        f"# Closure\n\n{found.text}\n\n## Example\n\n```python\n{found.example}```\n"
    )
    assert f"```text\n{found.output}```" in text
    assert text.endswith(f"[closure]({found.url})\n")
    assert found.solution not in text
    assert f"## Solution\n\n```python\n{found.solution}```" in lesson_markdown(found, solution=True)
