"""`/v1/me`: everything that is kept about the caller."""

from fastapi import APIRouter
from pydantic import BaseModel

from procoder_api.answers import DESCRIBED
from procoder_api.service import Api, Owner

router = APIRouter(prefix="/v1/me", tags=["me"])


class Forgotten(BaseModel):
    """What was deleted; hints and lessons go with the conversations."""

    model_config = DESCRIBED

    conversations: int
    """How many there were."""
    batches: int
    """How many there were."""


@router.delete("")
async def forget(api: Api, caller: Owner) -> Forgotten:
    """Delete everything about the caller: batches, conversations, hints and lessons."""
    batches = await api.batches.delete_all(caller.user)
    conversations = await api.tutor.conversations_of(caller.user).delete_all()
    return Forgotten(conversations=conversations, batches=batches)
