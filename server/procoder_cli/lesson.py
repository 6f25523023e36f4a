"""`procoder lesson`: the lessons about Python's concepts."""

from typing import Annotated

import typer


def lesson(
    about: Annotated[
        list[str] | None,
        typer.Argument(help="The id of a lesson, or words to search for; lists all without any."),
    ] = None,
    *,
    solution: Annotated[bool, typer.Option("--solution", help="Show the solution too.")] = False,
) -> None:
    """Read a lesson: what a concept does, an example that runs, an exercise."""
    from procoder_tutor.lessons import lesson as lesson_of
    from procoder_tutor.lessons import (
        lesson_ids,
        lesson_markdown,
        next_lessons,
        search_lessons,
    )

    if not about:
        for known in next_lessons(frozenset()):
            typer.echo(f"{known.id:<24} {known.title}")
        return
    name = "-".join(about)
    found = [lesson_of(name)] if name in lesson_ids() else search_lessons(" ".join(about))
    if not found:
        typer.echo("procoder: No lesson is about that. `procoder lesson` lists all.", err=True)
        raise typer.Exit(1)
    typer.echo(lesson_markdown(found[0], solution=solution), nl=False)
    if others := [other.id for other in found[1:6]]:
        typer.echo(f"\nAlso: {', '.join(others)}")
