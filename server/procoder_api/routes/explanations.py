"""`/v1/explanations`: answers about code that belong to no conversation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from procoder_api.answers import Answer
from procoder_api.asking import Asked, answered, streamed
from procoder_api.idempotency import REPEATABLE
from procoder_api.questions import ExplanationBody, to_asked
from procoder_api.service import Api, Asker
from procoder_api.streams import STREAMED, EventStream
from procoder_http.streams import until_disconnect

router = APIRouter(prefix="/v1/explanations", tags=["explanations"])


async def _asked(body: ExplanationBody, api: Api, caller: Asker) -> Asked:
    return await to_asked(body, api.tutor.settings, caller.user)


@router.post("", dependencies=[REPEATABLE])
async def explain(request: Request, api: Api, asked: Annotated[Asked, Depends(_asked)]) -> Answer:
    """Explain some code, or propose an edit of it; answers when that is done."""
    return await until_disconnect(request.receive, answered(api, asked))


@router.post(
    "/stream",
    status_code=200,
    response_class=EventStream,
    responses=dict(STREAMED),
    dependencies=[REPEATABLE],
)
async def stream(api: Api, asked: Annotated[Asked, Depends(_asked)]) -> EventStream:
    """Do the same, and tell it as it comes.

    Events: `facts` (twice when types are found later), `working` (what the answer waits for),
    `delta` (a piece of Markdown to append), `block`, `proposed`, `checked`, then `done` with the
    whole answer, or `failed` with a problem document. Closing the connection stops the model.
    """
    return EventStream(streamed(api, asked))
