"""`procoder.previewChat`: what a question would send, before it is asked.

The argument is that of `procoder.chat`; the result is described in docs/lsp.md.
"""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from procoder_server.chat_arguments import parse_chat_arguments
from procoder_server.chat_input import Slash
from procoder_server.chat_questions import Asked, to_asked
from procoder_server.chat_turns import Turn, read_turn
from procoder_server.errors import carrying_tutor_errors
from procoder_server.references import lines_range
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import BackendError

if TYPE_CHECKING:
    from procoder_tutor.answering.previewing import Preview

PREVIEW: Final = "procoder.previewChat"
SECONDS = 2.0
"""For the model to count its tokens; without them the rest is told all the same."""
_WITHOUT_CODE = frozenset({Slash.HINT, Slash.NEW, Slash.CLEAR, Slash.EXPORT})


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(PREVIEW)
    async def preview(params: types.ExecuteCommandParams) -> dict[str, Any]:
        arguments = parse_chat_arguments(params.arguments, PREVIEW)
        with carrying_tutor_errors():
            turn = await read_turn(server, arguments)
            if turn.said.slash in _WITHOUT_CODE:
                return {"kind": str(turn.said.slash), "parts": [], "sends": False}
            document = turn.analysis.document
            asked = to_asked(document, turn.analysis.findings, turn.said, turn.cursor)
            known = await _preview(turn, asked) if server.is_on(arguments.uri) else None
        return {**_fields(server, turn, asked, known), "notes": [*turn.notes, *asked.notes]}


async def _preview(turn: Turn, asked: Asked) -> "Preview | None":
    """Ask the model's tokenizer; None while there is no model."""
    tutor, document = turn.session.tutor, turn.analysis.document
    words = asked.text.removesuffix(asked.report)
    texts = {"question": words, "diagnostics": asked.report}
    try:
        async with asyncio.timeout(SECONDS):
            return await tutor.preview(document, turn.question(asked), texts)
    except (BackendError, TimeoutError):
        return None


def _fields(
    server: ProcoderServer, turn: Turn, asked: Asked, known: "Preview | None"
) -> dict[str, Any]:
    text_document = server.workspace.get_text_document(turn.arguments.uri)
    parts = [
        {**part, "tokens": known.parts.get(part["kind"], 0) if known else None}
        for part in _parts(asked, known)
    ]
    parts[0]["range"] = lines_range(text_document, asked.symbol.line, asked.symbol.end_line)
    return {
        "kind": asked.kind.value,
        "parts": parts,
        "sends": bool(known.prompt) if known else None,
        "cached": known.cached if known else None,
        "model": known.model if known else None,
        "tokens": known.tokens if known else None,
        "answer_tokens": known.answer_tokens if known else None,
        "window": known.window if known else None,
        "omitted": list(known.omitted) if known else [],
        "prompt": known.prompt if known else None,
    }


def _parts(asked: Asked, known: "Preview | None") -> Iterator[dict[str, Any]]:
    """Yield the parts of what is sent that a user chose or can leave out, the code first."""
    yield {"kind": "code", "title": asked.symbol.name, "about": asked.symbol.kind}
    if asked.report:
        count = len(asked.findings)
        yield {"kind": "diagnostics", "title": f"{count} problem{'s' if count > 1 else ''}"}
    if known and known.parts.get("conversation"):
        yield {"kind": "conversation", "title": "Earlier turns"}
    if asked.text:
        yield {"kind": "question", "title": "Question"}
