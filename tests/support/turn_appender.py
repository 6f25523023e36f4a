"""A process that adds turns until it is killed, and writes the name of each that is kept."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from procoder_tutor.conversations import ConversationStore, Role, Turn
from procoder_tutor.settings import ConversationSettings


async def main(path: str, name: str) -> None:
    mine = ConversationStore(ConversationSettings(path=Path(path))).of()
    begun = await mine.open_for("file:///shared.py")
    for number in count():
        text = f"{name}-{number} " + "words of an answer " * 50
        await mine.append(begun.id, Turn(Role.USER, text, "explain", "beginner"))
        sys.stdout.write(f"{name}-{number}\n")
        sys.stdout.flush()


asyncio.run(main(*sys.argv[1:]))
