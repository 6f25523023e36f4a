"""`/v1/batches`: explanations of many files, made while nobody waits."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Path, Response, UploadFile
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from procoder_api.answers import DESCRIBED
from procoder_api.batches.markdown import batch_markdown
from procoder_api.batches.model import Batch, ItemState
from procoder_api.batches.planning import plan
from procoder_api.batches.uploads import Skipped, Upload, read_uploads
from procoder_api.errors import MissingError
from procoder_api.idempotency import REPEATABLE
from procoder_api.paging import Cursor, Limit, Place, place_of
from procoder_api.questions import LanguageCode
from procoder_api.service import Api, Batcher, Service
from procoder_api.streams import STREAMED, EventStream, Told
from procoder_tutor.questions import Level

router = APIRouter(prefix="/v1/batches", tags=["batches"])
_WATCH_SECONDS = 0.5
Id = Annotated[str, Path(max_length=100)]


class NewBatch(BaseModel):
    """A batch that was begun."""

    model_config = DESCRIBED

    batch: Batch
    skipped: list[Skipped]
    """Files that are no part of it, and why."""


class Batches(BaseModel):
    """A page of batches, the latest first."""

    model_config = DESCRIBED

    items: list[Batch]
    next: str | None = None
    """Cursor of the next page; null on the last one."""


class ItemProgress(BaseModel):
    """How far one explanation is."""

    model_config = DESCRIBED

    file: str
    symbol: str
    """Qualified name; empty for the file itself."""
    line: int
    state: ItemState
    error: str = ""
    """Why it failed."""


class BatchNews(BaseModel):
    """How far a batch is."""

    model_config = DESCRIBED

    batch: Batch
    finished: bool
    """Whether nothing more will happen to it."""


class BatchProgress(BatchNews):
    """A batch, and how far each of its explanations is."""

    items: list[ItemProgress]


class Deleted(BaseModel):
    """How many batches were deleted."""

    deleted: int


@router.post("", status_code=202, dependencies=[REPEATABLE])
async def create(  # noqa: PLR0913, PLR0917 - one parameter per field of the form
    api: Api,
    caller: Batcher,
    response: Response,
    files: Annotated[list[UploadFile], File(description="Python files, or zip archives of them.")],
    title: Annotated[str, Form(max_length=200)] = "",
    level: Annotated[Level | None, Form()] = None,
    language: Annotated[LanguageCode | None, Form()] = None,
) -> NewBatch:
    """Explain every function, class and file of an upload; the server begins at once."""
    uploads = [Upload(file.filename or "", await file.read()) for file in files]
    settings = api.tutor.settings
    texts, skipped = await asyncio.to_thread(read_uploads, uploads)
    planned = await asyncio.to_thread(
        plan,
        title.strip() or uploads[0].name,
        level or settings.level,
        language or settings.language,
        texts,
    )
    batch = await api.batches.create(caller.user, planned)
    api.dispatcher.wake()
    response.headers["Location"] = f"/v1/batches/{batch.id}"
    return NewBatch(batch=batch, skipped=skipped)


@router.get("")
async def list_batches(
    api: Api, caller: Batcher, limit: Limit = 20, cursor: Cursor = None
) -> Batches:
    """List the caller's batches."""
    items = await api.batches.list(caller.user, limit=limit + 1, after=place_of(cursor))
    page = list(items[:limit])
    more = Place(page[-1].created, page[-1].id).cursor() if len(items) > limit else None
    return Batches(items=page, next=more)


@router.delete("")
async def delete_everything(api: Api, caller: Batcher) -> Deleted:
    """Delete all batches of the caller."""
    return Deleted(deleted=await api.batches.delete_all(caller.user))


@router.get("/{batch_id}")
async def progress(batch_id: Id, api: Api, caller: Batcher) -> BatchProgress:
    """Say how far a batch is."""
    batch = await _known(api, caller.user, batch_id)
    items = [
        ItemProgress(file=it.file, symbol=it.symbol, line=it.line, state=it.state, error=it.error)
        for it in await api.batches.items(caller.user, batch_id)
    ]
    return BatchProgress(batch=batch, finished=batch.finished, items=items)


async def _batch(batch_id: Id, api: Api, caller: Batcher) -> Batch:
    return await _known(api, caller.user, batch_id)


@router.get(
    "/{batch_id}/stream", status_code=200, response_class=EventStream, responses=dict(STREAMED)
)
async def stream(
    api: Api, caller: Batcher, batch: Annotated[Batch, Depends(_batch)]
) -> EventStream:
    """Tell the batch in an event `progress` whenever it has changed, until it is finished."""
    return EventStream(_news(api, caller.user, batch))


async def _news(api: Service, owner: str, batch: Batch) -> AsyncGenerator[Told, None]:
    told = None
    while batch != told:
        told = batch
        yield Told("progress", BatchNews(batch=batch, finished=batch.finished))
        while batch == told and not batch.finished:
            # Others may work on it too: the store is asked, for it is what all share.
            await asyncio.sleep(_WATCH_SECONDS)
            found = await api.batches.get(owner, batch.id)
            if found is None:
                return
            batch = found


@router.get(
    "/{batch_id}/results",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/markdown": {}}}},
)
async def results(batch_id: Id, api: Api, caller: Batcher) -> Response:
    """Return what is explained so far as a Markdown document."""
    batch = await _known(api, caller.user, batch_id)
    items = await api.batches.items(caller.user, batch_id)
    text = await asyncio.to_thread(batch_markdown, batch, items)
    return Response(text, media_type="text/markdown")


@router.post("/{batch_id}/cancel", dependencies=[REPEATABLE])
async def cancel(batch_id: Id, api: Api, caller: Batcher) -> Batch:
    """Stop a batch; what is done stays."""
    if not await api.batches.cancel(caller.user, batch_id):
        raise _missing()
    return await _known(api, caller.user, batch_id)


@router.delete("/{batch_id}", status_code=204)
async def delete(batch_id: Id, api: Api, caller: Batcher) -> None:
    """Delete a batch with its code and its results."""
    if not await api.batches.delete(caller.user, batch_id):
        raise _missing()


async def _known(api: Service, owner: str, batch_id: str) -> Batch:
    batch = await api.batches.get(owner, batch_id)
    if batch is None:
        raise _missing()
    return batch


def _missing() -> MissingError:
    return MissingError("There is no such batch.")
