"""What is known about the open documents: each version parsed and linted once, in threads.

A hover needs the parsed document and what is looked up in it, and does not wait for the linter; nor
does the linter wait for what only hovers look up.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument

from procoder_server.errors import UnreadableError
from procoder_server.late import importing
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import MAX_CHARACTERS, Document, Snapshot

T = TypeVar("T")

MAX_ANALYSED = 2_000_000
"""Characters of the documents whose analyses are kept, at some 75 bytes each; of others, those that
were not asked about for longest, nothing is kept, and they are parsed anew when they are."""
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Analysis:
    """One version of a document, parsed and linted."""

    document: Document
    findings: tuple[Finding, ...]
    version: int | None


@dataclass(slots=True)
class _Version:
    """One version of a document on its way to being known; what nobody asks for is not begun."""

    source: str
    parsed: "asyncio.Task[Document]"
    analysis: "asyncio.Task[Analysis] | None" = None
    indexed: "asyncio.Task[Document] | None" = None


class Analyses:
    """The analyses of open documents, kept until their texts change or there are too many."""

    def __init__(self, find: Callable[[str], TextDocument]) -> None:
        self._find = find
        self._latest: LRUCache[str, _Version] = LRUCache(MAX_ANALYSED, getsizeof=_weight)
        self._traps: WeakKeyDictionary[Document, asyncio.Task[tuple[Finding, ...]]] = (
            WeakKeyDictionary()
        )

    async def get(self, uri: str) -> Analysis:
        """Return the analysis of the current version; raises InputError when there can be none.

        Cancelling the caller leaves the work to whoever asks next.
        """
        version = self._begin(uri)
        if version.analysis is None:
            number = self._find(uri).version
            version.analysis = _task(_linted(version.parsed, number))
        return await asyncio.shield(version.analysis)

    async def document(self, uri: str) -> Document:
        """Return the current version parsed, before it is linted; raises InputError as `get`."""
        return await asyncio.shield(self.prepare(uri))

    def prepare(self, uri: str) -> "asyncio.Task[Document]":
        """Begin to parse the current version, unless that has begun; raises InputError as `get`."""
        version = self._begin(uri)
        if version.indexed is None:
            version.indexed = _task(_indexed(version.parsed))
        return version.indexed

    async def traps(self, analysis: Analysis) -> tuple[Finding, ...]:
        """Return the traps of an analysed document, which take as long to find as all else."""
        document = analysis.document
        task = self._traps.get(document)
        if task is None or task.cancelled():
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

    def _begin(self, uri: str) -> _Version:
        """Begin to analyse the current version, unless that has begun before."""
        text_document = self._find(uri)
        source = read_source(text_document)
        known = self._latest.get(uri)
        if known is not None and known.source is source and not known.parsed.cancelled():
            return known
        snapshot = Snapshot(source, uri, local_path(uri))
        version = _Version(source, _task(asyncio.to_thread(Document.parse, snapshot)))
        if text_document.version is not None:
            self._latest[uri] = version
        return version


def _weight(version: _Version) -> int:
    """Return how much a version counts; one that is refused is not parsed, and so takes nothing."""
    length = len(version.source)
    return length if length <= MAX_CHARACTERS else 0


def index(document: Document) -> Document:
    """Collect what the first hover of a document looks up; returns the document."""
    document.bindings.of(document.syntax)
    document.bindings.uses(1)
    document.of_node(document.syntax)
    return document


async def _indexed(parsing: "asyncio.Task[Document]") -> Document:
    return await asyncio.to_thread(index, await asyncio.shield(parsing))


async def _linted(parsing: "asyncio.Task[Document]", version: int | None) -> Analysis:
    document = await asyncio.shield(parsing)
    found = await asyncio.to_thread(lint, document)
    return Analysis(document, tuple(_shortened(item) for item in found), version)


def read_source(text_document: TextDocument) -> str:
    """Return a document's text, read from disk when it is not open in the editor."""
    try:
        return text_document.source
    except UnreadableError as error:
        raise InputError(
            "The document is neither open nor readable as UTF-8", "Open it in the editor first."
        ) from error


def local_path(uri: str) -> Path | None:
    """Return where a document lies on disk, when its URI says so."""
    path = to_fs_path(uri) if uri_scheme(uri) == "file" else None
    return Path(path) if path else None


def _trap_findings(document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    with importing():
        from procoder_tutor.traps import trap_findings  # noqa: PLC0415 - `initialize` is faster

    return trap_findings(document, findings)


def _shortened(finding: Finding) -> Finding:
    """Cut a message that quotes a name of 200,000 characters: people read it in a tooltip."""
    if len(finding.message) <= _LONGEST_MESSAGE:
        return finding
    return replace(finding, message=finding.message[: _LONGEST_MESSAGE - 1] + "…")


def _task(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Begin work whose failure is no warning when nobody waited for it."""
    task = asyncio.create_task(work)
    task.add_done_callback(_mark_seen)
    return task


def _mark_seen(task: "asyncio.Task[Any]") -> None:
    """Retrieve the outcome, so that an analysis nobody waited for is no warning."""
    if not task.cancelled():
        task.exception()
