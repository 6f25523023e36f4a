"""From a checked request to its answer, in one piece or as a stream."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import get_args

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from procoder_http.streams import KEEP_ALIVE_SECONDS, until_disconnect
from procoder_http.tracing import Trace, trace_of
from procoder_model_host.errors import InvalidRequestError
from procoder_model_host.messages import Priority
from procoder_model_host.scheduling.generation import AnswerEvent, Generation
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.web.answers import CompletionShape, Json, Meter
from procoder_model_host.web.replies import EventStream

PRIORITY_HEADER = "X-ProCoder-Priority"
DEADLINE_HEADER = "X-ProCoder-Deadline"
LONGEST_DEADLINE = 86_400
"""Seconds."""
_PRIORITIES: Mapping[str, Priority] = {name: name for name in get_args(Priority)}
_SECONDS = re.compile(r"\d{1,20}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asking:
    """How urgent a request is, besides what it asks for."""

    priority: Priority
    deadline: float | None
    """Seconds from now."""


def asking(request: Request, default: Priority) -> Asking:
    """Read the headers; raises InvalidRequestError."""
    name = request.headers.get(PRIORITY_HEADER, default)
    if name not in _PRIORITIES:
        known = ", ".join(_PRIORITIES)
        raise InvalidRequestError(
            f"{PRIORITY_HEADER} must be one of {known}", param=PRIORITY_HEADER
        )
    trace_of(request.scope).details["priority"] = name
    given = request.headers.get(DEADLINE_HEADER)
    if given is None:
        return Asking(_PRIORITIES[name], None)
    if not _SECONDS.fullmatch(given) or not 0 < float(given) <= LONGEST_DEADLINE:
        raise InvalidRequestError(
            f"{DEADLINE_HEADER} must be seconds, more than 0 and up to {LONGEST_DEADLINE}",
            param=DEADLINE_HEADER,
        )
    return Asking(_PRIORITIES[name], float(given))


async def answer(  # noqa: PLR0913 - what an answer is made of
    request: Request,
    scheduler: Scheduler,
    generation: Generation,
    shape: CompletionShape,
    *,
    deadline: float | None,
    stream: bool,
    include_usage: bool,
) -> Response:
    """Generate for the client of this request."""
    trace, meter = trace_of(request.scope), Meter()
    events = scheduler.generate(generation, client=trace.client, deadline=deadline)
    if not stream:
        text = await until_disconnect(request.receive, _collect(events, meter, trace))
        return JSONResponse(shape.whole(text, meter))
    # The first event says that the prompt fits: until then a failure has an HTTP status. Who
    # waits for long gets the head of the stream all the same, so that proxies stay patient.
    first = asyncio.ensure_future(anext(events))
    try:
        await until_disconnect(request.receive, _patiently(first))
    except BaseException:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await events.aclose()
        raise
    return EventStream(_chunks(first, events, meter, shape, trace, include_usage=include_usage))


async def _patiently(first: "asyncio.Future[AnswerEvent]") -> None:
    await asyncio.wait({first}, timeout=KEEP_ALIVE_SECONDS)
    if first.done():
        first.result()


async def _collect(events: AsyncGenerator[AnswerEvent, None], meter: Meter, trace: Trace) -> str:
    async with contextlib.aclosing(events):
        text = "".join([meter.observe(event) async for event in events])
    trace.details |= meter.figures()
    return text


async def _chunks(  # noqa: PLR0913 - what a stream is made of
    first: "asyncio.Future[AnswerEvent]",
    events: AsyncGenerator[AnswerEvent, None],
    meter: Meter,
    shape: CompletionShape,
    trace: Trace,
    *,
    include_usage: bool,
) -> AsyncGenerator[Json, None]:
    try:
        meter.observe(await first)
        for chunk in shape.opening():
            yield chunk
        async for event in events:
            if text := meter.observe(event):
                yield shape.chunk(text)
    finally:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await events.aclose()
        trace.details |= meter.figures()
    yield shape.closing(meter)
    if include_usage:
        yield shape.accounts(meter)
