"""`textDocument/hover`: facts at once, the explanation as soon as there is one."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TypeVar
from weakref import WeakKeyDictionary

from lsprotocol import types

from procoder_server import parts
from procoder_server.background import Job, explanation_of
from procoder_server.command_links import command_links
from procoder_server.hover_targets import target_at
from procoder_server.late import importing
from procoder_server.positions import covers, to_tutor, word_range
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.session import Session
from procoder_server.symbol_commands import links_of
from procoder_tutor.errors import InputError, describe
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Level
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target

logger = logging.getLogger(__name__)
T = TypeVar("T")

DEADLINE_SECONDS = 0.1
"""For everything: a hover is to be answered within 150 ms, also on a busy machine."""
SESSION_SECONDS = 0.05
"""Of these, for the tutor to be opened, which takes longer when the server was started just now."""
COMPOSE_SECONDS = 0.03
"""Of these, for facts and text once jedi has said what a name refers to."""
JEDI_SECONDS = 0.05
"""Of these, for jedi to complete the facts: half of its answers take less than 51 ms."""


@dataclass(frozen=True, slots=True)
class Place:
    """What lies under the cursor."""

    document: Document
    symbol: Symbol | None
    line: int
    column: int
    first: bool = True
    """Nobody has hovered this symbol before: jedi is waited for. Later it is done, or slow."""


class Visits:
    """Which symbols were hovered, of the documents that there still are."""

    def __init__(self) -> None:
        self._seen: WeakKeyDictionary[Document, set[Symbol]] = WeakKeyDictionary()

    def note(self, document: Document, symbol: Symbol | None) -> bool:
        """Take note of a hover; tells whether it is the first one of its symbol."""
        seen = self._seen.setdefault(document, set())
        if symbol is None or symbol in seen:
            return False
        seen.add(symbol)
        return True


def register(server: ProcoderServer) -> None:
    """Add hovers to a server."""
    server.background.when_written.append(partial(_note, server))
    visits = Visits()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        markdown = wants_markdown(server.client_capabilities)
        text_document = server.workspace.get_text_document(params.text_document.uri)
        if not is_python(text_document.language_id, text_document.uri):
            return _hover(parts.PYTHON_ONLY, markdown=markdown)
        deadline = asyncio.get_running_loop().time() + DEADLINE_SECONDS
        try:
            async with asyncio.timeout_at(deadline):
                document = await server.analyses.document(text_document.uri)
        except InputError as error:
            return _hover(describe(error), markdown=markdown)
        except TimeoutError:
            return _hover(parts.READING, markdown=markdown)
        line, column = to_tutor(text_document, params.position)
        server.idle.rests(text_document.uri, line)
        symbol = document.symbol_at(line, column)
        place = Place(document, symbol, line, column, visits.note(document, symbol))
        text = await _describe(server, place, deadline, markdown=markdown)
        if not text:
            return None
        return _hover(text, markdown=markdown, span=word_range(text_document, line, column))


def look_at(
    place: Place, findings: tuple[Finding, ...]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that a place lies in, and on a definition the others inside that."""
    here = tuple(finding for finding in findings if covers(finding, place.line, place.column))
    symbol, error = place.symbol, place.document.syntax_error
    if symbol is not None and symbol.line <= place.line <= symbol.end_line:
        inside = (f for f in findings if symbol.line <= f.line <= symbol.end_line)
        return here, tuple(finding for finding in inside if finding not in here)
    if symbol is None and not here and error is not None:
        here = findings[:1] or (error,)
    return here, ()


def wants_markdown(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client prefers Markdown; one that says nothing gets plain text."""
    document = capabilities.text_document
    formats = document.hover.content_format if document and document.hover else None
    return bool(formats) and next(iter(formats or ())) == types.MarkupKind.Markdown


async def _describe(
    server: ProcoderServer, place: Place, deadline: float, *, markdown: bool
) -> str:
    """Return the hover's text, empty where there is nothing to say."""
    cards = await asyncio.to_thread(_cards)
    compose = cards.compose_markdown if markdown else cards.compose_text
    target = await _target(server, place, deadline) if place.symbol is None else None
    if isinstance(target, Symbol):
        place = replace(place, symbol=target)
    findings, known = await asyncio.gather(
        _findings(server, place, deadline), _known(server, place, deadline)
    )
    if place.symbol is not None and known.facts is None:
        return parts.READING
    text: str = compose(known.facts, findings, known.part, known.level)
    if isinstance(target, Target):
        about = cards.target_markdown(target) if markdown else cards.target_text(target)
        text = (cards.RULE if markdown else "\n\n").join(filter(None, [about, text]))
    settings = server.sessions.settings(place.document.snapshot.uri)
    if markdown and place.symbol is not None and settings and settings.hover.command_links:
        text += f"\n\n{command_links(links_of(place.symbol, server.protocol.fm.commands))}"
    return text


async def _target(server: ProcoderServer, place: Place, deadline: float) -> Symbol | Target | None:
    """Return what jedi finds for a name within the deadline, which the rest may then use up."""
    document = place.document
    session = await _session(server, document, deadline)
    if session is None:
        return None
    seconds = deadline - asyncio.get_running_loop().time() - COMPOSE_SECONDS
    looking = target_at(session, document, place.line, place.column, max(0.0, seconds))
    return await _until(deadline, looking)


async def _session(server: ProcoderServer, document: Document, deadline: float) -> Session | None:
    """Return the session of a document; None while it is being opened."""
    opened_by = deadline - DEADLINE_SECONDS + SESSION_SECONDS
    return await _until(opened_by, server.sessions.get(document.snapshot.uri))


def _cards() -> ModuleType:
    """Import what writes Markdown when it is needed: `initialize` is answered sooner without."""
    with importing():
        return import_module("procoder_server.cards")


async def _findings(
    server: ProcoderServer, place: Place, deadline: float
) -> list[parts.Diagnosed | Finding]:
    """Return what the linter says, unless it is not done in time: a file that was just opened."""
    analysis = await _until(deadline, server.analyses.get(place.document.snapshot.uri))
    known = analysis.findings if analysis and analysis.document is place.document else ()
    here, inside = look_at(place, known)
    if not here:
        return list(inside)
    explained = await asyncio.to_thread(_cards().diagnosed, place.document, here)
    return [*explained, *inside]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the symbol at a place."""

    facts: Facts | None = None
    part: parts.Part | None = None
    level: Level = Level.INTERMEDIATE


async def _known(server: ProcoderServer, place: Place, deadline: float) -> _Known:
    if place.symbol is None:
        return _Known()
    session = await _session(server, place.document, deadline)
    if session is None:
        server.spawn(_write_later(server, place.document, place.symbol))
        at_once = asyncio.to_thread(instant_facts, place.document, place.symbol)
        return _Known(await _until(deadline, at_once), parts.Writing())
    facts, part = await asyncio.gather(
        _facts(session, place.document, place.symbol, deadline),
        _part(server, session, place.document, place.symbol, deadline),
    )
    explained = isinstance(part, parts.Explained)
    if facts is not None and not facts.complete and place.first and not explained:
        facts = await _completed(session, place.document, place.symbol, deadline) or facts
    return _Known(facts, part, session.settings.level)


async def _completed(
    session: Session, document: Document, symbol: Symbol, deadline: float
) -> Facts | None:
    """Return the facts with jedi's part if that comes soon; an explanation does not wait for it."""
    rest = deadline - asyncio.get_running_loop().time()
    budget = max(0.0, min(JEDI_SECONDS, rest))
    return await _facts(session, document, symbol, deadline, budget=budget)


async def _facts(
    session: Session, document: Document, symbol: Symbol, deadline: float, *, budget: float = 0
) -> Facts | None:
    return await _until(deadline, session.tutor.facts(document, symbol, budget=budget))


async def _part(
    server: ProcoderServer, session: Session, document: Document, symbol: Symbol, deadline: float
) -> parts.Part:
    question = explanation_of(session, symbol)
    kept = await _until(deadline, session.tutor.cached(document, question))
    if kept is not None:
        server.journal.note(symbol.name, kept)
        return parts.Explained(kept)
    job = server.background.ensure(session.tutor, document, question)
    if job.explanation is not None:
        server.journal.note(symbol.name, job.explanation)
        return parts.Explained(job.explanation)
    if job.error is not None:
        return parts.Unavailable(describe(job.error))
    return parts.Writing(job.text, server.background.remaining(job))


async def _write_later(server: ProcoderServer, document: Document, symbol: Symbol) -> None:
    """Keep the promise of a hover that came before the tutor was there."""
    session = await server.sessions.get(document.snapshot.uri)
    server.background.ensure(session.tutor, document, explanation_of(session, symbol))


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


def _note(server: ProcoderServer, job: Job) -> None:
    """Remember what was sent for an explanation that somebody waited for."""
    if job.wanted and job.explanation is not None:
        server.journal.note(job.question.symbol.name, job.explanation)


def _hover(text: str, *, markdown: bool, span: types.Range | None = None) -> types.Hover:
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(contents=types.MarkupContent(kind=kind, value=text), range=span)
