"""`textDocument/hover`: facts at once, the explanation as soon as there is one."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from lsprotocol import types

from procoder_server import parts
from procoder_server.background import Job
from procoder_server.positions import covers, to_tutor, word_range
from procoder_server.progress import work_progress
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.session import Session
from procoder_tutor.errors import InputError, describe
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document, Symbol

logger = logging.getLogger(__name__)
T = TypeVar("T")

DEADLINE_SECONDS = 0.12
"""For everything: a hover is to be answered within 150 ms."""
FACTS_SECONDS = 0.08
"""Of these, for jedi to complete the facts."""


@dataclass(frozen=True, slots=True)
class Place:
    """What lies under the cursor."""

    document: Document
    symbol: Symbol | None
    findings: tuple[Finding, ...]


def register(server: ProcoderServer) -> None:
    """Add hovers to a server."""
    server.background.accompany = partial(_show, server)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        markdown = wants_markdown(server.client_capabilities)
        text_document = server.workspace.get_text_document(params.text_document.uri)
        if not is_python(text_document.language_id, text_document.uri):
            return _hover(parts.PYTHON_ONLY, markdown=markdown)
        deadline = asyncio.get_running_loop().time() + DEADLINE_SECONDS
        try:
            async with asyncio.timeout_at(deadline):
                analysis = await server.analyses.get(text_document.uri)
        except InputError as error:
            return _hover(describe(error), markdown=markdown)
        except TimeoutError:
            return _hover(parts.READING, markdown=markdown)
        line, column = to_tutor(text_document, params.position)
        place = look_at(analysis.document, analysis.findings, line, column)
        if place.symbol is None and not place.findings:
            return None
        text = await _describe(server, place, deadline, markdown=markdown)
        return _hover(text, markdown=markdown, span=word_range(text_document, line, column))


def look_at(document: Document, findings: tuple[Finding, ...], line: int, column: int) -> Place:
    """Find the symbol at a place and the findings that concern it.

    On a definition those are all findings inside it; elsewhere those that the place lies in.
    """
    symbol = document.symbol_at(line, column)
    inside = symbol is not None and symbol.line <= line <= symbol.end_line
    concerned = tuple(
        finding
        for finding in findings
        if covers(finding, line, column) or (symbol and inside and _within(symbol, finding))
    )
    if symbol is None and not concerned and document.syntax_error is not None:
        concerned = findings[:1] or (document.syntax_error,)
    return Place(document, symbol, concerned)


def wants_markdown(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client prefers Markdown; one that says nothing gets plain text."""
    document = capabilities.text_document
    formats = document.hover.content_format if document and document.hover else None
    return bool(formats) and next(iter(formats or ())) == types.MarkupKind.Markdown


async def _describe(
    server: ProcoderServer, place: Place, deadline: float, *, markdown: bool
) -> str:
    from procoder_server import cards  # noqa: PLC0415 - `initialize` is answered without Markdown

    compose = cards.compose_markdown if markdown else cards.compose_text
    if place.symbol is None:
        return compose(None, place.findings, None)
    session = await _until(deadline, server.sessions.get(place.document.snapshot.uri))
    if session is None:
        server.spawn(_write_later(server, place.document, place.symbol))
        facts = instant_facts(place.document, place.symbol)
        return compose(facts, place.findings, parts.Writing())
    facts, part = await asyncio.gather(
        _facts(session, place.document, place.symbol, deadline),
        _part(server, session, place.document, place.symbol, deadline),
    )
    return compose(facts, place.findings, part, session.settings.level)


async def _facts(session: Session, document: Document, symbol: Symbol, deadline: float) -> Facts:
    known = await _until(deadline, session.tutor.facts(document, symbol, budget=FACTS_SECONDS))
    return known or instant_facts(document, symbol)


async def _part(
    server: ProcoderServer, session: Session, document: Document, symbol: Symbol, deadline: float
) -> parts.Part:
    question = _question(session, symbol)
    kept = await _until(deadline, session.tutor.cached(document, question))
    if kept is not None:
        return parts.Explained(kept)
    job = server.background.ensure(session.tutor, document, question)
    if job.explanation is not None:
        return parts.Explained(job.explanation)
    if job.error is not None:
        return parts.Unavailable(describe(job.error))
    return parts.Writing(job.text, server.background.remaining(job))


async def _write_later(server: ProcoderServer, document: Document, symbol: Symbol) -> None:
    """Keep the promise of a hover that came before the tutor was there."""
    session = await server.sessions.get(document.snapshot.uri)
    server.background.ensure(session.tutor, document, _question(session, symbol))


def _question(session: Session, symbol: Symbol) -> Question:
    settings = session.settings
    return Question(symbol, level=settings.level, language=settings.language)


async def _until(deadline: float, work: Awaitable[T]) -> T | None:
    """Return what comes before the deadline; None when it is late or fails unexpectedly."""
    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except TimeoutError:
        return None
    except Exception:
        logger.exception("a part of a hover failed")
        return None


def _show(server: ProcoderServer, job: Job) -> AbstractAsyncContextManager[object]:
    """Show in the editor that an explanation is being written, with a way to stop it."""
    return work_progress(server, None, f"Explaining {job.question.symbol.name}", "for the hover")


def _within(symbol: Symbol, finding: Finding) -> bool:
    return symbol.line <= finding.line <= symbol.end_line


def _hover(text: str, *, markdown: bool, span: types.Range | None = None) -> types.Hover:
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(contents=types.MarkupContent(kind=kind, value=text), range=span)
