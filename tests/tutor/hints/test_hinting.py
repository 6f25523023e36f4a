"""The next hint about a line: which problem it is about, and that it is remembered."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from procoder_tutor.conversations import Conversations, ConversationStore
from procoder_tutor.errors import InputError
from procoder_tutor.hinting import next_hint
from procoder_tutor.hints.state import Rung
from procoder_tutor.settings import ConversationSettings
from procoder_tutor.symbols import Document, Snapshot

CODE = """\
def total(prices):
    if len(prices) is 0:
        return 0
    return sum(prices)

def note(x, seen={}):
    seen[x] = 1
    return seen
"""


@pytest.fixture
async def conversations(tmp_path: Path) -> AsyncIterator[Conversations]:
    store = ConversationStore(ConversationSettings(path=tmp_path / "c.sqlite3"))
    yield store.of()
    await store.aclose()


def document(code: str = CODE) -> Document:
    return Document.parse(Snapshot(code))


async def test_every_call_climbs_a_rung_to_a_solution_that_is_checked(
    conversations: Conversations,
) -> None:
    given = [await next_hint(conversations, document(), 2) for _ in Rung]
    assert [hint.rung for hint in given] == list(Rung)
    assert "if len(prices) == 0:" in given[-1].markdown
    assert not any("== 0" in hint.markdown for hint in given[:-1])


async def test_edits_elsewhere_do_not_start_the_ladder_anew(conversations: Conversations) -> None:
    await next_hint(conversations, document(), 2)
    moved = document(f"import os\n{CODE}")
    assert (await next_hint(conversations, moved, 3)).rung is Rung.REGION


async def test_a_cap_is_kept(conversations: Conversations) -> None:
    for _ in range(4):
        hint = await next_hint(conversations, document(), 2, max_rung=Rung.CONCEPT)
    assert hint.rung is Rung.CONCEPT
    assert "limit" in hint.markdown


async def test_traps_have_hints_too(conversations: Conversations) -> None:
    hint = await next_hint(conversations, document(), 6)
    assert "default" in hint.markdown


async def test_where_nothing_looks_wrong_the_learner_says_what_they_expected(
    conversations: Conversations,
) -> None:
    with pytest.raises(InputError, match="Nothing in line 4"):
        await next_hint(conversations, document(), 4)
    hint = await next_hint(conversations, document(), 4, expectation="It should be zero")
    assert hint.rung is Rung.QUESTION
