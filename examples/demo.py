"""What ProCoder is for, in one minute: talk to `procoder lsp` the way an editor does.

Starts the language server as a subprocess, opens `examples/bank.py`, and prints what an editor
would show: diagnostics, a hover with facts, an explanation as it streams, the hover again.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding

EXAMPLE = Path(__file__).with_name("bank.py")
PROCODER = shutil.which("procoder", path=Path(sys.executable).parent) or "procoder"
FRESH = {"PROCODER_CACHE_PATH": ":memory:", "PROCODER_HOST_IDLE_TIMEOUT": "60"}
"""Nothing is known from an earlier run, and a host that this run starts leaves soon."""
SYMBOL = "merge"
PATIENCE_S = 300.0
"""How long a slow machine may take to load the model and answer."""


class Editor(LanguageClient):
    """A minimal editor: keeps the diagnostics, prints the explanation as it streams."""

    def __init__(self, console: Console) -> None:
        super().__init__("procoder-demo", "1.0")
        self.diagnostics: asyncio.Future[list[lsp.Diagnostic]] = asyncio.Future()

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def on_diagnostics(params: lsp.PublishDiagnosticsParams) -> None:
            if not self.diagnostics.done():
                self.diagnostics.set_result(list(params.diagnostics))

        @self.feature(lsp.PROGRESS)
        def on_progress(params: lsp.ProgressParams) -> None:
            match params.token, params.value:
                case "demo", {"kind": "report", "message": str(text)}:
                    console.print(text, end="", style="cyan", markup=False)
                case "demo", {"kind": "begin", "message": str(status)}:
                    console.print(f"  ({status})", markup=False)

        @self.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def on_progress_created(params: lsp.WorkDoneProgressCreateParams) -> None:
            del params

        @self.feature(lsp.WINDOW_LOG_MESSAGE)
        @self.feature(lsp.WINDOW_SHOW_MESSAGE)
        def on_message(params: lsp.LogMessageParams | lsp.ShowMessageParams) -> None:
            console.print(params.message, markup=False)

    async def hover(self, position: lsp.Position) -> tuple[str, float]:
        """Hover as a user would; the Markdown shown, and the milliseconds it took."""
        document = lsp.TextDocumentIdentifier(EXAMPLE.as_uri())
        started = time.perf_counter()
        answer = await self.text_document_hover_async(lsp.HoverParams(document, position))
        took = (time.perf_counter() - started) * 1000
        contents = answer.contents if answer else None
        return (contents.value if isinstance(contents, lsp.MarkupContent) else ""), took


async def main() -> int:
    """Run the demo; returns the exit code."""
    console = Console(highlight=False)
    editor = Editor(console)
    started = time.perf_counter()
    await editor.start_io(PROCODER, "lsp", env={**os.environ, **FRESH})
    await initialize(editor)
    heading(console, f"procoder lsp, ready after {ms_since(started):.0f} ms")

    source = EXAMPLE.read_text(encoding="utf-8")
    editor.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            lsp.TextDocumentItem(EXAMPLE.as_uri(), "python", version=1, text=source)
        )
    )
    heading(console, f"Diagnostics of {EXAMPLE.name}")
    for finding in await asyncio.wait_for(editor.diagnostics, PATIENCE_S):
        line = finding.range.start.line + 1
        console.print(f"  {EXAMPLE.name}:{line}  {finding.code}  {finding.message}")

    position = position_of(source, SYMBOL)
    shown, took = await editor.hover(position)
    heading(console, f"Hover over `{SYMBOL}`: facts after {took:.0f} ms")
    console.print(Padding(Markdown(shown), (0, 2)))

    heading(console, "Explain this, streamed (the model loads first)")
    answer = await explain(editor)
    console.print(f"\n  {rate(answer)}", markup=False, soft_wrap=True)

    shown, took = await editor.hover(position)
    heading(console, f"Hover again: the explanation from the cache after {took:.0f} ms")
    console.print(Padding(Markdown(shown), (0, 2)))

    await editor.shutdown_async(None)
    editor.exit(None)
    await editor.stop()
    next_steps(console)
    return 0


async def initialize(editor: Editor) -> None:
    """Introduce ourselves as an editor with Markdown hovers and progress."""
    hover = lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown])
    capabilities = lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(hover=hover),
        window=lsp.WindowClientCapabilities(work_done_progress=True),
    )
    folder = EXAMPLE.parent.as_uri()
    await editor.initialize_async(
        lsp.InitializeParams(capabilities=capabilities, process_id=None, root_uri=folder)
    )
    editor.initialized(lsp.InitializedParams())


async def explain(editor: Editor) -> dict[str, Any]:
    """Run the command behind the code action “Explain this”; the text arrives as progress."""
    arguments = [{"uri": EXAMPLE.as_uri(), "symbol": SYMBOL}]
    params = lsp.ExecuteCommandParams("procoder.explain", arguments, work_done_token="demo")
    request = editor.workspace_execute_command_async(params)
    answer = await asyncio.wait_for(request, PATIENCE_S)
    return answer if isinstance(answer, dict) else vars(answer)


def position_of(source: str, name: str) -> lsp.Position:
    """Where `name` is defined (the text before it is ASCII: UTF-16 units are characters)."""
    before = source[: source.index(f"def {name}") + len("def ")]
    return lsp.Position(before.count("\n"), len(before) - before.rindex("\n") - 1)


def next_steps(console: Console) -> None:
    """How to have the same in a real editor, with the paths of this checkout."""
    heading(console, "Next, in your editor")
    console.print("  VS Code: make vsix, then Extensions: Install from VSIX… with")
    console.print("    client-vscode/procoder.vsix")
    console.print("  Neovim 0.8 or newer, with a Python file open:")
    start = f"vim.lsp.start({{ name = 'procoder', cmd = {{ '{PROCODER}', 'lsp' }} }})"
    console.print(f"    :lua {start}", markup=False, soft_wrap=True)
    console.print("    then :lua vim.lsp.buf.hover() over a function's name")


def heading(console: Console, text: str) -> None:
    """A line that separates one step from the next."""
    console.print(f"\n[bold]{text}[/]")


def rate(answer: dict[str, Any]) -> str:
    """What the answer cost, and how fast the model wrote, in the words of the command line."""
    usage, times, checks = answer["usage"], answer["timings_ms"], answer["checks"]
    if answer["cached"]:
        return f"{answer['model']} · from the cache in {times['total']:.0f} ms"
    seconds = (times["total"] - times["first_token"]) / 1000
    speed = usage["completion_tokens"] / seconds if seconds else float("inf")
    return (
        f"{checks['passed']} of {checks['checked']} checked · {answer['model']} · "
        f"first token after {times['first_token'] / 1000:.1f} s · "
        f"{usage['completion_tokens']} tokens at {speed:.0f}/s · "
        f"prompt {usage['prompt_tokens']}, {usage['cached_tokens']} reused"
    )


def ms_since(started: float) -> float:
    """Milliseconds since `started`, a reading of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
