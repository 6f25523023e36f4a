"""Fills a gap: secrets out, the surroundings to the model, its text back and into shape."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from procoder_tutor.backend import Backend, Completion, CompletionJob
from procoder_tutor.infilling.gap import Gap, Suggestion, window, without_secrets
from procoder_tutor.infilling.shaping import has_ended, shaped
from procoder_tutor.redaction import Redactor
from procoder_tutor.symbols import MAX_CHARACTERS

MAX_TOKENS = 64


async def infilling(backend: Backend, gap: Gap) -> AsyncGenerator[str | Suggestion, None]:
    """Stream the model's text as it comes, then one Suggestion; closing the stream stops the model.

    A model that was not trained to fill gaps is not asked. Raises BackendError.
    """
    model = await backend.identify()
    redactor = Redactor()
    seen = None
    if model.fim and len(gap.before) + len(gap.after) <= MAX_CHARACTERS:
        seen = await asyncio.to_thread(without_secrets, gap, redactor)
    if seen is None:
        yield Suggestion("")
        return
    prompt = await window(seen, backend.count_tokens)
    job = CompletionJob(
        prompt.before,
        MAX_TOKENS,
        stop=("\n",) if gap.within_line else (),
        suffix=prompt.after,
    )
    restorer = redactor.restorer()
    text, cut_off = "", False
    async with aclosing(backend.complete(job)) as items:
        async for item in items:
            if isinstance(item, Completion):
                cut_off = item.finish_reason == "length"
                break
            piece = restorer.feed(item)
            text += piece
            if piece:
                yield piece
            if has_ended(gap, text):
                break
    text += restorer.flush()
    yield Suggestion(await asyncio.to_thread(shaped, gap, text, cut_off=cut_off))
