"""What is known about the open documents: each version parsed and linted once, in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument

from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Analysis:
    """One version of a document, parsed and linted."""

    document: Document
    findings: tuple[Finding, ...]
    version: int | None


class Analyses:
    """The analysis of every open document, kept until its text changes."""

    def __init__(self, find: Callable[[str], TextDocument]) -> None:
        self._find = find
        self._latest: dict[str, tuple[str, asyncio.Task[Analysis]]] = {}
        self._traps: WeakKeyDictionary[Document, asyncio.Task[tuple[Finding, ...]]] = (
            WeakKeyDictionary()
        )

    async def get(self, uri: str) -> Analysis:
        """Return the analysis of the current version; raises InputError when there can be none.

        Cancelling the caller leaves the work to whoever asks next.
        """
        return await asyncio.shield(self.start(uri))

    def start(self, uri: str) -> "asyncio.Task[Analysis]":
        """Begin to analyse the current version, unless that has begun before."""
        text_document = self._find(uri)
        source = read_source(text_document)
        known = self._latest.get(uri)
        if known is not None and known[0] is source and not _broken(known[1]):
            return known[1]
        snapshot = Snapshot(source, uri, local_path(uri))
        task = asyncio.create_task(asyncio.to_thread(analyse, snapshot, text_document.version))
        task.add_done_callback(_mark_seen)
        if text_document.version is not None:
            self._latest[uri] = (source, task)
        return task

    async def traps(self, analysis: Analysis) -> tuple[Finding, ...]:
        """Return the traps of an analysed document, which take as long to find as all else."""
        document = analysis.document
        task = self._traps.get(document)
        if task is None or _broken(task):
            looking = asyncio.to_thread(_trap_findings, document, analysis.findings)
            task = self._traps[document] = asyncio.create_task(looking)
        return await asyncio.shield(task)

    def current(self, analysis: Analysis) -> TextDocument | None:
        """Return the document that was analysed; None when its text has changed since."""
        text_document = self._find(analysis.document.snapshot.uri)
        try:
            source = read_source(text_document)
        except InputError:
            return None
        return text_document if source == analysis.document.snapshot.text else None

    def forget(self, uri: str) -> None:
        """Drop what is known of a document that was closed."""
        self._latest.pop(uri, None)


def analyse(snapshot: Snapshot, version: int | None) -> Analysis:
    """Parse and lint; raises InputError for a document that is too large."""
    document = Document.parse(snapshot)
    return Analysis(document, tuple(_shortened(item) for item in lint(document)), version)


def read_source(text_document: TextDocument) -> str:
    """Return a document's text, read from disk when it is not open in the editor."""
    try:
        return text_document.source
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            "The document is neither open nor readable as UTF-8", "Open it in the editor first."
        ) from error


def local_path(uri: str) -> Path | None:
    """Return where a document lies on disk, when its URI says so."""
    path = to_fs_path(uri) if uri_scheme(uri) == "file" else None
    return Path(path) if path else None


def _trap_findings(document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    from procoder_tutor.traps import trap_findings  # noqa: PLC0415 - `initialize` is faster

    return trap_findings(document, findings)


def _shortened(finding: Finding) -> Finding:
    """Cut a message that quotes a name of 200,000 characters: people read it in a tooltip."""
    if len(finding.message) <= _LONGEST_MESSAGE:
        return finding
    return replace(finding, message=finding.message[: _LONGEST_MESSAGE - 1] + "…")


def _broken(task: "asyncio.Task[Any]") -> bool:
    return task.cancelled()


def _mark_seen(task: "asyncio.Task[Analysis]") -> None:
    """Retrieve the outcome, so that an analysis nobody waited for is no warning."""
    if not task.cancelled():
        task.exception()
