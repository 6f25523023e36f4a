"""Answers as they come: server-sent events with names, and whole answers for who stays."""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.types import Scope

from procoder_api.problems import fault, tutor_problem
from procoder_http.streams import Emitter, StreamedResponse
from procoder_http.tracing import trace_of
from procoder_tutor.errors import TutorError

log = logging.getLogger(__name__)

STREAMED: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "Events, each with its name and JSON; comments only keep the connection.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
                }
            }
        },
    }
}
"""What the OpenAPI document says of a stream."""
FAILED = "failed"
"""Name of the event that ends a stream with a problem document."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event."""

    name: str
    payload: BaseModel

    def text(self) -> str:
        """Render it as it is sent."""
        return f"event: {self.name}\ndata: {self.payload.model_dump_json()}\n\n"


class EventStream(StreamedResponse):
    """The events of an async generator, which is closed when the client leaves."""

    def __init__(self, events: AsyncGenerator[Told, None]) -> None:
        super().__init__()
        self._events = events

    async def send_events(self, emitter: Emitter, scope: Scope) -> str:
        """See StreamedResponse."""
        async with aclosing(self._events) as events:
            try:
                async for event in events:
                    await emitter.emit(event.text())
            except TutorError as error:
                return Told(FAILED, tutor_problem(error)[1]).text()
            except Exception:  # the head has left: only an event can tell of it
                log.exception("a stream broke")
                trace_of(scope).outcome = "internal-error"
                return Told(FAILED, fault()).text()
        return ""
