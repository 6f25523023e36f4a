"""`procoder keys`: who may use `procoder api`, and for what."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Keys of `procoder api`: add, list, revoke.", no_args_is_help=True)
KeysFile = Annotated[
    Path | None, typer.Option("--keys", help="File with the keys; by default one of yours.")
]
Name = Annotated[str, typer.Argument(help="What the key is called.")]


@app.command()
def add(
    name: Name,
    *,
    user: Annotated[
        str | None,
        typer.Option(help="Whose key it is, and whose conversations; by default NAME."),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What it may be used for: ask, conversations, batches, metrics; repeatable. "
            "By default all but metrics."
        ),
    ] = None,
    keys: KeysFile = None,
) -> None:
    """Print a new key, once; the file keeps only its digest. A running API takes it at once."""
    from procoder_api.callers import LEARNER_SCOPES, Scope
    from procoder_http.errors import StartupError
    from procoder_http.keys import add_key

    with _failures():
        if unknown := sorted(set(scope or ()) - set(Scope)):
            raise StartupError(f"there is no scope {unknown[0]!r}", f"Give {', '.join(Scope)}.")
        file = _file(keys)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        typer.echo(add_key(file, name, user=user, scopes=scope or LEARNER_SCOPES))


@app.command("list")
def list_keys(keys: KeysFile = None) -> None:
    """Show each key's name, user and scopes; the keys themselves are kept nowhere."""
    from procoder_http.keys import read_keys

    with _failures():
        file = _file(keys)
        for key in read_keys(file).values() if file.exists() else ():
            scopes = "everything" if key.scopes is None else ", ".join(sorted(key.scopes))
            typer.echo(f"{key.name:<24} {key.user:<24} {scopes}")


@app.command()
def revoke(name: Name, keys: KeysFile = None) -> None:
    """Remove a key; a running API refuses it from the next request on."""
    from procoder_http.keys import revoke_key

    with _failures():
        revoke_key(_file(keys), name)
    typer.echo(f"Revoked {name}.")


def _file(given: Path | None) -> Path:
    if given is not None:
        return given
    import platformdirs

    return platformdirs.user_config_path("procoder") / "api-keys.jsonl"


@contextmanager
def _failures() -> Iterator[None]:
    from procoder_http.errors import StartupError

    try:
        yield
    except (StartupError, OSError) as error:
        advice = getattr(error, "advice", "")
        typer.echo(f"procoder: {error}" + (f". {advice}" if advice else ""), err=True)
        raise typer.Exit(1) from error
