"""`/v1/hints`: help with a line, a little more each time it is asked for."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from procoder_api.code import Code, check_line
from procoder_api.idempotency import REPEATABLE
from procoder_api.service import Api, Asker
from procoder_tutor.hinting import next_hint
from procoder_tutor.hints.ladder import Hint

router = APIRouter(prefix="/v1/hints", tags=["hints"])


class HintBody(Code):
    """Code, and the line that somebody is stuck at."""

    line: Annotated[int, Field(ge=1)]
    """1-based."""
    expected: Annotated[str, Field(max_length=2000)] = ""
    """What should have happened, where nothing looks wrong from outside."""


@router.post("", dependencies=[REPEATABLE])
async def hint(body: HintBody, api: Api, caller: Asker) -> Hint:
    """Give the next hint: a question, the region, the concept, a pattern, then the solution.

    How far somebody is with a problem is remembered, by user.
    """
    document = await body.document()
    check_line(document, body.line)
    return await next_hint(
        api.tutor.conversations_of(caller.user),
        document,
        body.line,
        expectation=body.expected,
        max_rung=api.tutor.settings.hints_up_to,
    )
