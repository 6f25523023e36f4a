"""Which lessons somebody has finished, kept among the notes about them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from procoder_tutor.conversations import Conversations
from procoder_tutor.lessons.catalogue import lesson, lesson_ids

_NOTE = "lessons"


async def finished_lessons(conversations: Conversations) -> Mapping[str, datetime]:
    """Return when which lessons were finished, the first ones first."""
    return _parsed(await conversations.note(_NOTE))


async def finish_lesson(conversations: Conversations, lesson_id: str) -> datetime:
    """Note that a lesson is finished; return since when. Raises NoLessonError."""
    lesson(lesson_id)
    done = dict(await finished_lessons(conversations))
    when = done.setdefault(lesson_id, datetime.now(UTC))
    await conversations.write_note(_NOTE, _text(done))
    return when


async def reopen_lesson(conversations: Conversations, lesson_id: str) -> None:
    """Forget that a lesson was finished. Raises NoLessonError."""
    lesson(lesson_id)
    done = dict(await finished_lessons(conversations))
    done.pop(lesson_id, None)
    await conversations.write_note(_NOTE, _text(done))


def _text(done: Mapping[str, datetime]) -> str:
    return json.dumps({name: when.isoformat() for name, when in done.items()})


def _parsed(note: str) -> Mapping[str, datetime]:
    """Read a note; lessons that are gone, and what is no note of ours, count for nothing."""
    try:
        kept = json.loads(note) if note else {}
        known = [
            (name, datetime.fromisoformat(kept[name])) for name in lesson_ids() if name in kept
        ]
    except (ValueError, TypeError):
        return {}
    return dict(sorted(known, key=lambda item: item[1]))
