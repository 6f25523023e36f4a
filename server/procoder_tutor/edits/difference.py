"""What a proposed edit changes: each file before and after, and as a unified diff."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.symbols import Document


def difference(document: Document, proposal: ProposedEdit) -> str:
    """Return a unified diff of everything an edit changes."""
    lines: list[str] = []
    for path, before, after in changed_files(document, proposal):
        name = str(path) if path else document.snapshot.uri
        old, new = (text.splitlines(keepends=True) for text in (before, after))
        changed = difflib.unified_diff(old, new, name, name)
        lines += [line if line.endswith("\n") else f"{line}\n" for line in changed]
    return "".join(lines)


def changed_files(
    document: Document, proposal: ProposedEdit
) -> Iterator[tuple[Path | None, str, str]]:
    """Yield each file with its text before and after; reads a file that is not the document."""
    if proposal.new_file is not None:
        yield proposal.new_file.path, "", proposal.new_file.text
    if proposal.edits:
        path, text = document.snapshot.path, document.snapshot.text
        if proposal.path is not None:
            path, text = proposal.path, proposal.path.read_bytes().decode()
        yield path, text, apply_edits(text, proposal.edits)
