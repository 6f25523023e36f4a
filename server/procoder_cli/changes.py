"""Proposed edits written to disk."""

from pathlib import Path

from procoder_cli.source import encoding_of
from procoder_tutor.edits.difference import changed_files
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document


def apply(document: Document, proposal: ProposedEdit) -> list[Path]:
    """Write an edit and return the files that changed; raises InputError when one has meanwhile."""
    written = []
    for path, before, after in changed_files(document, proposal):
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
