"""The steps of a symbol as a list: numbers for its own statements, dashes for what is inside."""

from collections.abc import Iterator, Sequence

from procoder_tutor.facts.model import Step

MAX_SHOWN = 16
_INDENT = "    "


def step_lines(steps: Sequence[Step]) -> Iterator[str]:
    """Yield one line of Markdown a step; of a long list the outer steps, and then its beginning."""
    shown = list(steps)
    depth = max((step.depth for step in steps), default=0)
    while len(shown) > MAX_SHOWN and depth > 0:
        depth -= 1
        shown = [step for step in steps if step.depth <= depth]
    number = 0
    for step in shown[:MAX_SHOWN]:
        number += step.depth == 0
        marker = "-" if step.depth else f"{number}."
        yield f"{_INDENT * step.depth}{marker} {step.text} ({_lines(step)})"
    if len(shown) > MAX_SHOWN:
        yield f"{number + 1}. … and {len(shown) - MAX_SHOWN} more steps"


def _lines(step: Step) -> str:
    if step.end_line == step.line:
        return f"line {step.line}"
    return f"lines {step.line}-{step.end_line}"
