"""An editor's session with the real language server, the real host and the real model."""

import asyncio
import json
import sys

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

COMMAND = [sys.executable, "-m", "procoder_cli", "lsp"]
MERGE = "def merge"
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803


def place(text: str, definition: str) -> tuple[int, int]:
    """Line and column (0-based) of the name that a definition gives."""
    before = text[: text.index(definition)]
    return before.count("\n"), definition.rindex(" ") + 1


def varied(text: str, name: str) -> str:
    """The example with a function of another name: nobody has asked about it before."""
    return text.replace("merge", name)


async def test_the_main_job(start_editor, bank, tmp_path) -> None:
    editor = await start_editor(PROCODER_CACHE_PATH=str(tmp_path / "cache.sqlite3"))
    uri = await editor.open(bank, tmp_path / "bank.py")
    at = place(bank, MERGE)
    first = await editor.hovered(uri, *at)
    assert "merge(intervals: list[tuple[int, int]])" in first
    assert "ValueError" in first
    assert "Writing the explanation" in first
    second = await editor.explained(uri, *at)
    assert "smollm2-135m" in second
    result = await editor.explain(uri=uri, symbol="merge")
    assert result["cached"] is True
    assert result["model"] == "smollm2-135m"


async def test_an_edit_elsewhere_keeps_the_explanation(editor, bank, tmp_path) -> None:
    uri = await editor.open(varied(bank, "join"), tmp_path / "bank.py")
    line, column = place(bank, MERGE)
    await editor.explained(uri, line, column)
    start = types.Position(0, 0)
    change = types.TextDocumentContentChangePartial(
        range=types.Range(start, start), text="# A comment.\n\n"
    )
    editor.client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version=2, uri=uri), [change]
        )
    )
    assert "from cache" in await editor.hovered(uri, line + 2, column)


async def test_what_is_in_view_is_explained_before_anybody_asks(
    start_editor, bank, tmp_path
) -> None:
    editor = await start_editor(PROCODER_IDLE_ON_BATTERY="true")
    refreshed = asyncio.Event()
    features = editor.client.protocol.fm.features
    features[types.WORKSPACE_CODE_LENS_REFRESH] = lambda _: refreshed.set()
    uri = await editor.open(varied(bank, "unite"), tmp_path / "bank.py")
    document = types.TextDocumentIdentifier(uri)
    lenses = await editor.client.text_document_code_lens_async(types.CodeLensParams(document))
    lens = next(item for item in lenses if item.data["symbol"] == "unite")
    await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(document, types.Position(lens.range.start.line, 4))
    )
    lens = await editor.client.code_lens_resolve_async(lens)
    assert lens.command.title == "Explain"
    while lens.command.title == "Explain":
        await asyncio.wait_for(refreshed.wait(), 120)
        refreshed.clear()
        lens = await editor.client.code_lens_resolve_async(lens)
    assert lens.command.title == "Explanation ready"
    result = await editor.explain(uri=uri, symbol="unite")
    assert result["cached"] is True


async def test_the_command_streams_and_returns(editor, bank, tmp_path) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    result = await editor.explain("mine", uri=uri, symbol="compound", refresh=True)
    reports = editor.reports("mine")
    assert "".join(reports).split() == result["explanation"].split()
    kinds = [type(value) for value in editor.client.progress_reports["mine"]]
    assert kinds[0] is types.WorkDoneProgressBegin
    assert kinds[-1] is types.WorkDoneProgressEnd
    assert result["facts"]["recursion"] is True
    assert result["cached"] is False
    assert result["usage"]["completion_tokens"] > 0


async def test_cancelling_frees_the_engine(editor, bank, tmp_path) -> None:
    text = varied(bank, "fold")
    uri = await editor.open(text, tmp_path / "bank.py")
    task = editor.explain("stop", uri=uri, symbol="fold")
    begun = await editor.until(lambda: editor.client.progress_reports["stop"])
    assert isinstance(begun[0], types.WorkDoneProgressBegin)
    identity = next(
        key for key, future in editor.client.protocol._request_futures.items() if not future.done()
    )
    editor.client.cancel_request(types.CancelParams(id=identity))
    with pytest.raises(JsonRpcException) as refused:
        await task
    assert refused.value.code == REQUEST_CANCELLED
    after = await editor.explain(uri=uri, symbol="monthly_totals")
    assert after["symbol"] == "monthly_totals"


async def test_a_killed_host_is_an_error_and_then_forgotten(
    editor, start_editor, bank, tmp_path, host
) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    await editor.explain(uri=uri, symbol="compound")
    guest = await start_editor(PROCODER_HOST_START="false")
    await guest.open(bank, tmp_path / "bank.py")
    host.freeze()
    task = guest.explain("killed", uri=uri, symbol="main", refresh=True)
    await guest.until(lambda: guest.client.progress_reports["killed"])
    host.kill()
    with pytest.raises(JsonRpcException) as failed:
        await task
    assert failed.value.code == REQUEST_FAILED
    assert "host" in failed.value.message
    after = await editor.explain(uri=uri, symbol="main", refresh=True)
    assert after["symbol"] == "main"


async def test_diagnostics(editor, bank, tmp_path) -> None:
    uri = await editor.open("import os\n" + bank, tmp_path / "bank.py")
    found = {item.code: item for item in editor.client.diagnostics[uri]}
    assert list(found["F401"].tags) == [types.DiagnosticTag.Unnecessary]
    assert found["F401"].source == "procoder"
    assert "F841" in found


@pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "emacs"])
async def test_hovers_in_every_editor(start_editor, profile, bank, tmp_path) -> None:
    editor = await start_editor(profile)
    text = f"\ufeffx = '😀'; y = x\r\n{bank}".replace("def merge", "def merge_é")
    uri = await editor.open(text, tmp_path / "bank.py")
    line, column = place(text, "def merge_é")
    hover = await editor.hover(uri, line, column)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "ValueError" in hover.contents.value
    assert hover.range is not None
    encoding = editor.server.capabilities.position_encoding or "utf-16"
    width = len("merge_é".encode(encoding + ("-le" if encoding != "utf-8" else "")))
    units = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    assert hover.range.end.character - column == width // units


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", (0, 0), None),
        ("def f(:\n    pass\n", (1, 5), "E999"),
        ("x" * 200_000, (0, 100_000), "x"),
        ("\ufeffs = '😀'\r\n\r\ndef g():\r\n    return s\r\n", (2, 4), "def g()"),
        ("s = '\ud800'\ndef g():\n    return s\n", (1, 4), "def g()"),
        ("#\n" * 2_700_000, (5, 0), "1,000,000"),
    ],
    ids=["empty", "broken", "one line", "CRLF and BOM", "surrogate", "5 MB"],
)
async def test_strange_documents(editor, text, at, expected, tmp_path) -> None:
    uri = await editor.open(text, tmp_path / "strange.py")
    hover = await editor.hover(uri, *at)
    assert expected is None if hover is None else expected in hover.contents.value
    assert not editor.client.messages


async def test_no_model_says_what_to_do(start_editor, bank, tmp_path) -> None:
    changes = {
        "PROCODER_DATA_DIR": str(tmp_path / "data"),
        "PROCODER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "PROCODER_CACHE_PATH": str(tmp_path / "cache.sqlite3"),
    }
    editor = await start_editor(**changes)
    uri = await editor.open(bank, tmp_path / "bank.py")
    text = await editor.explained(uri, *place(bank, MERGE))
    assert "ValueError" in text
    assert "procoder models pull" in text
    assert not editor.client.messages


async def test_leaving(start_editor, bank, tmp_path) -> None:
    editor = await start_editor()
    await editor.open(bank, tmp_path / "bank.py")
    assert await editor.stop() == 0


def frame(message: dict) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (frame({"method": "exit"}), 1),
        (b"", 0),
        (b"this is no header\r\n\r\n", 1),
        (b"Content-Length: 3\r\n\r\n{}", 1),
        (b'Content-Length: 3\r\n\r\n{"a": 1}\r\n', 1),
    ],
    ids=["exit without shutdown", "end of input", "garbage", "cut short", "length too short"],
)
async def test_exit_codes(isolated_environment, stream, code) -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=isolated_environment,
    )
    _, errors = await asyncio.wait_for(process.communicate(stream), 60)
    assert process.returncode == code
    assert b"Traceback" not in errors
