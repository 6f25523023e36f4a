"""`textDocument/documentHighlight`: the places where the name at the cursor means the same.

Editors ask for it where the cursor rests, which is also what idle work goes by.
"""

import asyncio

from lsprotocol import types

from procoder_server.positions import to_client, to_tutor
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError
from procoder_tutor.occurrences import occurrences


def register(server: ProcoderServer) -> None:
    """Add document highlights to a server."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlight(
        params: types.DocumentHighlightParams,
    ) -> list[types.DocumentHighlight] | None:
        text_document = server.workspace.get_text_document(params.text_document.uri)
        if not is_python(text_document.language_id, text_document.uri):
            return None
        try:
            document = await server.analyses.document(text_document.uri)
        except InputError:
            return None
        line, column = to_tutor(text_document, params.position)
        server.idle.rests(text_document.uri, line)
        found = await asyncio.to_thread(occurrences, document, line, column)
        kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
        return [
            types.DocumentHighlight(
                to_client(text_document, *item.span.start, *item.span.end), kinds[item.written]
            )
            for item in found
        ]
