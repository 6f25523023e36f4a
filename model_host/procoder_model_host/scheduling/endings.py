"""How a child process is ended, and how one says that it ended."""

import asyncio
import contextlib
import signal

_EXIT_GRACE = 2.0
AWAY = "the engine process was stopped"


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask the child to leave by closing its input; insist after a moment."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_EXIT_GRACE):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def how_it_ended(process: asyncio.subprocess.Process) -> str:
    """Return a sentence without its full stop."""
    code = process.returncode
    if code is None:
        return AWAY
    if code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            # On Linux, the kernel ends a process this way when memory runs out.
            hint = " (perhaps for lack of memory)" if name == "SIGKILL" else ""
            return f"the engine process was killed by {name}{hint}"
    return f"the engine process ended with exit code {code}"
