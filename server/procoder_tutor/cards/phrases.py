"""Small pieces of sentences: lists, links and lines."""

import re
from collections.abc import Iterable, Sequence

from procoder_tutor.sanitize import clean, code_span, escape

_EXPRESSION_WIDTH = 60
_MOST_NAMES = 8
_DOC_URL = re.compile(r"https://[\w.-]+/[\w./%#~+-]*")


def linked(title: str, url: str | None, *, code: bool = False) -> str:
    """Link `title` when `url` is a plain https address, else only show it."""
    label = code_span(short(title)) if code else escape(title)
    return f"[{label}]({url})" if url and _DOC_URL.fullmatch(url) else label


def names(listed: Iterable[str]) -> str:
    """List names as code spans."""
    return listing([code_span(name) for name in listed])


def listing(items: Sequence[str], *, last: str = "and") -> str:
    """Join like a person would, and say how many were left out."""
    unique = list(dict.fromkeys(item for item in items if item))
    if len(unique) > _MOST_NAMES:
        return f"{', '.join(unique[:_MOST_NAMES])} {last} {len(unique) - _MOST_NAMES} more"
    return f" {last} ".join(filter(None, [", ".join(unique[:-1]), *unique[-1:]]))


def short(code: str) -> str:
    """Cut code to what fits into a sentence."""
    flat = " ".join(clean(code).split())
    return flat if len(flat) <= _EXPRESSION_WIDTH else flat[: _EXPRESSION_WIDTH - 1] + "…"


def first_sentence(text: str) -> str:
    """Return the first sentence of a text on one line."""
    flat = " ".join(clean(text).split())
    match = re.match(r".{8,200}?[.!?](?=\s|$)", flat)
    return match.group() if match else flat[:200]
