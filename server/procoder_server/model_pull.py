"""`procoder.pullModel`: fetches a model with `procoder models pull`, its percentage as progress.

The store belongs to the model host, of which this package knows nothing but its commands. A pull
that is stopped goes on where it was when it is asked for again.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.errors import RequestFailedError, carrying_tutor_errors
from procoder_server.models import list_models, require_known
from procoder_server.progress import Announcement, Progress, work_progress
from procoder_server.server import ProcoderServer

PULL: Final = "procoder.pullModel"
COMMAND: Final = (sys.executable, "-P", "-m", "procoder_cli", "models", "pull", "--json")
_STOP_SECONDS = 5.0
_MEGABYTE = 10**6


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(PULL)
    async def pull_model(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(PULL, params.arguments, {"model": str}, required=["model"])
        model = given["model"]
        with carrying_tutor_errors():
            require_known(await list_models(), model)
        work = Announcement(f"Downloading {model}", "starting", counted=True)
        async with work_progress(server, params.work_done_token, work) as progress:
            await pull([*COMMAND, model], progress)
            progress.closing_message = f"{model} is here"
        await _use(server, model)
        return {"model": model}


async def _use(server: ProcoderServer, model: str) -> None:
    """Have a model ready that was waited for: what failed for want of it may be asked again."""
    server.background.forget()
    session = await server.sessions.get()
    if session.settings.model == model and session.settings.enabled:
        server.spawn(server.configuration.begin_warm_up(session))


async def pull(command: list[str], progress: Progress) -> None:
    """Run a pull and report how far it is; raises RequestFailedError with what it says it lacks."""
    async with _process(command) as process:
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("the process was started without pipes")
        complaint = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            _report(progress, line)
        said = (await complaint).decode(errors="replace").strip()
        if await process.wait() != 0:
            last = said.splitlines()[-1:] or ["procoder: the model could not be fetched"]
            raise RequestFailedError(message=last[0].removeprefix("procoder: "))


def _report(progress: Progress, line: bytes) -> None:
    try:
        match json.loads(line):
            case {"stage": str(stage), "done": int(done), "total": int(total)} if total > 0:
                amount = f"{done // _MEGABYTE} of {total // _MEGABYTE} MB"
                progress.report(f"{stage} {amount}", min(100 * done // total, 100))
            case {"stage": str(stage)}:
                progress.report(stage)
    except ValueError:
        return


@asynccontextmanager
async def _process(command: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a process that does not outlive this: it is asked to end, then made to."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
