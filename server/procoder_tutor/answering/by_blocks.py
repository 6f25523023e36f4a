"""A sentence for every block of some code: the model writes words, the line numbers are ours."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from procoder_tutor.answering.asking import Asking
from procoder_tutor.answering.purpose import purpose
from procoder_tutor.blocks import Block, blocks_of
from procoder_tutor.check import Checker
from procoder_tutor.events import BlockReady, Event
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.prompts.completions import LINE_STOPS, block_slot
from procoder_tutor.questions import Kind
from procoder_tutor.symbols import Document
from procoder_tutor.vocabulary import Vocabulary


async def by_blocks(asking: Asking) -> AsyncGenerator[Event, None]:
    """Say what the whole is for, then what each block does, all in one growing context."""
    async with aclosing(purpose(asking)) as events:
        async for event in events:
            yield event
    said: list[str] = []
    blocks = blocks_of(asking.privacy.symbol(asking.question.symbol))
    for number, block in enumerate(blocks, 1):
        # Small models repeat themselves here, and a server that converses cannot be led so far.
        able = asking.profile.shot
        sentence = await _say(asking, blocks[:number], said) if able else ""
        asking.say_of_block(sentence)
        said.append(asking.blocks[-1] or steps_text(asking.facts, block))
        yield BlockReady(block.line, block.end_line, said[-1])


def steps_text(facts: Facts, block: Block) -> str:
    """Say what a block does in our own words, from the facts."""
    steps = [step for step in facts.steps if block.line <= step.line <= block.end_line]
    outermost = min((step.depth for step in steps), default=0)
    return ". ".join(step.text for step in steps if step.depth == outermost) + "." if steps else ""


async def _say(asking: Asking, blocks: Sequence[Block], said: Sequence[str]) -> str:
    """Have the model finish one line; empty when what it wrote does not hold for the last block."""
    asked = asking.question
    limit = asking.profile.max_tokens(asked.level, asked.language, Kind.BLOCKS)
    codes = [block.code for block in blocks]
    packed = await asking.pack(lambda excerpt: block_slot(excerpt, codes, said), limit)
    checker = await asyncio.to_thread(_checker, asking.document, blocks[-1], said)
    async with aclosing(asking.sentences(packed.prompt, limit, LINE_STOPS, checker)) as sentences:
        async for sentence in sentences:
            return sentence
    return ""


def _checker(document: Document, block: Block, said: Sequence[str]) -> Checker:
    """Make a checker that knows this block alone, and takes what was said before for copied."""
    symbol = document.selection(block.line, block.end_line)
    facts = instant_facts(document, symbol)
    return Checker(facts, Vocabulary.of(document, symbol, facts), " ".join(said))
