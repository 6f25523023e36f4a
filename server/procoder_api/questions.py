"""From what a caller sent to a question for the tutor."""

import asyncio
from typing import Annotated, Literal

from pydantic import Field

from procoder_api.asking import Asked
from procoder_api.code import PlacedCode
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.settings import LANGUAGE_CODE, Settings
from procoder_tutor.symbols import Document, Symbol

LanguageCode = Annotated[str, Field(pattern=LANGUAGE_CODE, max_length=35)]
MAX_QUESTION = 10_000
"""Characters."""


class ExplanationBody(PlacedCode):
    """Code to explain, or to do something with."""

    kind: Literal["explain", "blocks", "error", "fix", "simplify", "document", "tests"] = "explain"
    """`blocks` adds a sentence for every block; `error` and `fix` are about what the linter finds
    at the place; the last four propose an edit."""
    level: Level | None = None
    """Whom it is for; by default what the server is set to."""
    language: LanguageCode | None = None
    """BCP 47 code of the answer's language; by default what the server is set to."""
    refresh: bool = False
    """Ask the model again even when the answer is known."""


class TurnBody(PlacedCode):
    """A turn of a conversation: a question in words, or another wish about the code."""

    code: Annotated[str, Field(max_length=1_000_000)] = ""
    """The whole text of the file that is talked about; the server keeps none of it."""
    kind: Literal["chat", "explain", "blocks", "error", "fix", "simplify", "document", "tests"] = (
        "chat"
    )
    text: Annotated[str, Field(max_length=MAX_QUESTION)] = ""
    """The question; a chat needs one."""
    level: Level | None = None
    language: LanguageCode | None = None
    refresh: bool = False


async def to_asked(
    body: ExplanationBody | TurnBody,
    settings: Settings,
    owner: str,
    conversation: str | None = None,
) -> Asked:
    """Return the question that a body asks; raises InputError where it asks nothing."""
    document = await body.document()
    symbol = body.symbol_in(document)
    kind, text = Kind(body.kind), body.text if isinstance(body, TurnBody) else ""
    if kind is Kind.CHAT and not text.strip():
        raise InputError("There is no question", "Send one as `text`, or another `kind`.")
    finding = None
    if kind in {Kind.ERROR, Kind.FIX}:
        finding = await asyncio.to_thread(_finding, document, symbol, body.line)
        symbol = document.enclosing(finding.line)
    question = Question(
        symbol,
        kind,
        level=body.level or settings.level,
        language=body.language or settings.language,
        refresh=body.refresh,
        text=text,
        finding=finding,
        conversation=conversation,
    )
    return Asked(document, question, owner)


def _finding(document: Document, symbol: Symbol, line: int | None) -> Finding:
    """Return the finding at a line, else the worst of the symbol; raises InputError."""
    found = [
        finding
        for finding in lint(document)
        if symbol.kind == "module" or symbol.line <= finding.line <= symbol.end_line
    ]
    if not found:
        raise InputError("The linter finds nothing there", "Ask `/v1/lint` where it does.")
    return min(found, key=lambda f: (f.line != line, f.severity != "error", f.line))
