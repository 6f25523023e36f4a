"""Proposed edits on disk: shown as a difference, and written when wanted."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from procoder_cli.source import encoding_of
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document


def difference(document: Document, proposal: ProposedEdit) -> str:
    """Return a unified diff of everything an edit changes."""
    lines: list[str] = []
    for path, before, after in _changes(document, proposal):
        name = str(path) if path else document.snapshot.uri
        old, new = (text.splitlines(keepends=True) for text in (before, after))
        changed = difflib.unified_diff(old, new, name, name)
        lines += [line if line.endswith("\n") else f"{line}\n" for line in changed]
    return "".join(lines)


def apply(document: Document, proposal: ProposedEdit) -> list[Path]:
    """Write an edit and return the files that changed; raises InputError when one has meanwhile."""
    written = []
    for path, before, after in _changes(document, proposal):
        if path is None:
            raise InputError("This code is in no file", "Save it first.")
        try:
            data = path.read_bytes() if path.exists() else b""
            encoding = encoding_of(data)
            if data.decode(encoding) != before:
                raise InputError(f"{path} has changed meanwhile", "Ask again.")
            path.write_bytes(after.encode(encoding))
        except (OSError, UnicodeError) as error:
            raise InputError(f"{path} cannot be written: {error}", "Check the path.") from error
        written.append(path)
    return written


def _changes(document: Document, proposal: ProposedEdit) -> Iterator[tuple[Path | None, str, str]]:
    """Yield each file with its text before and after."""
    if proposal.new_file is not None:
        yield proposal.new_file.path, "", proposal.new_file.text
    if proposal.edits:
        path, text = document.snapshot.path, document.snapshot.text
        if proposal.path is not None:
            path, text = proposal.path, proposal.path.read_bytes().decode()
        yield path, text, apply_edits(text, proposal.edits)
