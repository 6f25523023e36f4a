"""Answers as text, for stores outside this process."""

import json
from dataclasses import asdict
from typing import Any

from procoder_tutor.events import Checks, Explanation


def encode(explanation: Explanation) -> str:
    """Write an answer as JSON, without what depends on when and how fast it was made."""
    return json.dumps(
        {
            "markdown": explanation.markdown,
            "checks": asdict(explanation.checks),
            "model": explanation.model,
            "blocks": explanation.blocks,
            "sent": explanation.sent,
        }
    )


def decode(value: str | bytes) -> Explanation | None:
    """Read an answer, marked as cached; None for anything that `encode` does not write."""
    try:
        data = json.loads(value)
        checks = data["checks"]
        return Explanation(
            _text(data["markdown"]),
            Checks(
                checked=_count(checks["checked"]),
                passed=_count(checks["passed"], at_most=checks["checked"]),
                dropped=_texts(checks["dropped"]),
                withheld=_count(checks["withheld"], at_most=len(checks["dropped"])),
                unknown_names=_texts(checks["unknown_names"]),
                language_checked=checks["language_checked"] is True,
            ),
            _text(data["model"]),
            blocks=_texts(data["blocks"]),
            sent=_texts(data["sent"]),
            cached=True,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(_text(item) for item in value)


def _count(value: Any, *, at_most: float = float("inf")) -> int:
    if type(value) is not int or not 0 <= value <= at_most:
        raise ValueError("not a count")
    return value
