"""Short lessons, one for each concept: a text, an example that runs, and an exercise."""

from procoder_tutor.lessons.catalogue import Lesson, lesson, lesson_ids
from procoder_tutor.lessons.choosing import next_lessons, search_lessons
from procoder_tutor.lessons.markdown import lesson_markdown

__all__ = [
    "Lesson",
    "lesson",
    "lesson_ids",
    "lesson_markdown",
    "next_lessons",
    "search_lessons",
]
