"""The real `procoder lsp`, driven by pytest-lsp as an editor drives it; real host, real model."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from host_process import HostProcess
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import make_test_lsp_client

from procoder_server.parts import READING

COMMAND = [sys.executable, "-m", "procoder_cli", "lsp"]
PATIENCE = 120.0
"""Seconds after which waiting is given up: loading and writing on a busy machine."""


class Editor:
    """One editor window: a server process, a client, and what was opened in it."""

    def __init__(self) -> None:
        self.client: LanguageClient = make_test_lsp_client()
        self.server: types.InitializeResult | None = None
        self.pulls = False
        """Whether the client asks for diagnostics, and so is sent none."""
        self._changed = asyncio.Condition()
        self._wakers: set[asyncio.Task[None]] = set()
        converter = self.client.protocol._converter
        converter.register_structure_hook(types.Command | types.CodeAction, self._action)
        for method in (types.PROGRESS, types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS):
            self._observe(method)

    def _action(self, value: Any, _: type) -> types.Command | types.CodeAction:
        """Read an entry of a menu; lsprotocol takes an action that has a command for a command."""
        converter = self.client.protocol._converter
        if isinstance(value.get("command"), str):
            return converter.structure(value, types.Command)
        return converter.structure(value, types.CodeAction)

    def _observe(self, method: str) -> None:
        features = self.client.protocol.fm.features
        inner = features[method]

        def handler(params: Any) -> None:
            inner(params)
            waker = asyncio.ensure_future(self._wake())
            self._wakers.add(waker)
            waker.add_done_callback(self._wakers.discard)

        features[method] = handler

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, reached: Callable[[], Any]) -> Any:
        """Wait for notifications until `reached` returns something; returns that."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while not (value := reached()):
                await self._changed.wait()
            return value

    async def start(
        self,
        profile: str,
        environment: dict[str, str],
        options: Any = None,
        *,
        inline_completion: bool = False,
    ) -> None:
        """Start; `inline_completion` adds what the profiles are too old for."""
        await self.client.start_io(*COMMAND, env=environment)
        capabilities = client_capabilities(profile)
        if inline_completion and capabilities.text_document is not None:
            inline = types.InlineCompletionClientCapabilities()
            capabilities.text_document.inline_completion = inline
        self.server = await self.client.initialize_session(
            types.InitializeParams(capabilities=capabilities, initialization_options=options)
        )
        self.pulls = self.server.capabilities.diagnostic_provider is not None

    async def open(self, text: str, path: Path) -> str:
        """Open a document and wait for its diagnostics; returns its URI."""
        uri = path.as_uri()
        item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        if self.pulls:
            await self.pull(uri)
        else:
            await self.until(lambda: uri in self.client.diagnostics)
        return uri

    async def pull(self, uri: str) -> list[types.Diagnostic]:
        """Ask for a document's diagnostics."""
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        report = await self.client.text_document_diagnostic_async(params)
        return list(getattr(report, "items", None) or ())

    async def until_problems(self, uri: str, *, any_: bool) -> None:
        """Wait until a document has diagnostics, or none."""
        if not self.pulls:
            await self.until(lambda: bool(self.client.diagnostics[uri]) is any_)
            return
        async with asyncio.timeout(PATIENCE):
            while bool(await self.pull(uri)) is not any_:
                pass

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        """Hover, and again as long as the server says that it is still reading the file."""
        place = types.HoverParams(
            types.TextDocumentIdentifier(uri), types.Position(line, character)
        )
        async with asyncio.timeout(PATIENCE):
            while True:
                hover = await self.client.text_document_hover_async(place)
                if getattr(getattr(hover, "contents", None), "value", "") != READING:
                    return hover

    async def hovered(self, uri: str, line: int, character: int) -> str:
        hover = await self.hover(uri, line, character)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        return hover.contents.value

    def explain(self, token: str | None = None, **argument: Any) -> "asyncio.Task[Any]":
        """Ask for an explanation in a task of its own, so that it can be cancelled."""
        return self.run("explain", token, **argument)

    def run(self, command: str, token: str | None = None, **argument: Any) -> "asyncio.Task[Any]":
        """Send one of our commands in a task of its own."""
        params = types.ExecuteCommandParams(
            command=f"procoder.{command}", arguments=[argument], work_done_token=token
        )
        if token is not None:
            self.client.progress_reports.setdefault(token, [])
        return asyncio.create_task(self.client.workspace_execute_command_async(params))

    def reports(self, token: str) -> list[str]:
        """The pieces of text that came for a token so far."""
        values = self.client.progress_reports.get(token, [])
        return [v.message or "" for v in values if isinstance(v, types.WorkDoneProgressReport)]

    async def explained(self, uri: str, line: int, character: int) -> str:
        """Hover, wait until the editor shows that the writing has ended, and hover again."""
        await self.hovered(uri, line, character)
        await self.until(self._written)
        return await self.hovered(uri, line, character)

    def _written(self) -> bool:
        """Tell whether an explanation that was shown as being written has ended."""
        return any(
            getattr(values[0], "title", "").startswith("Explaining")
            and isinstance(values[-1], types.WorkDoneProgressEnd)
            for values in self.client.progress_reports.values()
            if values
        )

    async def stop(self) -> int:
        """Leave in the order of the protocol; returns the exit code."""
        await self.client.shutdown_session()
        process = self.client._server
        assert process is not None
        code = await asyncio.wait_for(process.wait(), PATIENCE)
        await self.client.stop()
        return code


@pytest.fixture
def bank(repository: Path) -> str:
    return (repository / "examples" / "bank.py").read_text(encoding="utf-8")


@pytest.fixture
async def start_editor(
    isolated_environment: dict[str, str],
) -> AsyncIterator[Callable[..., Awaitable[Editor]]]:
    """Starts editors with the capabilities of a real one; stops what is still running."""
    editors: list[Editor] = []

    async def start(
        profile: str = "visual-studio-code", *, inline_completion: bool = False, **changes: str
    ) -> Editor:
        editor = Editor()
        editors.append(editor)
        environment = {**isolated_environment, **changes}
        await editor.start(profile, environment, inline_completion=inline_completion)
        return editor

    yield start
    for editor in editors:
        process = editor.client._server
        if process is not None and process.returncode is None:
            await editor.stop()


@pytest.fixture
async def editor(start_editor: Callable[..., Awaitable[Editor]]) -> Editor:
    return await start_editor()


@pytest.fixture
def host(isolated_environment: dict[str, str]) -> HostProcess:
    return HostProcess(Path(isolated_environment["PROCODER_RUNTIME_DIR"]))
