"""A gap is filled: by a scripted model, and by one of Code Llama's shape in a real host."""

from contextlib import aclosing

import pytest
from scripted_model import Scripted

from procoder_protocol.discovery import HostAddress
from procoder_tutor.infilling.gap import Gap, Suggestion
from procoder_tutor.infilling.writing import infilling
from procoder_tutor.openai_backend import OpenAIBackend

SECRET = "ghp_" + "x7Kq2mZp9RtY4wVb6NcD8sFg1HjL3aQe5UiO"
GAP = Gap("def f(a):\n    return ", "\n\n\nf(1)\n")


async def filled(model: Scripted, gap: Gap = GAP) -> tuple[str, str]:
    """Return the text as it came, and what is shown."""
    items = [item async for item in infilling(model, gap)]
    *pieces, last = items
    assert isinstance(last, Suggestion)
    return "".join(str(piece) for piece in pieces), last.text


async def test_a_model_that_fills_gaps() -> None:
    model = Scripted("a + 1", fim=True)
    assert await filled(model) == ("a + 1 ", "a + 1")
    (job,) = model.jobs
    assert (job.prompt, job.suffix) == (GAP.before, GAP.after)
    assert (job.max_tokens, job.stop, job.background) == (64, (), False)


async def test_within_a_line_the_model_stops_at_its_end() -> None:
    model = Scripted("a)", fim=True)
    assert (await filled(model, Gap("print(", ")\n")))[1] == "a"
    assert model.jobs[0].stop == ("\n",)


@pytest.mark.parametrize(
    ("fim", "gap"),
    [
        (False, GAP),
        (True, Gap(f"key = '{SECRET[:20]}", f"{SECRET[20:]}'\n")),
        (True, Gap("x = 1\n" * 170_000, "")),
    ],
    ids=["model without infilling", "inside a secret", "too long"],
)
async def test_no_model_is_asked(gap: Gap, *, fim: bool) -> None:
    model = Scripted("a", fim=fim)
    assert await filled(model, gap) == ("", "")
    assert model.jobs == []


async def test_secrets_stay_here_and_come_back() -> None:
    model = Scripted("REDACTED_GITHUB_TOKEN_1", fim=True)
    gap = Gap(f"a = '{SECRET}'\nb = '", "'\n")
    _, shown = await filled(model, gap)
    assert SECRET not in str(model.jobs)
    assert model.prompts[0].startswith("a = 'REDACTED_")
    placeholder = model.prompts[0].split("'")[1]
    again = Scripted(placeholder, fim=True)
    assert (await filled(again, gap))[1] == SECRET
    assert shown


async def test_text_that_would_not_be_shown_is_not_waited_for() -> None:
    model = Scripted("a\nmore and more", fim=True)
    text, shown = await filled(model)
    assert (text, shown) == ("a\nmore ", "a")
    assert model.closed.is_set()


async def test_half_a_line_at_the_limit() -> None:
    model = Scripted("a\n    retu", fim=True)
    model.finish_reason = "length"
    assert (await filled(model))[1] == "a"


async def test_closing_stops_the_model() -> None:
    model = Scripted("a + b", fim=True)
    model.gate.clear()
    async with aclosing(infilling(model, GAP)) as items:
        assert await anext(items) == "a "
    assert model.closed.is_set()


async def test_a_real_host(code_llama: HostAddress) -> None:
    async def locate() -> HostAddress:
        return code_llama

    backend = OpenAIBackend(code_llama.model, locate)
    info = await backend.identify()
    assert (info.fim, info.chats) == (True, False)
    items = [item async for item in infilling(backend, GAP)]
    await backend.aclose()
    assert isinstance(items[-1], Suggestion)
    assert any(isinstance(item, str) and item for item in items[:-1])
