"""`procoder eval`: how well a model explains through ProCoder, beside itself asked plainly."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from procoder_cli.options import STOPPED, AsJson

if TYPE_CHECKING:
    from typing import TextIO

    from rich.table import Table

    from procoder_tutor.evaluation.arms import Pair
    from procoder_tutor.evaluation.figures import Evaluation, Figures, Similarity
    from procoder_tutor.evaluation.subjects import Subject


def evaluate(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="An id of the catalogue, or a model file.")
    ],
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many functions, spread over the set.")
    ] = None,
    save: Annotated[
        typer.FileTextWrite | None,
        typer.Option(
            encoding="utf-8",
            lazy=False,
            metavar="FILE",
            help="Write every sentence with its source, as JSON Lines.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Have a model explain functions whose truth is known, and count what is wrong.

    Ctrl-C ends it early; the table then shows what there is.
    """
    import asyncio
    from json import dumps

    from rich.console import Console

    from procoder_tutor.errors import TutorError, describe
    from procoder_tutor.evaluation.figures import Evaluation
    from procoder_tutor.evaluation.subjects import subjects

    pairs: list[Pair] = []
    stopped = False
    try:
        asyncio.run(_explain(model, _spread(list(subjects()), limit), pairs))
    except KeyboardInterrupt:
        stopped = True
    except TutorError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
    if save is not None:
        _save(save, model, pairs)
    similarity, missing = _similarity()
    result = Evaluation.of(model, pairs, similarity)
    if json:
        if missing:
            typer.echo(f"procoder: To measure similarity: {missing}", err=True)
        typer.echo(dumps({**result.as_json(), "complete": not stopped}, indent=2))
    else:
        Console().print(_table(result, missing))
    raise typer.Exit(STOPPED if stopped else 0)


def _spread(all_of_them: "list[Subject]", limit: int | None) -> "list[Subject]":
    """Take `limit` functions at even distances, so that every file has its share."""
    if limit is None or limit >= len(all_of_them):
        return all_of_them
    return [all_of_them[index * len(all_of_them) // limit] for index in range(limit)]


async def _explain(model: str, subjects: "Sequence[Subject]", pairs: "list[Pair]") -> None:
    """Fill `pairs` one by one, with the progress on standard error."""
    from contextlib import aclosing

    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from procoder_tutor.evaluation.arms import explain_all
    from procoder_tutor.settings import load_settings
    from procoder_tutor.tutor import create_backend, create_tutor

    settings, problems = load_settings(
        {
            "model": model,
            "cache": {"enabled": False},
            "conversations": {"path": ":memory:"},
        }
    )
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    backend = create_backend(settings)
    tutor = create_tutor(settings, backend=backend)
    columns = TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn()
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Explaining functions", total=len(subjects))
            async with aclosing(explain_all(tutor, backend, subjects)) as explained:
                async for pair in explained:
                    pairs.append(pair)
                    progress.advance(task)
    finally:
        await tutor.aclose()


def _similarity() -> "tuple[Similarity | None, str]":
    """Load the embedding model; without it, return how to install it."""
    from procoder_tutor.evaluation.embedding import HOW_TO_INSTALL, Embedder, missing_packages

    if missing_packages():
        return None, HOW_TO_INSTALL
    return Embedder().similarity, ""


def _save(file: "TextIO", model: str, pairs: "Sequence[Pair]") -> None:
    from json import dumps

    from procoder_tutor.evaluation.arms import Arm

    for pair in pairs:
        for arm in Arm:
            for sentence in pair.answer(arm).sentences:
                entry = {"function": pair.subject.name, "model": model, "arm": arm.value}
                file.write(dumps({**entry, "sentence": sentence}, ensure_ascii=False) + "\n")


def _table(result: "Evaluation", missing: str) -> "Table":
    from rich.table import Table

    counts = f"{result.procoder.functions} functions, {result.procoder.explained} with prose"
    table = Table(title=f"{result.model}: {counts}", title_justify="left")
    table.add_column("")
    table.add_column("ProCoder", justify="right")
    table.add_column("asked plainly", justify="right")
    for name, *values in [*_rows(result.procoder, result.plain), *_likeness(result, missing)]:
        table.add_row(name, *values)
    return table


def _rows(procoder: "Figures", plain: "Figures") -> Iterator[tuple[str, str, str]]:
    def both(name: str, form: str) -> tuple[str, str]:
        return format(getattr(procoder, name), form), format(getattr(plain, name), form)

    yield "invented names per 100 words", *both("invented_per_100_words", ".2f")
    yield "contradictions shown, by hand-made facts", *both("share_contradicting", ".1%")
    yield "sentences checked", f"{procoder.share_checked:.0%}", "none"
    yield "prose kept", *both("share_kept", ".0%")
    yield "sentences shown", *both("sentences", "d")
    yield "words per answer", *both("words_per_answer", ".1f")
    yield "seconds per answer", *both("seconds_per_answer", ".2f")


def _likeness(result: "Evaluation", missing: str) -> Iterator[tuple[str, str, str]]:
    found = result.likeness
    if found is None:
        yield "similarity to the docstring", missing or "nothing to compare", ""
        return
    prose = f"{found.prose:.3f}", f"{found.plain_of_same:.3f}"
    yield "similarity to the docstring, where prose is shown", *prose
    yield "the same, or the steps instead", f"{found.with_steps:.3f}", f"{found.plain:.3f}"
