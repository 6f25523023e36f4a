"""One item of a batch: explained, as Markdown."""

import asyncio
from contextlib import aclosing

from procoder_api.batches.model import Leased
from procoder_api.batches.planning import parsed, part_of
from procoder_tutor.events import Done, Explanation, FactsReady, Failed
from procoder_tutor.markdown import explanation_markdown, facts_markdown
from procoder_tutor.questions import Level, Question
from procoder_tutor.tutor import Tutor


async def explained(tutor: Tutor, leased: Leased) -> str:
    """Return facts and explanation as Markdown; raises TutorError."""
    document = await asyncio.to_thread(parsed, leased.file.name, leased.file.text)
    symbol = part_of(document, leased.symbol, leased.line)
    level = Level(leased.level)
    # Nobody watches: whoever asks meanwhile is answered first.
    question = Question(symbol, level=level, language=leased.language, background=True)
    explanation: Explanation | None = None
    facts = None
    async with aclosing(tutor.ask(document, question)) as events:
        async for event in events:
            match event:
                case Failed(error):
                    raise error
                case FactsReady():
                    facts = event.facts
                case Done():
                    explanation = event.explanation
                case _:
                    pass
    if facts is None or explanation is None:
        raise RuntimeError("the tutor ended without an answer")
    card = await asyncio.to_thread(facts_markdown, facts, level=level)
    return f"{card}\n\n{explanation_markdown(explanation, facts)}"
