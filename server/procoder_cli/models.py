"""`procoder models`: list, fetch, add, show, correct, check and remove models."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from procoder_model_host.store.sources.base import ProgressListener
    from procoder_model_host.store.store import ModelStore

_TOLD_EVERY_SECONDS = 0.2
INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""

app = typer.Typer(
    help="List, fetch, add, show, check and remove models.",
    no_args_is_help=True,
    add_completion=False,
)

ModelId = Annotated[str, typer.Argument(metavar="ID", help="A model of `procoder models list`.")]


@app.command("list")
def list_models(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False
) -> None:
    """Show the catalogue, and which models are on this machine."""
    store = _store()
    if as_json:
        typer.echo(json.dumps(_rows(store), indent=2))
    else:
        _print_table(store)


@app.command()
def pull(
    model: ModelId,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print progress as lines of JSON, for editors.")
    ] = False,
) -> None:
    """Fetch a model; one that is here already is left alone."""
    with _reported_errors(), _progress_told() if as_json else _progress_shown() as progress:
        path = _store().pull(model, progress)
    typer.echo(f"{model} is at {path}", err=True)


@app.command()
def path(model: ModelId) -> None:
    """Print the path of a model's file, for scripts."""
    with _reported_errors():
        typer.echo(_store().path(model))


@app.command()
def verify(model: ModelId) -> None:
    """Read a model's whole file and check its digest and its header."""
    with _reported_errors(), _progress_shown() as progress:
        record = _store().verify(model, progress)
    typer.echo(f"{model} is whole: {record.digest}, from {record.origin}")


@app.command("rm")
def remove(model: ModelId) -> None:
    """Remove a model, its rewritten copies and what is left of a broken download.

    Of a file that was added, only the link to it goes.
    """
    with _reported_errors():
        _store().remove(model)
    typer.echo(f"{model} was removed", err=True)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="PATH", help="A GGUF or GGML .bin file.")],
    model: Annotated[
        str | None, typer.Option("--id", help="How to call it; the file's name by default.")
    ] = None,
) -> None:
    """Check a model file of yours and register it; it is linked, not copied, where possible."""
    name = model or re.sub(r"[^a-z0-9._-]+", "-", file.stem.lower()).strip("-._")[:64]
    with _reported_errors(), _progress_shown() as progress:
        _store().add(file, name, progress)
    typer.echo(f"{file} is now the model {name}", err=True)


@app.command()
def show(
    model: ModelId,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Print a model's profile: what it is for, how it is prompted, which engine takes it."""
    with _reported_errors():
        rows = _profile(_store(), model)
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for key, value in rows.items():
        text = "none" if value is None else value
        typer.echo(f"{key.replace('_', ' '):<16}{text}")


@app.command("set")
def set_override(
    model: ModelId,
    assignment: Annotated[
        str,
        typer.Argument(
            metavar="KEY=VALUE",
            help="chat_template, fim, stops (JSON), context_length or rope_base; "
            "an empty VALUE goes back to what the file says.",
        ),
    ],
) -> None:
    """Correct one field of a model's profile, as `show` prints it."""
    from procoder_model_host.store.overrides import with_override

    key, _, value = assignment.partition("=")
    with _reported_errors():
        store = _store()
        store.path(model)
        store.set_overrides(model, with_override(store.overrides(model), key.strip(), value))
    typer.echo(f"{model} is corrected; a running host takes it when it starts next", err=True)


def _store() -> "ModelStore":
    from procoder_model_host.store.store import ModelStore

    return ModelStore()


def _profile(store: "ModelStore", model: str) -> dict[str, object]:
    from procoder_model_host.files.compatibility import suitable_engine
    from procoder_model_host.files.model_files import read_model
    from procoder_model_host.files.profile import read_profile
    from procoder_model_host.served import effective_overrides

    path, record = store.path(model), store.record(model)
    header = read_model(path)
    profile = read_profile(header, effective_overrides(model, store))
    corrected = store.overrides(model).given()
    place = {"path": str(path), "digest": record.digest, "origin": record.origin}
    rest = {"engine": suitable_engine(path, header), "corrected": corrected}
    return {"id": model, **place, **profile.as_json(), **rest}


def _rows(store: "ModelStore") -> list[dict[str, object]]:
    from dataclasses import asdict

    from procoder_model_host.store.catalogue import CATALOGUE, DEFAULT_MODEL

    installed = store.installed()
    rows = []
    for entry in CATALOGUE.values():
        row = asdict(entry)
        del row["sources"]
        here = entry.id in installed
        row |= {"default": entry.id == DEFAULT_MODEL, "installed": here, "added": False}
        row["path"] = str(store.path(entry.id)) if here else None
        rows.append(row)
    for model in store.added():
        row = {"id": model, "installed": True, "added": True, "default": False, "tested": False}
        rows.append(row | {"path": str(store.root / model / "model.gguf")})
    return rows


def _print_table(store: "ModelStore") -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from procoder_model_host.store.catalogue import CATALOGUE, DEFAULT_MODEL

    installed = store.installed()
    # On a narrow terminal the words break, not what one has to type.
    model_column = Column("Model", no_wrap=True)
    table = Table(model_column, "Here", "Size", "Memory", "Engine", "Licence", "Good for", box=None)
    for entry in CATALOGUE.values():
        name = f"{entry.id}\n  the default" if entry.id == DEFAULT_MODEL else entry.id
        here = "yes" if entry.id in installed else "no"
        size, memory = _amount(entry.size_bytes), _amount(entry.memory_bytes)
        engine = entry.engine if entry.tested else f"{entry.engine}\n  untested"
        table.add_row(name, here, size, memory, engine, entry.licence, entry.good_for)
    for model in store.added():
        table.add_row(model, "added", "", "", "", "", f"see: procoder models show {model}")
    Console().print(table)


def _amount(size: int) -> str:
    gigabyte = 10**9
    return f"{size / gigabyte:.1f} GB" if size >= gigabyte else f"{size / 10**6:.0f} MB"


@contextmanager
def _reported_errors() -> Iterator[None]:
    from procoder_model_host.errors import ModelHostError

    try:
        yield
    except ModelHostError as error:
        typer.echo(f"procoder: {error}. {error.advice}".rstrip(), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("procoder: interrupted. Run the same command to go on.", err=True)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress_told() -> "Iterator[ProgressListener]":
    """Print `stage`, and the bytes `done` of `total` (or null), a few times a second."""
    from time import monotonic

    from procoder_model_host.store.sources.base import Progress

    last, told_at = "", 0.0

    def tell(progress: Progress) -> None:
        nonlocal last, told_at
        if progress.stage == last and monotonic() - told_at < _TOLD_EVERY_SECONDS:
            return
        last, told_at = progress.stage, monotonic()
        told = {"stage": progress.stage, "done": progress.done, "total": progress.total}
        typer.echo(json.dumps(told))

    yield tell


@contextmanager
def _progress_shown() -> "Iterator[ProgressListener]":
    """Show a bar on stderr while bytes are counted, and a spinner while they are not."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    from procoder_model_host.store.sources.base import Progress

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None)
        stage = ""

        def show(progress: Progress) -> None:
            nonlocal stage
            if progress.stage != stage:
                stage = progress.stage
                # A new stage counts from its own start, or the speed would be of both.
                bar.reset(task, description=stage, total=progress.total)
            bar.update(task, completed=progress.done, total=progress.total)

        yield show
