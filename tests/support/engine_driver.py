"""Drives an engine in this process, as the child does: requests in, replies collected in order."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.engines.choice import open_engine
from procoder_model_host.files.gguf import read_header
from procoder_model_host.messages import (
    Delta,
    Failed,
    Finished,
    Generate,
    Prefilled,
    PromptPart,
    Reply,
    Sampling,
    Text,
)

GREEDY = Sampling(temperature=0)
_PATIENCE = 120.0

R = TypeVar("R", bound=Reply)


@dataclass(frozen=True)
class Answer:
    """A complete answer."""

    text: str
    finished: Finished
    prefilled: Prefilled

    @property
    def outcome(self) -> tuple[str, int]:
        """Why it ended, and after how many tokens."""
        return self.finished.finish_reason, self.finished.completion_tokens


class Replies:
    """What an engine emitted so far; an `Emit`."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._changed = threading.Condition()

    def __call__(self, reply: Reply) -> None:
        with self._changed:
            self.all.append(reply)
            self._changed.notify_all()

    def of(self, request_id: int, kind: type[R]) -> list[R]:
        return [r for r in list(self.all) if isinstance(r, kind) and r.id == request_id]

    def until(self, condition: Callable[[], bool]) -> bool:
        """Wait until a condition on the replies holds; tell whether it does."""
        with self._changed:
            return self._changed.wait_for(condition, _PATIENCE)

    def wait(self, request_id: int, kind: type[R]) -> R:
        """Wait for the first reply of a kind."""
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: self.of(request_id, kind) or self.of(request_id, Failed), _PATIENCE
            )
        found = self.of(request_id, kind)
        assert found, f"no {kind.__name__}, but {arrived}"
        return found[0]


class EngineDriver:
    """One engine over one model."""

    def __init__(
        self,
        name: str,
        path: Path,
        folder: Path,
        window: int = 512,
        memory_budget: int | None = None,
    ) -> None:
        options = LoadOptions(
            path=path,
            header=read_header(path),
            adapted_folder=folder,
            context_window=window,
            threads=1,
            memory_budget=memory_budget,
        )
        self.replies = Replies()
        self._ids = itertools.count(1)
        _, self.engine = open_engine(name, options, self.replies)

    def start(
        self, prompt: str | tuple[PromptPart, ...], max_tokens: int | None, **fields: Any
    ) -> int:
        """Queue a request, greedy unless told otherwise; return its id."""
        request_id = next(self._ids)
        parts = (Text(text=prompt),) if isinstance(prompt, str) else prompt
        self.engine.generate(
            Generate(
                id=request_id,
                prompt=parts,
                max_tokens=max_tokens,
                **{"sampling": GREEDY, **fields},
            )
        )
        return request_id

    def answer(self, request_id: int) -> Answer:
        """Wait for the end of a request."""
        finished = self.replies.wait(request_id, Finished)
        text = "".join(delta.text for delta in self.replies.of(request_id, Delta))
        return Answer(text, finished, self.replies.of(request_id, Prefilled)[0])

    def ask(
        self, prompt: str | tuple[PromptPart, ...], max_tokens: int | None, **fields: Any
    ) -> Answer:
        """Generate, and wait for the whole answer."""
        return self.answer(self.start(prompt, max_tokens, **fields))
