"""The cache as the tutor sees it: memory, then disk, then a shared Redis."""

import asyncio
from dataclasses import replace
from importlib import import_module

from procoder_tutor.backend import ModelInfo
from procoder_tutor.cache.disk import DiskStore
from procoder_tutor.cache.memory import MemoryStore
from procoder_tutor.cache.store import AnswerStore  # noqa: TC001 (annotations must resolve)
from procoder_tutor.events import Explanation, TimingsMs, TokenUsage
from procoder_tutor.settings import CacheSettings, RedisSettings


class ExplanationCache:
    """Answers and the identities of the models that gave them."""

    def __init__(self, settings: CacheSettings, redis: RedisSettings | None = None) -> None:
        self._enabled = settings.enabled
        self._disk = DiskStore(settings)
        self._memory = MemoryStore(settings.memory_entries)
        self._stores: list[AnswerStore] = [self._memory, self._disk]
        if settings.enabled and redis is not None and redis.url is not None:
            # The client is an extra, and its import takes longer than that of the whole tutor.
            module = import_module("procoder_tutor.cache.redis")
            self._stores.append(module.RedisStore(redis.url.get_secret_value()))
        self._models: dict[str, ModelInfo] = {}

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer, marked as cached; nearer layers learn it from a farther one."""
        if not self._enabled:
            return None
        for index, store in enumerate(self._stores):
            explanation = await store.get(key)
            if explanation is not None:
                self._disk.touch(key)
                for nearer in self._stores[:index]:
                    await nearer.put(key, explanation)
                return explanation
        return None

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer in every layer, without what depends on when it was made."""
        if self._enabled:
            kept = replace(explanation, cached=True, usage=TokenUsage(), timings_ms=TimingsMs())
            await asyncio.gather(*(store.put(key, kept) for store in self._stores))

    async def clear(self) -> int:
        """Delete every answer on this machine; returns how many there were.

        A shared Redis keeps its own: they are others' too, and expire there.
        """
        if not self._enabled:
            return 0
        return max(await self._memory.clear(), await self._disk.clear())

    async def size(self) -> tuple[int, int]:
        """Return how many answers the file holds, and their bytes."""
        return await self._disk.size() if self._enabled else (0, 0)

    async def known_model(self, name: str) -> ModelInfo | None:
        """Return which model `name` stood for last, so that no host is needed to look it up."""
        if self._enabled and name not in self._models:
            info = await self._disk.card(name)
            if info is not None:
                self._models[name] = info
        return self._models.get(name)

    async def remember_model(self, name: str, info: ModelInfo) -> None:
        """Keep which model `name` stands for."""
        if self._models.get(name) == info:
            return
        self._models[name] = info
        if self._enabled:
            await self._disk.put_card(name, info)

    async def aclose(self) -> None:
        """Close files and connections."""
        await asyncio.gather(*(store.aclose() for store in self._stores))
