"""A lesson as Markdown."""

from procoder_tutor.lessons.catalogue import Lesson


def lesson_markdown(lesson: Lesson, *, solution: bool = False) -> str:
    """Return the whole lesson; its solution only when that is asked for."""
    parts = [
        f"# {lesson.title[0].upper()}{lesson.title[1:]}",
        lesson.text,
        "## Example",
        _fenced(lesson.example, "python"),
        "It prints:",
        _fenced(lesson.output, "text"),
        "## Exercise",
        lesson.exercise,
        _fenced(lesson.starter, "python"),
    ]
    if solution:
        parts += ["## Solution", _fenced(lesson.solution, "python")]
    if lesson.url:
        parts.append(f"Read more in Python's documentation: [{lesson.title}]({lesson.url})")
    return "\n\n".join(parts) + "\n"


def _fenced(code: str, language: str) -> str:
    return f"```{language}\n{code}```"
