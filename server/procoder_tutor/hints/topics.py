"""What is known about each kind of problem: a question, a concept, and an example of other code.

The sentences are in `data/*.toml`, read at the first hint.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

_SYNTAX_RULES = frozenset({"SyntaxError", "IndentationError", "TabError"})
_FILES = ("names", "values", "formatting", "flow", "traps", "syntax", "general")
GENERAL = "finding"
"""Rule of the topic for findings that no other topic knows."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of problem; a question may hold `{name}`, `{line}` and `{symbol}` of the code."""

    id: str
    question: str
    concept: str
    lesson: str
    """Id of the concept that has a lesson; empty when there is none."""
    before: str
    """Other code with the same problem."""
    after: str
    """The same, repaired."""
    remark: str
    """What the repair did."""
    rules: tuple[str, ...] = ()
    """Classes of pyflakes messages, and kinds of traps."""
    messages: tuple[str, ...] = ()
    """Parts of CPython's messages about syntax."""


@cache
def topics() -> tuple[Topic, ...]:
    """Read all topics, in the order in which messages are tried."""
    found: list[Topic] = []
    for name in _FILES:
        text = resources.files(__package__).joinpath("data", f"{name}.toml").read_text("utf-8")
        found += [_topic(entry) for entry in tomllib.loads(text)["topic"]]
    return tuple(found)


def topic_of(rule: str, message: str = "") -> Topic:
    """Choose the topic of a finding's rule or a trap's kind; for syntax errors by the message."""
    if rule in _SYNTAX_RULES:
        return next(t for t in topics() if any(part in message for part in t.messages))
    known = {name: topic for topic in topics() for name in topic.rules}
    return known.get(rule, known[GENERAL])


def _topic(entry: dict[str, str | list[str]]) -> Topic:
    texts = {key: value for key, value in entry.items() if isinstance(value, str)}
    lists = {key: tuple(value) for key, value in entry.items() if not isinstance(value, str)}
    code = {key: texts[key].strip("\n") for key in ("before", "after")}
    return Topic(**{**texts, **code}, **lists)  # type: ignore[arg-type]  # the test reads all
