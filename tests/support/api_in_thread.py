"""The API with a scripted model, in a thread of this process: for tests that block."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from running_api import LEARNER, Api, running_api

from procoder_http.keys import add_key


@contextmanager
def api_in_thread(folder: Path, *answers: str, **options: Any) -> Iterator[Api]:
    """Yield the running API; its options are those of `running_api`."""
    loop = asyncio.new_event_loop()
    started: list[Api] = []
    ready, leave = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with running_api(folder, *answers, **options) as api:
            started.append(api)
            ready.set()
            await leave.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(serve())
            finally:
                ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    try:
        yield started[0]
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join()


def key_of(api: Api, user: str = "ada") -> str:
    """Make a key for a learner."""
    return add_key(api.keys, user, user=user, scopes=LEARNER)
