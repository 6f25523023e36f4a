"""Packing into a window: exact by tokens, with few counts, and never silently."""

import pytest

from procoder_tutor.backend import Prompt, prompt_text
from procoder_tutor.context import elide, pack
from procoder_tutor.errors import InputError
from procoder_tutor.prompts import Excerpt, profile_for
from procoder_tutor.questions import Level

BODY = "\n".join(f"    total = total + {number}" for number in range(300))
LONG = Excerpt(
    "function", f"def f(total):\n{BODY}\n    return total", "def f(total):", context="A = 1"
)


@pytest.mark.parametrize(
    ("window", "counts", "omitted"),
    [
        (20_000, 0, False),
        (2_500, 1, False),
        (600, 4, True),
        (200, 4, True),
    ],
)
@pytest.mark.parametrize("style", ["docstring", "purpose", "chat"])
async def test_pack(window: int, counts: int, *, omitted: bool, style: str) -> None:
    counted: list[str] = []

    async def count_tokens(text: str) -> int:
        counted.append(text)
        return len(text) // 4 + 1

    profile = profile_for(style)
    answer = profile.max_tokens(Level.INTERMEDIATE, "en")

    def render(excerpt: Excerpt) -> Prompt:
        return profile.render(excerpt, Level.INTERMEDIATE, "en")

    packed = await pack(render, LONG, answer, window=window, count_tokens=count_tokens)
    prompt = prompt_text(packed.prompt)
    assert len(counted) <= counts
    assert bool(packed.omitted) is omitted
    assert ("# …" in prompt) is omitted
    assert prompt.startswith(profile.prefix(Level.INTERMEDIATE, "en"))
    if style != "chat":
        assert prompt.endswith('def f(total):\n    """')
    assert len(prompt) // 4 + 1 + answer < window


async def test_what_cannot_fit_is_refused() -> None:
    async def count_tokens(text: str) -> int:
        return len(text)

    def render(excerpt: Excerpt) -> Prompt:
        return profile_for("purpose").render(excerpt, Level.EXPERT, "en")

    with pytest.raises(InputError, match="does not fit"):
        await pack(render, LONG, 45, window=100, count_tokens=count_tokens)


def test_headers_around_the_gap_stay() -> None:
    inner = "\n".join(f"            step({number})" for number in range(30))
    code = f"def f(rows):\n    first()\n    for row in rows:\n        if row:\n{inner}\n    last()"
    shortened, gone = elide(code, 120)
    assert shortened.startswith(
        "def f(rows):\n    first()\n    for row in rows:\n        if row:\n"
    )
    assert "            # …\n" in shortened
    assert shortened.endswith("    last()")
    assert len(shortened) <= 120
    assert gone > 20
