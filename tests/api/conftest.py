"""The API on a real socket of this process, with a scripted model behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from running_api import Api, running_api

Start = Callable[..., Awaitable[Api]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start an API; its options are those of `running_api`."""
    async with AsyncExitStack() as stack:

        async def begin(*answers: str, folder: Path = tmp_path, **options: Any) -> Api:
            return await stack.enter_async_context(running_api(folder, *answers, **options))

        yield begin


@pytest.fixture
async def api(start: Start) -> Api:
    return await start()


@pytest.fixture
async def ada(api: Api) -> httpx2.AsyncClient:
    """A learner with a key for everything that learners do."""
    return await api.client("ada")
