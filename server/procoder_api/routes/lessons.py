"""`/v1/lessons`: a lesson for each concept, and which of them somebody has finished."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from procoder_api.answers import DESCRIBED
from procoder_api.service import Api, Asker
from procoder_tutor.lessons import Lesson, lesson, lesson_markdown, next_lessons, search_lessons
from procoder_tutor.lessons.progress import finish_lesson, finished_lessons, reopen_lesson

router = APIRouter(prefix="/v1/lessons", tags=["lessons"])
Id = Annotated[str, Path(max_length=100)]


class LessonTitle(BaseModel):
    """A lesson in a list."""

    model_config = DESCRIBED

    id: str
    title: str
    finished: datetime | None = None
    """When the caller finished it; null before."""


class Lessons(BaseModel):
    """The lessons that were asked for."""

    model_config = DESCRIBED

    items: list[LessonTitle]
    """Found ones best first; else the finished ones, then those to do, each after the ones it
    builds on."""


class LessonText(BaseModel):
    """A lesson to read."""

    model_config = DESCRIBED

    lesson: Lesson
    """`solution` is empty unless it was asked for."""
    markdown: str
    """The whole of it."""
    finished: datetime | None = None


class Finished(BaseModel):
    """That a lesson is finished."""

    finished: datetime


@router.get("")
async def list_lessons(
    api: Api,
    caller: Asker,
    q: Annotated[str, Query(max_length=500, description="Words to search for.")] = "",
) -> Lessons:
    """List the lessons, or those about some words."""
    done = await finished_lessons(api.tutor.conversations_of(caller.user))
    found = await asyncio.to_thread(_chosen, q, tuple(done))
    titles = [LessonTitle(id=it.id, title=it.title, finished=done.get(it.id)) for it in found]
    return Lessons(items=titles)


@router.get("/{lesson_id}")
async def read(
    lesson_id: Id,
    api: Api,
    caller: Asker,
    solution: Annotated[bool, Query(description="Show the solution of the exercise.")] = False,  # noqa: FBT002
) -> LessonText:
    """Return a lesson: text, an example with what it prints, and an exercise."""
    found = lesson(lesson_id)
    done = await finished_lessons(api.tutor.conversations_of(caller.user))
    return LessonText(
        lesson=found if solution else replace(found, solution=""),
        markdown=lesson_markdown(found, solution=solution),
        finished=done.get(lesson_id),
    )


@router.put("/{lesson_id}/finished")
async def finish(lesson_id: Id, api: Api, caller: Asker) -> Finished:
    """Note that the caller has finished a lesson; the first time counts."""
    mine = api.tutor.conversations_of(caller.user)
    return Finished(finished=await finish_lesson(mine, lesson_id))


@router.delete("/{lesson_id}/finished", status_code=204)
async def reopen(lesson_id: Id, api: Api, caller: Asker) -> None:
    """Forget that the caller has finished a lesson."""
    await reopen_lesson(api.tutor.conversations_of(caller.user), lesson_id)


def _chosen(words: str, done: Sequence[str]) -> Sequence[Lesson]:
    if words.strip():
        return search_lessons(words)
    return [*map(lesson, done), *next_lessons(frozenset(done))]
