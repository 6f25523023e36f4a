"""`textDocument/inlineCompletion`: code at the cursor, by a model that fills gaps.

Off unless the user turns it on; announced only to clients that know the request (LSP 3.18).
"""

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.analysis import read_source
from procoder_server.capabilities import knows_inline_completion
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.suggestions import Place
from procoder_tutor.errors import InputError
from procoder_tutor.infilling.gap import Gap


def register(server: ProcoderServer) -> None:
    """Add inline completion to a server whose client turns out to know it."""

    def announce(capabilities: types.ClientCapabilities) -> None:
        if knows_inline_completion(capabilities):
            options = types.InlineCompletionOptions()
            server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, options)(inline_completion)

    async def inline_completion(
        params: types.InlineCompletionParams,
    ) -> types.InlineCompletionList | None:
        return await _complete(server, params)

    server.when_initializing.append(announce)


def insertion(
    text_document: TextDocument, source: str, params: types.InlineCompletionParams
) -> tuple[Gap, str, types.Range]:
    """Return the gap, what goes before the suggestion, and what both together replace.

    While an item of the list of completions is selected, editors show only what begins with it: it
    is taken as if it stood in the text.
    """
    selected = params.context.selected_completion_info
    at = types.Range(params.position, params.position)
    replaced, begun = (selected.range, selected.text) if selected else (at, "")
    span = text_document.range_from_client_units(replaced)
    start = text_document.offset_at_server_position(span.start)
    end = max(start, text_document.offset_at_server_position(span.end))
    text = f"{source[:start]}{begun}{source[end:]}"
    return Gap.at(text, start + len(begun)), begun, replaced


async def _complete(
    server: ProcoderServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList | None:
    text_document = server.workspace.get_text_document(params.text_document.uri)
    if not is_python(text_document.language_id, text_document.uri):
        return None
    session = await server.sessions.get(text_document.uri)
    settings = session.settings
    if not settings.inline_completion.enabled:
        return None
    try:
        source = read_source(text_document)
    except InputError:
        return None
    gap, begun, replaced = insertion(text_document, source, params)
    typing = params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    suggested = await server.suggestions.at(
        Place(text_document.uri, gap),
        lambda: session.tutor.infill(gap),
        delay=settings.inline_completion.debounce_ms / 1000 if typing else 0,
        patience=settings.patience,
    )
    if not suggested:
        return None
    if "\r\n" in source:
        suggested = suggested.replace("\n", "\r\n")
    return types.InlineCompletionList(
        [types.InlineCompletionItem(insert_text=begun + suggested, range=replaced)]
    )
