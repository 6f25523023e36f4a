"""The answer to `initialize` that is given in the server's place is the server's own."""

import json
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from procoder_server.announcing import COMMANDS, FEATURES, announcement
from procoder_server.app import create_server
from procoder_server.framing import FrameDecoder, encode_frame
from procoder_server.stdio import AllButFirst, FileWriter


class Collected:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None: ...


def request(capabilities: types.ClientCapabilities, **params: Any) -> bytes:
    converter = create_server().protocol._converter
    given = {"processId": None, "rootUri": None, **params}
    given["capabilities"] = converter.unstructure(capabilities, types.ClientCapabilities)
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": given}
    return json.dumps(message).encode()


def answer_of_the_server(body: bytes) -> list[Any]:
    server, answers = create_server(), Collected()
    server.protocol.set_writer(answers)
    server.protocol.receive(body)
    return decoded(answers.data)


def decoded(data: bytes | None) -> list[Any]:
    return [json.loads(body) for body in FrameDecoder().feed(data or b"")]


PROFILES = [
    types.ClientCapabilities(),
    types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind.Utf8]
        ),
        text_document=types.TextDocumentClientCapabilities(
            inline_completion=types.InlineCompletionClientCapabilities()
        ),
    ),
    *map(client_capabilities, ("visual-studio-code", "neovim", "emacs")),
]


@pytest.mark.parametrize("capabilities", PROFILES, ids=["none", "utf-8", "code", "neovim", "emacs"])
def test_what_is_announced_is_what_the_server_answers(
    capabilities: types.ClientCapabilities,
) -> None:
    body = request(capabilities)
    assert decoded(announcement(body)) == answer_of_the_server(body)


def test_an_initialize_that_does_not_fit_is_refused_as_the_server_refuses_it() -> None:
    body = request(types.ClientCapabilities(), workspaceFolders=7)
    assert decoded(announcement(body)) == answer_of_the_server(body)
    assert "error" in decoded(announcement(body))[0]


def test_every_feature_and_command_is_written_down() -> None:
    features = create_server().protocol.fm
    by_hand = {"initialize", "initialized", "shutdown", "procoder/visibleRanges"}
    assert set(features.features) - by_hand == set(FEATURES)
    assert features.feature_options == {k: v for k, v in FEATURES.items() if v is not None}
    assert tuple(features.commands) == COMMANDS


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"7", b'{"method": []}', b'{"method": "shutdown", "id": 1}', b"[" * 100_000],
)
def test_no_other_message_is_answered(body: bytes) -> None:
    assert announcement(body) is None


def test_all_but_the_first_message_are_passed_on(tmp_path) -> None:
    path = tmp_path / "out"
    with path.open("wb") as file:
        writer = AllButFirst(FileWriter(file.fileno()))
        for body in (b"1", b"2", b"3"):
            writer.write(encode_frame(body))
    assert FrameDecoder().feed(path.read_bytes()) == [b"2", b"3"]
