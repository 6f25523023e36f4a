"""`/v1/facts`: what code proves about itself, without a model."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from procoder_api.asking import KnownFacts
from procoder_api.code import PlacedCode
from procoder_api.idempotency import REPEATABLE
from procoder_api.service import Api, Asker
from procoder_tutor.markdown import facts_markdown
from procoder_tutor.questions import Level

router = APIRouter(prefix="/v1/facts", tags=["facts"])


class FactsBody(PlacedCode):
    """Code that facts are wanted of."""

    level: Level | None = None
    """Whom the card is for."""
    budget: Annotated[float, Field(ge=0, le=10)] = 2.0
    """Seconds to wait for inferred types and full names."""


@router.post("", dependencies=[REPEATABLE])
async def facts(body: FactsBody, api: Api, _: Asker) -> KnownFacts:
    """Return signature, parameters, returns, raises, changes, calls, steps and more."""
    document = await body.document()
    found = await api.tutor.facts(document, body.symbol_in(document), budget=body.budget)
    level = body.level or api.tutor.settings.level
    return KnownFacts(facts=found, card=await asyncio.to_thread(facts_markdown, found, level=level))
