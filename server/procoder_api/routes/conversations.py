"""`/v1/conversations`: what was asked and answered; everybody sees only their own."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from procoder_api.answers import DESCRIBED, Answer
from procoder_api.asking import Asked, answered, streamed
from procoder_api.idempotency import REPEATABLE
from procoder_api.paging import Cursor, Limit, Place, place_of
from procoder_api.questions import TurnBody, to_asked
from procoder_api.service import Api, Talker
from procoder_api.streams import STREAMED, EventStream
from procoder_http.streams import until_disconnect
from procoder_tutor.conversations import Conversation, Found, Turn
from procoder_tutor.errors import NoConversationError

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
Id = Annotated[str, Path(max_length=100)]


class NewConversation(BaseModel):
    """What a conversation is about."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [{"title": "Areas"}]}
    )

    title: Annotated[str, Field(max_length=200)] = ""
    """By default the name of the document, or that it has none."""
    document: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    """URI of a document, for a conversation that an editor goes on with."""

    @field_validator("document")
    @classmethod
    def _is_a_uri(cls, document: str | None) -> str | None:
        if document is not None:
            urlsplit(document)  # raises ValueError
        return document


class Conversations(BaseModel):
    """A page of conversations, those that went on last first."""

    model_config = DESCRIBED

    items: list[Conversation]
    next: str | None = None
    """Cursor of the next page; null on the last one."""


class ConversationTurns(BaseModel):
    """A conversation with all that was said; secrets in it are placeholders."""

    conversation: Conversation
    turns: list[Turn]


class SearchResult(BaseModel):
    """The turns that were found, the latest first."""

    items: list[Found]


class Deleted(BaseModel):
    """How many conversations were deleted."""

    deleted: int


@router.post("", status_code=201, dependencies=[REPEATABLE])
async def create(
    body: NewConversation, api: Api, caller: Talker, response: Response
) -> Conversation:
    """Begin a conversation."""
    mine = api.tutor.conversations_of(caller.user)
    if body.document is None:
        begun = await mine.create(body.title)
    else:
        begun = await mine.start_new(body.document, title=body.title)
    response.headers["Location"] = f"/v1/conversations/{begun.id}"
    return begun


@router.get("")
async def list_conversations(
    api: Api, caller: Talker, limit: Limit = 20, cursor: Cursor = None
) -> Conversations:
    """List the caller's conversations."""
    mine = api.tutor.conversations_of(caller.user)
    place = place_of(cursor)
    after = None if place is None else Conversation(place.id, "", None, place.time, place.time)
    items = await mine.list(limit=limit + 1, after=after)
    page = list(items[:limit])
    more = Place(page[-1].changed, page[-1].id).cursor() if len(items) > limit else None
    return Conversations(items=page, next=more)


@router.get("/search")
async def search(
    api: Api,
    caller: Talker,
    q: Annotated[str, Query(min_length=1, max_length=500, description="All of these words.")],
    limit: Limit = 20,
) -> SearchResult:
    """Find the turns that hold all of some words."""
    found = await api.tutor.conversations_of(caller.user).search(q, limit=limit)
    return SearchResult(items=list(found))


@router.delete("")
async def delete_everything(api: Api, caller: Talker) -> Deleted:
    """Delete all conversations of the caller, and what is remembered of hints and lessons."""
    return Deleted(deleted=await api.tutor.conversations_of(caller.user).delete_all())


@router.get("/{conversation_id}")
async def read(conversation_id: Id, api: Api, caller: Talker) -> ConversationTurns:
    """Return a conversation with its turns."""
    mine = api.tutor.conversations_of(caller.user)
    found, turns = await mine.get(conversation_id), await mine.turns(conversation_id)
    return ConversationTurns(conversation=found, turns=list(turns))


@router.delete("/{conversation_id}", status_code=204)
async def delete(conversation_id: Id, api: Api, caller: Talker) -> None:
    """Delete a conversation and overwrite its text."""
    if not await api.tutor.conversations_of(caller.user).delete(conversation_id):
        raise NoConversationError("There is no such conversation")


@router.get(
    "/{conversation_id}/export",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/markdown": {}}}},
)
async def export(conversation_id: Id, api: Api, caller: Talker) -> Response:
    """Return a conversation as a Markdown document."""
    text = await api.tutor.conversations_of(caller.user).export_markdown(conversation_id)
    return Response(text, media_type="text/markdown")


async def _asked(conversation_id: Id, body: TurnBody, api: Api, caller: Talker) -> Asked:
    await api.tutor.conversations_of(caller.user).get(conversation_id)
    return await to_asked(body, api.tutor.settings, caller.user, conversation_id)


@router.post("/{conversation_id}/turns", dependencies=[REPEATABLE])
async def continue_conversation(
    request: Request, api: Api, asked: Annotated[Asked, Depends(_asked)]
) -> Answer:
    """Go on with a conversation; answers when the answer is complete, which is then kept."""
    return await until_disconnect(request.receive, answered(api, asked))


@router.post(
    "/{conversation_id}/turns/stream",
    status_code=200,
    response_class=EventStream,
    responses=dict(STREAMED),
    dependencies=[REPEATABLE],
)
async def stream_turn(api: Api, asked: Annotated[Asked, Depends(_asked)]) -> EventStream:
    """Do the same, and tell it as it comes: the events are those of `/v1/explanations/stream`."""
    return EventStream(streamed(api, asked))
