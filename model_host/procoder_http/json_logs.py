"""Log lines for people or for machines, each with the id of the request it belongs to.

Logs hold neither prompts nor answers: a traceback names files, lines and the type of the error,
but not its message, which may quote what a client sent.
"""

import json
import logging
import re
import secrets
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TextIO

LogFormat = Literal["human", "json"]

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Id of the request that the running task serves."""

_SANE_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",  # uvicorn's, for terminals
}


def request_id(given: bytes | None) -> str:
    """Return the client's own id if it is short and plain, else a new one."""
    if given is not None and _SANE_ID.match(given):
        return given.decode("ascii")
    return f"req-{secrets.token_hex(8)}"


def configure_logging(log_format: LogFormat, program: str, stream: TextIO | None = None) -> None:
    """Send all log records of `program` to `stream` (stderr), replacing other handlers.

    Machines get a line for each request; people only what they may have to act on.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else HumanFormatter(program))
    logging.basicConfig(
        level=logging.INFO if log_format == "json" else logging.WARNING,
        handlers=[handler],
        force=True,
    )


class HumanFormatter(logging.Formatter):
    """`procoder host: WARNING words [request id]`."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """Render a record as text."""
        current = REQUEST_ID.get()
        line = f"{self._program}: {record.levelname} {record.getMessage()}"
        lines = [f"{line} [{current}]" if current else line, *_trace(record)]
        return "\n".join(lines)


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, request_id, and `extra` fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Render a record as JSON without newlines."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (current := REQUEST_ID.get()) is not None:
            fields["request_id"] = current
        fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if trace := _trace(record):
            fields["trace"] = trace
        return json.dumps(fields, ensure_ascii=False, default=str)


def _trace(record: logging.LogRecord) -> list[str]:
    """Return where an exception came from: frames, then its type; never its message."""
    if not record.exc_info or record.exc_info[1] is None:
        return []
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return [*places, f"{type(error).__module__}.{type(error).__qualname__}"]
