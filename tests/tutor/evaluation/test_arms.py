"""Both ways of asking, with a scripted model."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest

from procoder_tutor.backend import ChatMessage, Completion, CompletionJob, ModelInfo
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.evaluation.arms import (
    PLAIN_TOKENS,
    Arm,
    Pair,
    explain_all,
    plain_prompt,
    sentences_of,
)
from procoder_tutor.evaluation.subjects import Subject, subjects
from procoder_tutor.events import TokenUsage
from procoder_tutor.settings import load_settings
from procoder_tutor.tutor import Tutor, create_tutor

OURS = "Multiplies all factors. It raises ValueError for texts."
PLAIN = "# Product\n\n1. It multiplies `factors`. It is quick.\n```python\nproduct()\n```\n- Done"


class Scripted:
    """A model that says one thing to a plain prompt and another to ProCoder's."""

    def __init__(self) -> None:
        self.jobs: list[CompletionJob] = []
        self.fails = False

    async def identify(self) -> ModelInfo:
        if self.fails:
            raise BackendUnavailableError("no host")
        return ModelInfo("scripted", "sha256:1", "docstring", 2048)

    async def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        self.jobs.append(job)
        yield PLAIN if job.max_tokens == PLAIN_TOKENS else OURS
        yield Completion("stop", TokenUsage(10, 0, 10))

    async def aclose(self) -> None:
        return None


@pytest.fixture
def backend() -> Scripted:
    return Scripted()


@pytest.fixture
async def tutor(backend: Scripted) -> AsyncIterator[Tutor]:
    settings, problems = load_settings(
        {"cache": {"enabled": False}, "conversations": {"path": ":memory:"}, "prose": "all"}
    )
    assert not problems
    made = create_tutor(settings, backend=backend)
    yield made
    await made.aclose()


@pytest.fixture
def product() -> Subject:
    return next(one for one in subjects() if one.name == "numbers.py:product")


async def test_both_arms_explain_the_same_code(
    tutor: Tutor, backend: Scripted, product: Subject
) -> None:
    async with aclosing(explain_all(tutor, backend, [product])) as pairs:
        (pair,) = [pair async for pair in pairs]
    assert isinstance(pair, Pair)
    ours, plain = pair.answer(Arm.PROCODER), pair.answer(Arm.PLAIN)
    assert ours.sentences == ("Multiplies all factors.",)
    assert ours.checks is not None
    assert len(ours.checks.dropped) == 1
    assert ours.generated == 2
    assert "`result`" in ours.steps
    assert plain.sentences == ("Product", "It multiplies `factors`.", "It is quick.", "Done")
    assert plain.generated == 4
    assert plain.checks is None
    asked = backend.jobs[-1].prompt
    assert isinstance(asked, tuple)
    assert "def product(*factors):" in asked[0].content


async def test_an_answer_is_never_taken_from_before(
    tutor: Tutor, backend: Scripted, product: Subject
) -> None:
    async with aclosing(explain_all(tutor, backend, [product, product])) as pairs:
        assert len([pair async for pair in pairs]) == 2
    assert len(backend.jobs) == 4


async def test_a_host_that_fails_ends_it(tutor: Tutor, backend: Scripted, product: Subject) -> None:
    backend.fails = True
    with pytest.raises(BackendUnavailableError, match="no host"):
        await anext(explain_all(tutor, backend, [product]))


def test_plain_prompts() -> None:
    assert plain_prompt("def f(): ...", chats=False) == "def f(): ...\n\n# Explanation:"
    asked = "Explain what this Python function does.\n\n```python\ndef f(): ...\n```"
    assert plain_prompt("def f(): ...", chats=True) == (ChatMessage("user", asked),)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two, e.g. this. Three", ["One.", "Two, e.g. this.", "Three"]),
        ("## Title\n\n* first\n* second. Third.", ["Title", "first", "second.", "Third."]),
        ("Before.\n```python\nx = 1. \ny\n```\nAfter.", ["Before.", "After."]),
        ("Before.\n  ```\nnever closed", ["Before."]),
        ("---\n\n2. `x` is added.", ["`x` is added."]),
    ],
)
def test_sentences_of_markdown(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences
