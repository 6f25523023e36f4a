"""The server's text is the client's, whatever is edited, in every encoding of positions.

The client of these tests keeps its text as editors do: as code units of the encoding that was
agreed on. PROCODER_FUZZ_CASES says how much is tried.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.protocol import default_converter

from procoder_server.workspace import ExactWorkspace

UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
SEQUENCES = int(os.environ.get("PROCODER_FUZZ_CASES", "500")) // 2 // len(UNITS) + 1
"""For each encoding."""
URI = "file:///nowhere/a.py"
CHARACTERS = "ab\t\n\r\x00\x0cé\u2028\uffff😀\U0010ffff"
SURROGATES = "\ud83d\udbff\ude00\udc00"
LINE_END = re.compile("\r\n|\n|\r")
BEYOND = 2**31 - 1


class Client:
    """An editor's text, and the changes of it, as the protocol tells them."""

    def __init__(self, text: str, encoding: str) -> None:
        self._codec, self._width = UNITS[encoding]
        self.text = self._joined(text)

    def change(self, start: int, end: int, text: str, *, beyond: bool) -> dict[str, Any]:
        """Replace a part, given by offsets; `beyond` names line ends by positions past them."""
        place = {
            "start": self._position(start, beyond=beyond),
            "end": self._position(end, beyond=beyond),
        }
        self.text = self._joined(self.text[:start] + text + self.text[end:])
        return {"range": place, "text": text}

    def replace(self, text: str) -> dict[str, Any]:
        """Replace everything."""
        self.text = text
        return {"text": text}

    def offsets(self) -> list[int]:
        """Where a cursor can be: not between the halves of a line end."""
        inside = {found.start() + 1 for found in re.finditer("\r\n", self.text)}
        return [offset for offset in range(len(self.text) + 1) if offset not in inside]

    def _position(self, offset: int, *, beyond: bool) -> dict[str, int]:
        ends = [found.end() for found in LINE_END.finditer(self.text, 0, offset)]
        column = self._units(self.text[ends[-1] if ends else 0 : offset])
        at_end = LINE_END.match(self.text, offset) or offset == len(self.text)
        if beyond and offset == len(self.text):
            return {"line": len(ends) + 3, "character": 2}
        return {"line": len(ends), "character": BEYOND if beyond and at_end else column}

    def _units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._width

    def _joined(self, text: str) -> str:
        """Only in UTF-16 are two halves of a pair, next to each other, one character."""
        if self._width != 2:
            return text
        return text.encode(self._codec, "surrogatepass").decode(self._codec, "surrogatepass")


class Server:
    """The server's part: structured and applied as its protocol does it."""

    def __init__(self, text: str, encoding: str) -> None:
        self._converter = default_converter()
        self._workspace = ExactWorkspace(None, types.TextDocumentSyncKind.Incremental, (), encoding)
        item = {"uri": URI, "languageId": "python", "version": 1, "text": text}
        opened = self._read({"textDocument": item}, types.DidOpenTextDocumentParams)
        self._workspace.put_text_document(opened.text_document)

    def apply(self, changes: list[dict[str, Any]]) -> str:
        """Apply the changes of one notification; returns the text."""
        identifier = {"uri": URI, "version": 2}
        message = {"textDocument": identifier, "contentChanges": changes}
        parameters = self._read(message, types.DidChangeTextDocumentParams)
        for change in parameters.content_changes:
            self._workspace.update_text_document(parameters.text_document, change)
        return self._workspace.get_text_document(URI).source

    def _read(self, message: dict[str, Any], kind: Any) -> Any:
        return self._converter.structure(json.loads(json.dumps(message)), kind)


def texts(encoding: str, longest: int) -> st.SearchStrategy[str]:
    """Texts that a client with this encoding can have: lone surrogates in UTF-16 alone."""
    alphabet = CHARACTERS + (SURROGATES if encoding == "utf-16" else "")
    drawn = st.text(st.sampled_from(alphabet), max_size=longest)
    return drawn.map(lambda text: Client(text, encoding).text)


def edited(data: st.DataObject, client: Client, encoding: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the notifications of a sequence of edits, as the client makes them."""
    for _ in range(data.draw(st.integers(1, 6))):
        changes = []
        for _ in range(data.draw(st.integers(1, 3))):
            text = data.draw(texts(encoding, 8))
            if data.draw(st.integers(0, 19)) == 0:
                changes.append(client.replace(text))
                continue
            places = client.offsets()
            start, end = sorted(data.draw(st.sampled_from(places)) for _ in range(2))
            changes.append(client.change(start, end, text, beyond=data.draw(st.booleans())))
        yield changes


@pytest.mark.parametrize("encoding", UNITS)
@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_sequence_of_edits(encoding: str, data: st.DataObject) -> None:
    text = data.draw(texts(encoding, 40))
    client, server = Client(text, encoding), Server(text, encoding)
    for changes in edited(data, client, encoding):
        assert server.apply(changes) == client.text
