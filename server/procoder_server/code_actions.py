"""`textDocument/codeAction`: "Explain this" for the code at the cursor or in the selection.

Its kind is `procoder.explain`: no `source.*` kind, which VS Code leaves out of its light bulb, and
not `refactor` or `quickfix`, since nothing is changed. A client that asks for certain kinds only
gets it when it asks for `procoder` or everything.
"""

from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from procoder_server.commands import EXPLAIN
from procoder_server.positions import to_tutor
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document, Symbol

KIND = "procoder.explain"
_KINDS: Sequence[types.CodeActionKind | str] = [KIND]


def register(server: ProcoderServer) -> None:
    """Add code actions to a server."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=_KINDS)
    )
    async def code_action(
        params: types.CodeActionParams,
    ) -> list[types.CodeAction | types.Command] | None:
        text_document = server.workspace.get_text_document(params.text_document.uri)
        python = is_python(text_document.language_id, text_document.uri)
        if not python or not is_wanted(params.context.only):
            return None
        try:
            analysis = await server.analyses.get(text_document.uri)
        except InputError:
            return None
        first, column = to_tutor(text_document, params.range.start)
        last, end_column = to_tutor(text_document, params.range.end)
        if last > first and end_column == 0:
            last -= 1
        symbol = selected(analysis.document, first, column, last)
        command = explain_command(text_document.uri, symbol)
        if not supports_literals(server.client_capabilities):
            return [command]
        return [types.CodeAction(title=command.title, kind=KIND, command=command)]


def is_wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Tell whether a client that asks for `only` these kinds wants ours; kinds are prefixes."""
    if not only:
        return True
    names = [kind.value if isinstance(kind, types.CodeActionKind) else kind for kind in only]
    return any(name == "" or f"{KIND}.".startswith(f"{name}.") for name in names)


def selected(document: Document, first: int, column: int, last: int) -> Symbol:
    """Return the symbol that a cursor points at, or the innermost around a selection."""
    if first == last and (named := document.symbol_at(first, column)) is not None:
        return named
    around = [s for s in document.symbols if s.line <= first and last <= s.end_line]
    innermost = document.enclosing(first)
    if innermost in around or not around:
        return innermost
    return min(around, key=lambda symbol: symbol.end_line - symbol.line)


def supports_literals(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client takes CodeAction objects; older ones take only commands."""
    document = capabilities.text_document
    action = document.code_action if document else None
    return action is not None and action.code_action_literal_support is not None


def explain_command(uri: str, symbol: Symbol) -> types.Command:
    """Return the command that explains a symbol and shows the result."""
    arguments: dict[str, Any] = {"uri": uri, "symbol": symbol.name, "line": symbol.line - 1}
    return types.Command(
        title=f"Explain this: {symbol.name}",
        command=EXPLAIN,
        arguments=[{**arguments, "show": True}],
    )
