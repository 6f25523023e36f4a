"""`/v1/models`: which model answers."""

from fastapi import APIRouter
from pydantic import BaseModel

from procoder_api.service import Api, Asker
from procoder_tutor.backend import ModelInfo

router = APIRouter(prefix="/v1/models", tags=["models"])


class Models(BaseModel):
    """The models that answer here."""

    items: list[ModelInfo]


@router.get("")
async def models(api: Api, _: Asker) -> Models:
    """Name the model that answers, starting its host if need be."""
    return Models(items=[await api.tutor.model()])
