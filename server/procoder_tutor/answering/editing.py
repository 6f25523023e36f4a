"""Edits that a model proposes and the syntax tree decides on: what fails is not offered."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from procoder_tutor.answering.asking import Asking
from procoder_tutor.answering.purpose import purpose
from procoder_tutor.backend import Prompt
from procoder_tutor.context import Render
from procoder_tutor.edits.destination import find_destination
from procoder_tutor.edits.docstring_edit import docstring_edit
from procoder_tutor.edits.docstring_style import style_of
from procoder_tutor.edits.docstring_text import docstring_text
from procoder_tutor.edits.fix_edit import fix_edit
from procoder_tutor.edits.guard_tests import propose_guard_tests
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.proposed_tests import propose_tests
from procoder_tutor.edits.region import region_around
from procoder_tutor.edits.rewrite_edit import rewrite_edit
from procoder_tutor.events import Event, Proposed
from procoder_tutor.prompts import Excerpt, conversations
from procoder_tutor.prompts import completions as slots
from procoder_tutor.prompts.limits import REWRITE_RESERVE, TEST_TOKENS
from procoder_tutor.questions import Kind

_CHARACTERS_PER_TOKEN = 3
_NO_SENTENCE = "Nothing that the model wrote about it held against the code."
_UNSAVED = "Save the file first: where its tests belong depends on where it lies."


async def editing(asking: Asking) -> AsyncGenerator[Event, None]:
    """Yield what the model says on the way, then the edit or the reason why there is none."""
    match asking.question.kind:
        case Kind.DOCUMENT:
            async with aclosing(purpose(asking)) as events:
                async for event in events:
                    yield event
            proposal = await asyncio.to_thread(_document, asking)
        case Kind.TESTS:
            proposal = await _tests(asking)
        case Kind.SIMPLIFY:
            proposal = await _simplify(asking)
        case _:
            proposal = await _fix(asking)
    yield Proposed(proposal)


def _document(asking: Asking) -> ProposedEdit | Rejected:
    if not asking.shown:
        return Rejected(_NO_SENTENCE)
    style = style_of(asking.document)
    text = docstring_text("".join(asking.shown), asking.facts, style)
    return docstring_edit(asking.document, asking.question.symbol, text)


async def _fix(asking: Asking) -> ProposedEdit | Rejected:
    finding = asking.question.finding
    if finding is None:
        return Rejected("There is no finding to fix here.")
    region = region_around(asking.document, finding.line)
    lines = asking.privacy.document.source.lines[region.first - 1 : region.last]
    header = next((line for line in lines if line.lstrip().startswith(("def ", "class "))), "")
    asking.excerpt = Excerpt("range", "\n".join(lines), header)
    answer = await _rewritten(asking, f"corrected: {finding.message}")
    return await asyncio.to_thread(fix_edit, asking.document, finding, answer, region)


async def _simplify(asking: Asking) -> ProposedEdit | Rejected:
    answer = await _rewritten(asking, "shorter and simpler, with the same behaviour")
    return await asyncio.to_thread(rewrite_edit, asking.document, asking.question.symbol, answer)


async def _rewritten(asking: Asking, wish: str) -> str:
    """Have the model write the excerpt again."""
    limit = len(asking.excerpt.code) // _CHARACTERS_PER_TOKEN + REWRITE_RESERVE
    chats = asking.model.chats

    def render(excerpt: Excerpt) -> Prompt:
        if chats:
            return conversations.rewrite_request(excerpt, wish)
        return slots.rewrite_slot(excerpt, wish)

    answer = await _answer(asking, render, limit)
    return answer if chats else f"{asking.excerpt.header}{answer}"


async def _tests(asking: Asking) -> ProposedEdit | Rejected:
    """Take what holds of the model's tests, or what follows from the code alone."""
    symbol, document = asking.question.symbol, asking.document
    if document.snapshot.path is None:
        return Rejected(_UNSAVED)
    destination = await asyncio.to_thread(find_destination, document.snapshot.path)
    if isinstance(destination, Rejected):
        return destination
    name, module = symbol.name.partition(".")[0], destination.module
    chats = asking.model.chats

    def render(excerpt: Excerpt) -> Prompt:
        if chats:
            return conversations.tests_request(excerpt, module, name)
        return slots.tests_slot(excerpt, module, name)

    answer = await _answer(asking, render, TEST_TOKENS)
    written = answer if chats else f"def test_{answer}"
    proposal = await asyncio.to_thread(propose_tests, document, symbol, written, destination)
    if isinstance(proposal, ProposedEdit):
        return proposal
    certain = await asyncio.to_thread(propose_guard_tests, document, symbol, destination)
    return certain if isinstance(certain, ProposedEdit) else proposal


async def _answer(asking: Asking, render: Render, limit: int) -> str:
    packed = await asking.pack(render, limit)
    stops = () if asking.model.chats else slots.CODE_STOPS
    return await asking.text(packed.prompt, limit, stops)
