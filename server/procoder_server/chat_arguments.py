"""The argument of `procoder.chat`, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.arguments import read_arguments, read_level, read_range
from procoder_server.errors import InvalidArgumentsError
from procoder_server.late import importing
from procoder_server.next_steps import CHAT
from procoder_server.positions import to_tutor
from procoder_server.protocol import PARTIAL_RESULT_TOKEN
from procoder_server.subjects import Cursor
from procoder_tutor.questions import Level

_FIELDS = {
    "uri": str,
    "text": str,
    "line": int,
    "range": dict,
    "conversation": str,
    "level": str,
    "language": str,
    "refresh": bool,
    "replaces": int,
    "show": bool,
}
_ONCE = frozenset({"show", "refresh", "replaces", PARTIAL_RESULT_TOKEN})
"""What concerns one request and is not sent again with a next step."""


@dataclass(frozen=True, slots=True)
class ChatArguments:
    """What is said, about which document, from where in it."""

    uri: str
    text: str
    repeatable: Mapping[str, Any]
    """The argument as it came, without what concerns this request alone."""
    line: int | None = None
    """Of the cursor, 0-based."""
    range: types.Range | None = None
    """The selection; where it is empty, the cursor."""
    conversation: str | None = None
    level: Level | None = None
    language: str | None = None
    refresh: bool = False
    """Ask the model again, whatever is kept."""
    replaces: int | None = None
    """Number of an earlier turn that this one takes the place of, and of all after it."""
    show: bool = False
    partial: types.ProgressToken | None = None

    def cursor(self, text_document: TextDocument) -> Cursor | None:
        """Return where in the document the cursor is, as the tutor counts."""
        if self.range is None:
            return None if self.line is None else Cursor(self.line + 1)
        first, column = to_tutor(text_document, self.range.start)
        if self.range.start == self.range.end:
            return Cursor(first, column)
        last, end_column = to_tutor(text_document, self.range.end)
        if last > first and end_column == 0:
            last -= 1
        return Cursor(first, column, last)


def parse_chat_arguments(arguments: Sequence[Any] | None, command: str = CHAT) -> ChatArguments:
    """Check the argument of the command; raises InvalidArgumentsError."""
    given = read_arguments(command, arguments, _FIELDS, required=["uri", "text"])
    return ChatArguments(
        uri=given["uri"],
        text=given["text"],
        repeatable={name: value for name, value in given.items() if name not in _ONCE},
        line=given.get("line"),
        range=read_range(given["range"]) if "range" in given else None,
        conversation=given.get("conversation"),
        level=read_level(given.get("level")),
        language=_language(given.get("language")),
        refresh=given.get("refresh", False),
        replaces=given.get("replaces"),
        show=given.get("show", False),
        partial=given.get(PARTIAL_RESULT_TOKEN),
    )


def _language(code: str | None) -> str | None:
    with importing():
        from procoder_tutor.settings import is_language  # noqa: PLC0415 - `initialize` needs no pydantic

    if code is not None and not is_language(code):
        raise InvalidArgumentsError(message="`language` is a code such as `en` or `pt-BR`.")
    return code
