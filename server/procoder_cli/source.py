"""Reading source files for the commands, and choosing what in them a command is about."""

import io
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path

from procoder_tutor.errors import InputError
from procoder_tutor.symbols import MAX_CHARACTERS, Document, Snapshot, Symbol

_MAX_BYTES = 4 * MAX_CHARACTERS + 3
"""No text of permitted length is longer in any source encoding, a byte order mark included."""


def load_document(path: str) -> Document:
    """Read and parse a Python file, `-` for standard input.

    The encoding is the one the file declares (PEP 263), UTF-8 without a declaration. Raises
    InputError when the file cannot be read or is too long.
    """
    if path == "-":
        return Document.parse(Snapshot(_decode(_read_stdin(), "standard input"), "untitled:stdin"))
    file = Path(path)
    text = _decode(_read(file), path)
    absolute = file.absolute()
    return Document.parse(Snapshot(text, absolute.as_uri(), absolute))


@dataclass(frozen=True, slots=True)
class Where:
    """What in a file a command is about: at most one of these; the whole file without any."""

    line: int | None = None
    lines: str | None = None
    """`FIRST-LAST`."""
    symbol: str | None = None


def select(document: Document, where: Where) -> Symbol:
    """Return what the options name.

    Raises NoSymbolError for a name that is not there, InputError for lines that are not.
    """
    if sum(given is not None for given in (where.line, where.lines, where.symbol)) > 1:
        raise InputError("More than one place was given", "Give --line, --lines or --symbol.")
    if where.symbol is not None:
        return document.by_name(where.symbol)
    if where.lines is not None:
        return document.selection(*_range(document, where.lines))
    if where.line is not None:
        return document.enclosing(_known_line(document, where.line))
    return document.module


def _range(document: Document, text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    if not dash or not first.strip().isdecimal() or not last.strip().isdecimal():
        raise InputError(f"{text!r} names no lines", "Give the first and the last, like 10-18.")
    return _known_line(document, int(first)), _known_line(document, int(last))


def _known_line(document: Document, line: int) -> int:
    count = document.source.line_count
    if not 1 <= line <= count:
        raise InputError(f"There is no line {line}", f"The file has lines 1 to {count}.")
    return line


def _read_stdin() -> bytes:
    return sys.stdin.buffer.read(_MAX_BYTES + 1)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no file {file}", "Check the path.") from None
    except IsADirectoryError:
        raise InputError(f"{file} is a folder", "Name a Python file in it.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{file} cannot be read: {reason}", "Check the path.") from None


def _decode(data: bytes, name: str) -> str:
    if len(data) > _MAX_BYTES:
        raise InputError(
            f"{name} is longer than {MAX_CHARACTERS:,} characters",
            "Copy the part you want explained into a file of its own.",
        )
    try:
        encoding = encoding_of(data)
        return data.decode(encoding)
    except SyntaxError as error:
        raise InputError(
            f"{name} cannot be decoded: {error.msg}",
            "Save it as UTF-8, or correct its coding line.",
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not {error.encoding} text: line {line} has a byte it does not know",
            "Save it as UTF-8, or declare its encoding in its first line (PEP 263).",
        ) from None


def encoding_of(data: bytes) -> str:
    """Return the encoding that Python source declares (PEP 263); raises SyntaxError."""
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
