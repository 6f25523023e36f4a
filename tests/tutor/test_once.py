"""What is derived from a document: computed once, shared, forgotten with it; safe among threads."""

import ast
import asyncio
import gc
import weakref

import pytest

from procoder_tutor.once import Once
from procoder_tutor.parsing import among_threads
from procoder_tutor.privacy import Hidden
from procoder_tutor.symbols import Document, Snapshot

CODE = "def area(w, h):\n    return w * h\n\nprint(area(1, 2))\n"


@pytest.fixture
def document() -> Document:
    return Document.parse(Snapshot(CODE))


async def test_who_asks_meanwhile_shares_and_may_leave(document: Document) -> None:
    once: Once[int] = Once()
    computed = []

    def compute() -> int:
        computed.append(1)
        return 7

    leaving = asyncio.create_task(once.get(document, "k", compute))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await asyncio.gather(*(once.get(document, "k", compute) for _ in range(3))) == [7] * 3
    assert computed == [1]
    assert await once.get(document, "other", lambda: 8) == 8


async def test_errors_are_raised_and_tried_again(document: Document) -> None:
    once: Once[int] = Once()
    with pytest.raises(ZeroDivisionError):
        await once.get(document, "k", lambda: 1 // 0)
    assert await once.get(document, "k", lambda: 1) == 1


async def test_values_are_forgotten_with_their_document() -> None:
    once: Once[Hidden] = Once()
    document = Document.parse(Snapshot(CODE))
    snapshot = document.snapshot
    hidden = await once.get(document, None, lambda: Hidden.of(snapshot))
    assert hidden.privacy(document).document is document
    gone = weakref.ref(document)
    del document
    gc.collect()
    assert gone() is None


def test_what_another_thread_disturbed_is_built_again() -> None:
    outcomes = iter([SystemError("AST constructor recursion depth mismatch"), None])

    def build() -> int:
        if (error := next(outcomes)) is not None:
            raise error
        return 1

    assert among_threads(build) == 1
    with pytest.raises(SystemError):
        among_threads(lambda: (_ for _ in ()).throw(SystemError()))


def test_nobody_reads_half_of_the_names(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that comes while the names are collected sees as many as one that comes later."""
    seen = []
    walk = ast.walk

    def interrupted(tree: ast.AST):
        for number, node in enumerate(walk(tree)):
            if number == 3 and not seen:
                seen.append(-1)
                seen[0] = len(document.bindings.uses(4))
            yield node

    monkeypatch.setattr(ast, "walk", interrupted)
    complete = len(document.bindings.uses(4))
    assert seen == [complete]
    assert complete == 2
