"""A model for unit tests: it says what it was told to, piece by piece."""

import asyncio
from collections.abc import AsyncGenerator

from procoder_tutor.backend import Completion, CompletionJob, ModelInfo, prompt_text
from procoder_tutor.errors import BackendRefusedError
from procoder_tutor.events import TokenUsage


class Scripted:
    """Answers the n-th job with the n-th answer, and the rest with the last one."""

    def __init__(
        self,
        *answers: str,
        style: str = "docstring",
        digest: str = "sha256:1",
        chats: bool = True,
        fim: bool = False,
    ) -> None:
        self.answers = list(answers)
        self.jobs: list[CompletionJob] = []
        self.info = ModelInfo("scripted", digest, style, 2048, chats, fim)
        self.decode_ms: float | None = None
        self.finish_reason = "stop"
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()
        self.closed = asyncio.Event()
        self.running = 0
        self._asked = asyncio.Condition()
        self.error: Exception | None = None
        self.refuses_background = False

    async def identify(self) -> ModelInfo:
        if self.error is not None:
            raise self.error
        return self.info

    async def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        self.jobs.append(job)
        async with self._asked:
            self._asked.notify_all()
        if job.background and self.refuses_background:
            raise BackendRefusedError("max_tokens must be at least 1", "", code="400")
        answer = self.answers[min(len(self.jobs), len(self.answers)) - 1]
        self.running += 1
        try:
            for piece in answer.split(" "):
                yield piece + " "
                self.started.set()
                await self.gate.wait()
            usage = TokenUsage(10, 5, len(answer.split()))
            yield Completion(self.finish_reason, usage, self.decode_ms)
        finally:
            self.running -= 1
            self.closed.set()

    async def asked(self, count: int) -> None:
        """Wait until there are as many jobs."""
        async with self._asked:
            await self._asked.wait_for(lambda: len(self.jobs) >= count)

    async def aclose(self) -> None:
        return None

    @property
    def prompts(self) -> list[str]:
        """Everything that was sent, as text."""
        return [prompt_text(job.prompt) for job in self.jobs]
