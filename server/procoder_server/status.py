"""`procoder.status`: the model, its host, what is being done and how fast, in one object."""

from dataclasses import asdict
from typing import Any

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.late import importing
from procoder_server.server import ProcoderServer

STATUS = "procoder.status"


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(STATUS)
    async def status(params: types.ExecuteCommandParams) -> dict[str, Any]:
        read_arguments(STATUS, params.arguments, {})
        known = {"version": server.version, "doing": _doing(server)}
        return {**known, **await _session_status(server)}


def _doing(server: ProcoderServer) -> list[dict[str, Any]]:
    work = [{"title": w.title, "seconds": round(w.seconds, 1)} for w in server.running.work]
    job = server.background.current
    if job is not None:
        title = f"Explaining {job.question.symbol.name}"
        work.append({"title": title, "seconds_left": server.background.remaining(job)})
    return work


async def _session_status(server: ProcoderServer) -> dict[str, Any]:
    with importing():
        from procoder_tutor.host_status import host_status  # noqa: PLC0415 - `initialize` needs no HTTP

    session = await server.sessions.get()
    settings = session.settings
    answers, size = await session.tutor.cache_size()
    cache = {"enabled": settings.cache.enabled, "path": str(settings.cache.path)}
    return {
        "on": settings.enabled,
        "model": settings.model,
        "level": settings.level.value,
        "language": settings.language,
        "host": asdict(await host_status(settings.host)),
        "tokens_per_second": server.journal.tokens_per_second,
        "cache": {**cache, "answers": answers, "bytes": size},
        "problems": list(server.sessions.problems),
    }
