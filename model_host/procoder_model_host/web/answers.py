"""Answers in OpenAI's shapes, from the events of an engine."""

import secrets
import time
from collections.abc import Mapping

from procoder_model_host.messages import Accepted, Delta, Finished, Prefilled
from procoder_model_host.scheduling.generation import AnswerEvent
from procoder_protocol.wire import FinishReason, Timings, Usage

Json = Mapping[str, object]


class Meter:
    """Counts the tokens and the time of one answer."""

    def __init__(self) -> None:
        self._arrived = time.perf_counter()
        self._prompt_tokens = 0
        self._cached_tokens = 0
        self._completion_tokens = 0
        self._timings = Timings(queued_ms=0.0, prefill_ms=0.0, decode_ms=0.0)
        self.finish_reason: FinishReason = "stop"

    def observe(self, event: AnswerEvent) -> str:
        """Take note of an event; return the text it adds to the answer."""
        match event:
            case Accepted():
                self._prompt_tokens = event.prompt_tokens
                self._timings["queued_ms"] = (time.perf_counter() - self._arrived) * 1000
            case Prefilled():
                self._cached_tokens = event.cached_tokens
                self._timings["prefill_ms"] = event.prefill_ms
            case Delta():
                return event.text
            case Finished():
                self._completion_tokens = event.completion_tokens
                self._timings["decode_ms"] = event.decode_ms
                self.finish_reason = "length" if event.finish_reason == "length" else "stop"
        return ""

    def figures(self) -> dict[str, object]:
        """Return counts and times for a log line."""
        return {
            "prompt_tokens": self._prompt_tokens,
            "cached_tokens": self._cached_tokens,
            "completion_tokens": self._completion_tokens,
            **self.timings(),
        }

    def timings(self) -> dict[str, float]:
        """Return where the time went, in milliseconds."""
        return {name: round(float(str(value)), 3) for name, value in self._timings.items()}

    def accounts(self) -> Json:
        """Return the fields `usage` and `timings` of an answer."""
        usage = Usage(
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            total_tokens=self._prompt_tokens + self._completion_tokens,
            prompt_tokens_details={"cached_tokens": self._cached_tokens},
        )
        return {"usage": usage, "timings": self.timings()}


class CompletionShape:
    """Objects of `POST /v1/completions`."""

    def __init__(self, model: str) -> None:
        self._head = _head("cmpl", "text_completion", model)

    def whole(self, text: str, meter: Meter) -> Json:
        """The answer in one piece."""
        choice = _choice({"text": text}, meter.finish_reason)
        return {**self._head, "choices": [choice], **meter.accounts()}

    def opening(self) -> list[Json]:
        """Chunks before the first text."""
        return []

    def chunk(self, text: str) -> Json:
        """A chunk with more text."""
        return {**self._head, "choices": [_choice({"text": text}, None)]}

    def closing(self, meter: Meter) -> Json:
        """The chunk that says why the answer ended."""
        choice = _choice({"text": ""}, meter.finish_reason)
        return {**self._head, "choices": [choice], "timings": meter.timings()}

    def accounts(self, meter: Meter) -> Json:
        """The chunk with usage and timings."""
        return {**self._head, "choices": [], **meter.accounts()}


class ChatShape(CompletionShape):
    """Objects of `POST /v1/chat/completions`."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._whole_head = _head("chatcmpl", "chat.completion", model)
        self._head = {**self._whole_head, "object": "chat.completion.chunk"}

    def whole(self, text: str, meter: Meter) -> Json:
        """The answer in one piece."""
        message = {"role": "assistant", "content": text}
        choice = _choice({"message": message}, meter.finish_reason)
        return {**self._whole_head, "choices": [choice], **meter.accounts()}

    def opening(self) -> list[Json]:
        """Chunks before the first text."""
        delta = {"role": "assistant", "content": ""}
        return [{**self._head, "choices": [_choice({"delta": delta}, None)]}]

    def chunk(self, text: str) -> Json:
        """A chunk with more text."""
        return {**self._head, "choices": [_choice({"delta": {"content": text}}, None)]}

    def closing(self, meter: Meter) -> Json:
        """The chunk that says why the answer ended."""
        choice = _choice({"delta": {}}, meter.finish_reason)
        return {**self._head, "choices": [choice], "timings": meter.timings()}


def _head(prefix: str, kind: str, model: str) -> dict[str, object]:
    return {
        "id": f"{prefix}-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _choice(content: Json, finish_reason: FinishReason | None) -> Json:
    return {"index": 0, **content, "logprobs": None, "finish_reason": finish_reason}
