"""An answer to a question in the asker's own words, within a conversation."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from procoder_tutor.answering.asking import Asking
from procoder_tutor.answering.purpose import notes
from procoder_tutor.backend import ChatMessage, Prompt
from procoder_tutor.context import Render
from procoder_tutor.edits.rewrite_edit import replacement_edit
from procoder_tutor.events import Event, Proposed
from procoder_tutor.prompts import PROFILES, Excerpt
from procoder_tutor.prompts.completions import question_slot
from procoder_tutor.prompts.conversations import ANSWER_STOPS, question
from procoder_tutor.questions import Kind

_CHAT = PROFILES["chat"]
_WITHHELD = "What followed gave the solution away. Ask for a hint: each goes one step further."
_SLOT_STOPS = ("\n# ", "\n\n", "\ndef ", "\nclass ")


async def conversing(
    asking: Asking, history: tuple[ChatMessage, ...]
) -> AsyncGenerator[Event, None]:
    """Stream the sentences that hold, then an edit where they show another version of the code."""
    chats = asking.model.chats
    profile = _CHAT if chats else asking.profile
    level, language = asking.question.level, asking.question.language
    limit = profile.max_tokens(level, language, Kind.CHAT)
    packed = await asking.pack(_renderer(asking, history), limit)
    stops = ANSWER_STOPS if chats else _SLOT_STOPS
    checker = asking.checker(profile.language(language))
    said = ""
    async with aclosing(asking.sentences(packed.prompt, limit, stops, checker)) as sentences:
        async for sentence in sentences:
            said += f"{sentence}\n"
            if asking.gives_away(said):
                yield asking.remark(_WITHHELD)
                return
            yield asking.say(sentence)
    shown, symbol = "".join(asking.shown), asking.question.symbol
    edit = await asyncio.to_thread(replacement_edit, asking.document, symbol, shown)
    if edit is not None:
        yield Proposed(edit)
    for note in notes(profile, asking.question, packed):
        yield asking.remark(note)


def _renderer(asking: Asking, history: tuple[ChatMessage, ...]) -> Render:
    asked = asking.question
    language = _CHAT.language(asked.language)

    def render(excerpt: Excerpt) -> Prompt:
        if asking.model.chats:
            return question(excerpt, history, asked.text, asked.level, language)
        marks = {"user": "# question: ", "assistant": "# answer: "}
        before = "\n".join(marks.get(m.role, "# ") + " ".join(m.content.split()) for m in history)
        return question_slot(excerpt, before, asked.text)

    return render
