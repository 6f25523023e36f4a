"""Logging that keeps code and answers out: neither belongs in a log file or an editor's output.

The libraries below us put whole messages into their log records and exceptions quote values, so of
their records only the template is kept, and of every exception its type and place.
"""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

MAX_BYTES = 1_000_000
"""Of one log file; then it is renamed, and the oldest of them goes."""
BACKUPS = 3
_OWN = "procoder_"
_FRAMES = 6


class PrivateFormatter(logging.Formatter):
    """Formats a record without the values that may be someone's code."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line for the record and one for its exception."""
        own = record.name.startswith(_OWN)
        message = record.getMessage() if own else str(record.msg)
        time = self.formatTime(record, "%H:%M:%S")
        line = f"{time} {record.levelname} {record.name}: {message}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, traceback = record.exc_info
            line += f"\n  {kind.__name__} in {_place(traceback)}"
        return line


def configure_logging(level: str, file: Path | None) -> None:
    """Send records of `level` and above to `file`, which is rotated, or to stderr.

    Raises OSError for a file that cannot be written.
    """
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = RotatingFileHandler(
            file, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8"
        )
    handler.setFormatter(PrivateFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _place(traceback: TracebackType | None) -> str:
    frames = extract_tb(traceback)[-_FRAMES:]
    return " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames) or "no frames"
