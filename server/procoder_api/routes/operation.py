"""`/healthz`, `/readyz` and `/metrics`: what orchestrators and operators ask."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from procoder_api.errors import LeavingError
from procoder_api.metrics import CONTENT_TYPE
from procoder_api.service import Api, Operator

router = APIRouter(tags=["operation"])


class Status(BaseModel):
    """That it is well."""

    status: Literal["ok", "ready"]


@router.get("/healthz")
async def health() -> Status:
    """Say that this process lives."""
    return Status(status="ok")


@router.get("/readyz")
async def readiness(api: Api) -> Status:
    """Say whether requests can be served: conversations can be read, and nobody stops the server.

    A model that is away does not count: facts, findings, hints and lessons need none.
    """
    if not api.door.open:
        raise LeavingError
    await api.tutor.conversations.list(limit=1)
    return Status(status="ready")


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(api: Api, _: Operator) -> Response:
    """Report counts and times in Prometheus' text format."""
    return Response(api.metrics.render(), media_type=CONTENT_TYPE)
