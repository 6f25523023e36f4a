"""One answer of llama.cpp: its events in, our replies out, across any number of pauses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from procoder_model_host.engines.base import Emit
from procoder_model_host.engines.llama_server import Event
from procoder_model_host.engines.stops import TextStream
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Failed,
    Finished,
    Generate,
    Prefilled,
    Prefilling,
)
from procoder_protocol.errors import ErrorCode

_TOP_K = 1000
"""As in the other engines: drawing from the whole vocabulary costs more than it changes."""
_RANDOM_SEED = -1
_NOT_HELD = "llama.cpp did not hold the answer to the JSON schema"
_COMPACT: Mapping[str, Any] = {"x-guidance": {"whitespace_flexible": False}}
"""An option of llguidance, llama.cpp's grammar library: small models indent without end."""
_BEGINS_JSON = '{["-0123456789tfn'
_CODES: Mapping[str, ErrorCode] = {
    "exceed_context_size_error": ErrorCode.CONTEXT_LENGTH_EXCEEDED,
    "invalid_request_error": ErrorCode.INVALID_REQUEST,
}


class Answer:
    """How far an answer is, and how to ask llama.cpp for the rest of it.

    A greedy answer resumes from the prompt and the tokens it knows. llama.cpp names the token of
    an event, but sends no event while a character is incomplete: from such a gap on the tokens
    are unknown, so that a resumed answer generates them again and shows only what is new. An
    answer that a sampler or a grammar steers has a state that cannot be handed over: if it may
    be paused, its text is kept back until the end, and a pause starts it anew.
    """

    def __init__(self, request: Generate, prompt: Sequence[int], limit: int, emit: Emit) -> None:
        self.over = False
        """True once Finished or Failed was made."""
        self._request = request
        self._prompt = list(prompt)
        self._limit = limit
        self._emit = emit
        self._pausable = request.priority == "prefetch"
        self._greedy = request.sampling.temperature == 0
        self._resumable = self._greedy and request.json_schema is None
        self._text = TextStream(request.stop, trim_start=request.trim_start)
        self._kept_back: list[str] = []
        self._raw: list[str] = []
        self._tokens: list[int] = []
        self._tokens_end = 0
        self._position = self._shown = 0
        self._seen = self._before = 0
        self._exact = True
        self._evaluated = 0
        self._prefilled = False
        self._decode_ms = self._decode_before = 0.0

    def accept(self) -> None:
        """Tell that evaluation begins."""
        self._emit(Accepted(id=self._request.id, prompt_tokens=len(self._prompt)))

    def body(self) -> dict[str, Any]:
        """Return what to ask llama.cpp for; its events go to `take`."""
        self._position = self._tokens_end
        self._before, self._seen, self._exact = len(self._tokens), 0, True
        self._decode_before += self._decode_ms
        self._decode_ms = 0.0
        body: dict[str, Any] = {
            "prompt": self._prompt + self._tokens,
            "n_predict": self._limit - len(self._tokens),
            "stream": True,
            "return_progress": True,
            "timings_per_token": True,
            "cache_prompt": True,
            **self._sampling(),
        }
        if self._pausable and self._resumable:
            # The only way to learn the ids of the tokens; it costs a sort of the vocabulary.
            body["logprobs"] = 1
        if self._request.json_schema is not None:
            body["json_schema"] = {**self._request.json_schema, **_COMPACT}
        return body

    def take(self, event: Event) -> bool:
        """Read an event; return whether the answer is over."""
        if (error := event.get("error")) is not None:
            code = _CODES.get(str(error.get("type")), ErrorCode.INTERNAL_ERROR)
            self.fail(code, f"llama.cpp: {error.get('message')}")
        elif (progress := event.get("prompt_progress")) is not None:
            self._report(int(progress["processed"]))
        else:
            self._decode(event)
        return self.over

    def pause(self) -> None:
        """Forget what cannot be continued."""
        if not self._resumable:
            self._text = TextStream(self._request.stop, trim_start=self._request.trim_start)
            self._kept_back.clear()
            self._raw.clear()
            self._shown = 0
            self._decode_ms = 0.0

    def cancelled(self) -> None:
        """Answer a cancel."""
        self._finish("cancelled")

    def fail(self, code: ErrorCode, message: str) -> None:
        """Answer that it cannot be answered."""
        self.over = True
        self._emit(Failed(id=self._request.id, code=code, message=message))

    def _sampling(self) -> dict[str, Any]:
        sampling = self._request.sampling
        if self._greedy:
            return {"samplers": ["top_k"], "top_k": 1}
        return {
            "samplers": ["top_k", "top_p", "temperature"],
            "top_k": _TOP_K,
            "top_p": sampling.top_p,
            "temperature": sampling.temperature,
            "seed": _RANDOM_SEED if sampling.seed is None else sampling.seed & 0xFFFF_FFFF,
        }

    def _report(self, evaluated: int) -> None:
        # After a pause, the prompt is evaluated again; a measure of progress goes one way only.
        evaluated = min(evaluated, len(self._prompt))
        if evaluated > self._evaluated:
            self._evaluated = evaluated
            self._emit(Prefilling(id=self._request.id, evaluated=evaluated))

    def _decode(self, event: Event) -> None:
        timings = event["timings"]
        if not self._prefilled:
            self._prefilled = True
            self._emit(
                Prefilled(
                    id=self._request.id,
                    cached_tokens=int(timings["cache_n"]),
                    prefill_ms=float(timings["prompt_ms"]),
                )
            )
        if self._limit == 0:
            # Of no tokens asked for, llama.cpp still makes one.
            self._finish("length")
            return
        choice = event["choices"][0]
        self._decode_ms = float(timings["predicted_ms"])
        self._know(int(timings["predicted_n"]), choice)
        self._show(str(choice["text"]))
        reason = choice["finish_reason"]
        if self.over:
            return
        if self._text.stopped or reason is not None:
            self._finish("stop" if self._text.stopped else reason)

    def _know(self, predicted: int, choice: Event) -> None:
        """Keep the token of this event, if it is the only one since the last."""
        new, self._seen = predicted - self._seen, predicted
        if new == 0:
            return
        content: Sequence[Event] = (choice.get("logprobs") or {}).get("content") or ()
        self._exact = self._exact and new == 1 and len(content) == 1
        if self._exact and self._resumable:
            self._tokens.append(int(content[0]["id"]))
            self._tokens_end = self._position + len(choice["text"])

    def _show(self, text: str) -> None:
        """Emit what was not shown before a pause."""
        start = self._position
        self._position += len(text)
        fresh = text[max(0, self._shown - start) :]
        self._shown = max(self._shown, self._position)
        if self._request.json_schema is not None and not self._begins_json(fresh):
            self.fail(ErrorCode.INTERNAL_ERROR, _NOT_HELD)
            return
        self._raw.append(fresh)
        self._send(self._text.feed(fresh.encode()))

    def _send(self, text: str) -> None:
        if self._pausable and not self._resumable:
            self._kept_back.append(text)
        elif text:
            self._emit(Delta(id=self._request.id, text=text))

    def _finish(self, reason: str) -> None:
        self.over = True
        if reason != "cancelled":
            self._send(self._text.flush())
            if reason == "stop" and not self._text.stopped and not self._is_json():
                self.fail(ErrorCode.INTERNAL_ERROR, _NOT_HELD)
                return
            if text := "".join(self._kept_back):
                self._emit(Delta(id=self._request.id, text=text))
        self._emit(
            Finished(
                id=self._request.id,
                finish_reason=(
                    "cancelled"
                    if reason == "cancelled"
                    else "stop"
                    if reason == "stop"
                    else "length"
                ),
                completion_tokens=0 if self._limit == 0 else self._before + self._seen,
                decode_ms=0.0 if self._limit == 0 else self._decode_before + self._decode_ms,
            )
        )

    def _begins_json(self, fresh: str) -> bool:
        begun = fresh.lstrip()
        return not begun or any(map(str.strip, self._raw)) or begun[0] in _BEGINS_JSON

    def _is_json(self) -> bool:
        """Check a complete answer: llama.cpp drops a grammar it cannot compile, and goes on."""
        if self._request.json_schema is None:
            return True
        try:
            json.loads("".join(self._raw))
        except ValueError:
            return False
        return True
