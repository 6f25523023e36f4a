"""The lessons as they are stored: one TOML file a concept, named by its id.

`text` says what the concept does, when it helps, and a common mistake. `example` runs and prints
`output`. `exercise` is a task, `starter` what the learner begins with; `check` is code that runs
after the learner's and raises where it is not right yet, and `solution` passes it.
`prerequisites` are the ids of the lessons to read before, `keywords` what else one may search for.
"""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from procoder_tutor.errors import NoLessonError
from procoder_tutor.facts.topics import TOPICS

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. Code ends with a line feed; Markdown does not."""

    id: str
    """That of the concept."""
    title: str
    text: str
    """Markdown, 60 to 180 words."""
    example: str
    output: str
    """Exactly what the example prints."""
    exercise: str
    """Markdown, one to three sentences."""
    starter: str
    solution: str
    check: str
    """Assertions about what the solution defines; they run in its namespace."""
    prerequisites: tuple[str, ...] = ()
    """Ids of lessons."""
    keywords: tuple[str, ...] = ()
    """Words, beside those of the title, that a search finds it by."""
    url: str | None = None
    """The page of the official documentation."""


def lesson_ids() -> tuple[str, ...]:
    """Return the ids of all lessons in alphabetical order: those of the concepts."""
    return tuple(TOPICS)


@cache
def lesson(lesson_id: str) -> Lesson:
    """Return a lesson. Raises NoLessonError, which names the ids like the one asked for."""
    topic = TOPICS.get(lesson_id)
    if topic is None:
        near = difflib.get_close_matches(lesson_id, TOPICS)
        advice = f"Did you mean {', '.join(f'`{known}`' for known in near)}?" if near else ""
        raise NoLessonError(f"There is no lesson `{lesson_id}`", advice)
    stored = tomllib.loads((_DATA / f"{lesson_id}.toml").read_text(encoding="utf-8"))
    return Lesson(
        id=lesson_id,
        title=topic.title,
        text=stored["text"].strip(),
        example=stored["example"],
        output=stored["output"],
        exercise=stored["exercise"].strip(),
        starter=stored["starter"],
        solution=stored["solution"],
        check=stored["check"],
        prerequisites=tuple(stored.get("prerequisites", ())),
        keywords=tuple(stored.get("keywords", ())),
        url=topic.url,
    )
