"""`procoder.chooseModel`: which models there are, what they need, and changing to another one."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.errors import carrying_tutor_errors
from procoder_server.late import importing
from procoder_server.presentation import show
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import BackendUnavailableError, InputError

CHOOSE_MODEL = "procoder.chooseModel"
LIST_COMMAND = (sys.executable, "-P", "-m", "procoder_cli", "models", "list", "--json")
"""The store belongs to the model host, of which this package knows nothing but its commands."""
_LIST_SECONDS = 30.0
_SHOWN = (
    "id",
    "title",
    "installed",
    "default",
    "size_bytes",
    "memory_bytes",
    "licence",
    "good_for",
)
Model = Mapping[str, Any]


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(CHOOSE_MODEL)
    async def choose_model(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"model": str, "show": bool}
        given = read_arguments(CHOOSE_MODEL, params.arguments, fields)
        settings = (await server.sessions.get()).settings
        with carrying_tutor_errors():
            # A server of the user's own has models of its own.
            models = [] if settings.host.url else await list_models()
            if "model" not in given:
                return _listed(server, models, settings.model, given)
            if not settings.host.url:
                require_installed(models, given["model"])
        await server.stop()
        server.background.forget()
        server.configuration.choose({"model": given["model"]})
        return {"current": (await server.sessions.get()).settings.model}


async def list_models() -> list[Model]:
    """Return the models of the catalogue and those the user added; raises BackendError."""
    process = await asyncio.create_subprocess_exec(
        *LIST_COMMAND,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LIST_SECONDS):
            output, _ = await process.communicate()
        rows = json.loads(output)
    except (TimeoutError, ValueError) as error:
        raise BackendUnavailableError(
            "The models cannot be listed", "Run `procoder models list`."
        ) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [{name: row[name] for name in _SHOWN if name in row} for row in rows]


def require_known(models: Sequence[Model], name: str) -> Model:
    """Return the model of that name; raises InputError for one that is not listed."""
    known = {str(model["id"]): model for model in models}
    if name not in known:
        listed = ", ".join(f"`{model}`" for model in known)
        raise InputError(f"There is no model `{name}`", f"There are {listed}.")
    return known[name]


def require_installed(models: Sequence[Model], name: str) -> None:
    """Raise InputError for a model that is not here, with how to get it."""
    model = require_known(models, name)
    if not model["installed"]:
        needs = _needs(model)
        raise InputError(
            f"The model `{name}` is not installed",
            f"Run `procoder models pull {name}`{f' ({needs})' if needs else ''}.",
        )


def models_markdown(models: Sequence[Model], current: str) -> str:
    """Return the models as a list, the current one marked."""
    with importing():
        from procoder_tutor.sanitize import code_span, escape  # noqa: PLC0415 - needs no Markdown

    lines = [f"The model is {code_span(current)}."]
    for model in models:
        here = "installed" if model["installed"] else "not installed"
        about = [here, _needs(model), escape(str(model.get("good_for", "")))]
        lines.append(f"- {code_span(str(model['id']))}: {'; '.join(filter(None, about))}")
    return "\n".join([lines[0], "", *lines[1:]])


def _listed(
    server: ProcoderServer, models: Sequence[Model], current: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    text = models_markdown(models, current)
    if given.get("show"):
        server.spawn(show(server, "Models", text, text))
    shown = [{**model, "active": model["id"] == current} for model in models]
    return {"current": current, "models": shown, "markdown": text}


def _needs(model: Model) -> str:
    if "size_bytes" not in model:
        return ""
    size, memory = (_amount(model[name]) for name in ("size_bytes", "memory_bytes"))
    return f"{size} to fetch, about {memory} of memory"


def _amount(size: int) -> str:
    gigabyte = 10**9
    return f"{size / gigabyte:.1f} GB" if size >= gigabyte else f"{size / 10**6:.0f} MB"
