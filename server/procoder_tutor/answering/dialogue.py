"""A question within a conversation: what was said before, and what is kept of this turn."""

from dataclasses import replace
from datetime import UTC, datetime

from procoder_tutor.answering.asking import Asking
from procoder_tutor.backend import ChatMessage
from procoder_tutor.conversations import (
    Conversations,
    Role,
    Turn,
    code_digest,
    pack_turns,
    stale_turns,
)
from procoder_tutor.events import Explanation
from procoder_tutor.privacy import Privacy
from procoder_tutor.questions import Kind, Question

_SHARE = 0.4
"""Of the model's window, for earlier turns: the code and the answer need the rest."""


async def history(asking: Asking, conversations: Conversations) -> tuple[ChatMessage, ...]:
    """Return the earlier turns of the question's conversation, as far as they fit."""
    conversation = asking.question.conversation
    if conversation is None:
        return ()
    turns = await conversations.turns(conversation)
    budget = int(asking.model.context_window * _SHARE)
    stale = stale_turns(turns, asking.privacy.document)
    packed = await pack_turns(turns, budget, asking.backend.count_tokens, stale=stale)
    return tuple(
        ChatMessage("user" if turn.role is Role.USER else "assistant", turn.text)
        for turn in packed.turns
    )


async def record(
    conversations: Conversations, question: Question, privacy: Privacy, explanation: Explanation
) -> int | None:
    """Keep a question of a conversation, and its answer, which must be without secrets.

    Returns the number of the question's turn; None where it is in no conversation.
    """
    if question.conversation is None:
        return None
    symbol = privacy.symbol(question.symbol)
    asked = Turn(
        Role.USER,
        privacy.redact(wording(question)),
        kind=question.kind.value,
        level=question.level.value,
        language=question.language,
        symbol=symbol.name,
        code_digest=code_digest(privacy.document, symbol),
    )
    answered = replace(
        asked,
        role=Role.TUTOR,
        text="\n\n".join(filter(None, [explanation.markdown, *explanation.blocks])),
        checks=explanation.checks.summary,
        model=explanation.model,
        prompt_tokens=explanation.usage.prompt_tokens,
        created=datetime.now(UTC),
    )
    number = await conversations.append(question.conversation, asked)
    await conversations.append(question.conversation, answered)
    return number


def wording(question: Question) -> str:
    """Say a question as its asker might."""
    name = f"`{question.symbol.name}`"
    if question.kind is Kind.CHAT or question.text:
        return question.text
    return {
        Kind.EXPLAIN: f"Explain {name}.",
        Kind.BLOCKS: f"Explain {name} part by part.",
        Kind.ERROR: f"What is wrong in {name}?",
        Kind.FIX: f"Fix {name}.",
        Kind.SIMPLIFY: f"Simplify {name}.",
        Kind.DOCUMENT: f"Write a docstring for {name}.",
        Kind.TESTS: f"Write tests for {name}.",
    }[question.kind]
