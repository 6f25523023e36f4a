"""What would be sent for a question: it is answered up to the first prompt, which stays here."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from procoder_tutor.answering.asking import Asking
from procoder_tutor.backend import Backend, Completion, CompletionJob, ModelInfo
from procoder_tutor.events import Event


@dataclass(frozen=True, slots=True)
class Preview:
    """What a question takes; all zero and empty where no model is asked."""

    cached: bool = False
    """The answer is kept: nothing is sent."""
    model: str = ""
    window: int = 0
    """Tokens that prompt and answer share."""
    prompt: str = ""
    """As it would leave for the model: without secrets."""
    tokens: int = 0
    """Of the prompt."""
    answer_tokens: int = 0
    """That the answer may have."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """Tokens of parts of the prompt, by name: `code` and those that were asked for."""
    omitted: tuple[str, ...] = ()
    """What of the code the model would not see, in words."""


class _RehearsedError(Exception):
    """The prompt is known; nothing more is to happen."""


class Rehearsal:
    """A backend that takes note of the first job instead of doing it."""

    def __init__(self, backend: Backend) -> None:
        self.job: CompletionJob | None = None
        self._backend = backend

    async def identify(self) -> ModelInfo:
        """Say which model would answer."""
        return await self._backend.identify()

    async def count_tokens(self, text: str) -> int:
        """Count in the model's own tokens."""
        return await self._backend.count_tokens(text)

    def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        """Take note of the job, and end the rehearsal."""
        self.job = job
        raise _RehearsedError

    async def aclose(self) -> None:
        """Leave the backend open, for it is somebody else's."""


async def preview(
    asking: Asking, answer: AsyncGenerator[Event, None], texts: Mapping[str, str]
) -> Preview:
    """Return what `answer` would send, and how many tokens the `texts` in it have.

    The backend of `asking` is a Rehearsal. Raises what answering raises.
    """
    rehearsal = asking.backend
    with suppress(_RehearsedError):
        async with aclosing(answer) as events:
            async for _ in events:
                pass
    if not isinstance(rehearsal, Rehearsal) or rehearsal.job is None:
        return Preview()
    prompt = asking.sent[0]
    tokens = await rehearsal.count_tokens(prompt)
    parts = {
        name: await rehearsal.count_tokens(asking.privacy.redact(text)) if text else 0
        for name, text in texts.items()
    }
    rest = max(tokens - sum(parts.values()), 0)
    code = await rehearsal.count_tokens(asking.excerpt.code)
    return Preview(
        model=asking.model.id,
        window=asking.model.context_window,
        prompt=prompt,
        tokens=tokens,
        answer_tokens=rehearsal.job.max_tokens,
        parts={"code": min(code, rest), **parts},
        omitted=asking.omitted,
    )
