"""The REST API in a process of its own, with a model that costs nothing, to measure the API alone.

Run with a folder; prints its address and a key as one JSON line, and leaves when its standard
input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from running_api import ANSWER, running_api
from scripted_model import Scripted

from procoder_tutor.backend import Completion, CompletionJob, prompt_text

HELD = "held"
"""Code with this name in it gets an answer that does not end."""


class Holding(Scripted):
    """Answers at once, or not at all."""

    async def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        """See Backend."""
        if HELD in prompt_text(job.prompt):
            yield "Returns a product. And then "
            await asyncio.Event().wait()
        async for item in super().complete(job):
            yield item


async def _serve(folder: Path) -> None:
    async with running_api(folder, model=Holding(ANSWER)) as api:
        await api.client("bench")
        key = next(iter(api.secrets.values()))
        sys.stdout.write(json.dumps({"url": api.url, "key": key}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
