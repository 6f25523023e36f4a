"""Files as they are uploaded: Python files, and zip archives, which are not unpacked to disk."""

import io
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from procoder_api.errors import UnusableError
from procoder_tutor.symbols import MAX_CHARACTERS

MAX_FILES = 500
MAX_BYTES = 64 * 1024 * 1024
"""Of all files together, unpacked."""
_MAX_ENTRIES = 20_000
"""Of an archive: a whole environment has that many, and reading their names takes a while."""
_MAX_FILE_BYTES = 4 * MAX_CHARACTERS + 3
"""No text of permitted length is longer in any source encoding, a byte order mark included."""
_SUFFIX = ".py"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)
"""What damaged, encrypted and exotic archives raise; NotImplementedError is a RuntimeError."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no part of the batch."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Text:
    """A Python file, decoded."""

    name: str
    text: str


def read_uploads(uploads: Sequence[Upload]) -> tuple[list[Text], list[Skipped]]:
    """Return the Python files, in the order they came, and what was left out and why.

    Raises UnusableError for an archive that cannot be read, for too much, and for nothing.
    """
    texts: list[Text] = []
    skipped: list[Skipped] = []
    total = 0
    for name, data in _files(uploads):
        total += len(data)
        if len(texts) >= MAX_FILES or total > MAX_BYTES:
            raise UnusableError(
                f"A batch takes at most {MAX_FILES} Python files and {MAX_BYTES:,} bytes."
            )
        found = _decoded(name, data)
        if isinstance(found, Text):
            texts.append(found)
        else:
            skipped.append(found)
    if not texts:
        raise UnusableError("There is no Python file in what was sent. Send files named *.py.")
    return texts, skipped


def _files(uploads: Sequence[Upload]) -> Iterator[tuple[str, bytes]]:
    for upload in uploads:
        if zipfile.is_zipfile(io.BytesIO(upload.data)) and not upload.name.endswith(_SUFFIX):
            yield from _unpacked(upload)
        else:
            yield upload.name, upload.data


def _unpacked(upload: Upload) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise UnusableError(f"{upload.name} has more than {_MAX_ENTRIES:,} entries.")
            for entry in entries:
                if _is_wanted(entry):
                    with archive.open(entry) as file:
                        # The size that an entry announces may be a lie.
                        yield entry.filename, file.read(_MAX_FILE_BYTES + 1)
    except _UNREADABLE as error:
        raise UnusableError(f"{upload.name} is no zip archive that can be read.") from error


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders, other files, and what tools put into archives."""
    parts = PurePosixPath(entry.filename).parts
    hidden = any(part.startswith((".", "__MACOSX", "__pycache__")) for part in parts)
    return not entry.is_dir() and entry.filename.endswith(_SUFFIX) and not hidden


def _decoded(name: str, data: bytes) -> Text | Skipped:
    if not name.endswith(_SUFFIX):
        return Skipped(name, "It is not named as a Python file.")
    if len(data) > _MAX_FILE_BYTES:
        return Skipped(name, f"It is longer than {MAX_CHARACTERS:,} characters.")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        text.encode()  # some encodings yield lone surrogates, which nothing can store
    except (SyntaxError, LookupError, UnicodeError):
        # LookupError: the declared encoding is none of text, such as hex.
        return Skipped(name, "It is not text in the encoding that it declares, or in UTF-8.")
    if len(text) > MAX_CHARACTERS:
        return Skipped(name, f"It is longer than {MAX_CHARACTERS:,} characters.")
    return Text(name, text)
