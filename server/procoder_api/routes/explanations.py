"""`/v1/explanations`: answers about code that belong to no conversation."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from procoder_api.answers import Answer
from procoder_api.asking import Asked, answered, streamed
from procoder_api.idempotency import REPEATABLE
from procoder_api.questions import ExplanationBody, to_asked
from procoder_api.service import Api, Asker

router = APIRouter(prefix="/v1/explanations", tags=["explanations"])


async def _asked(body: ExplanationBody, api: Api, caller: Asker) -> Asked:
    return await to_asked(body, api.tutor.settings, caller.user)


@router.post("", dependencies=[REPEATABLE])
async def explain(api: Api, asked: Annotated[Asked, Depends(_asked)]) -> Answer:
    """Explain some code, or propose an edit of it; answers when that is done."""
    with api.metrics.answering(asked.question.kind):
        return await answered(api.tutor, asked)


@router.post("/stream", response_class=EventSourceResponse, dependencies=[REPEATABLE])
async def stream(
    api: Api, asked: Annotated[Asked, Depends(_asked)]
) -> AsyncIterator[ServerSentEvent]:
    """Do the same, and tell it as it comes.

    Events: `facts` (twice when types are found later), `delta` (a piece of Markdown to append),
    `block`, `proposed`, `checked`, then `done` with the whole answer, or `failed` with a problem
    document. Closing the connection stops the model.
    """
    with api.metrics.answering(asked.question.kind):
        async with aclosing(streamed(api.tutor, asked)) as events:
            async for event in events:
                yield event
