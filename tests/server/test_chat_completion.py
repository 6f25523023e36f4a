"""What is offered in the input of a chat."""

import pytest

from procoder_server.chat_completion import MENTIONS, SLASHES, completions
from procoder_server.chat_input import About, Slash, parse_chat_input
from procoder_tutor.symbols import Document, Snapshot

DOCUMENT = Document.parse(
    Snapshot("class Account:\n    def deposit(self): ...\n\ndef close(): ...\n")
)
SYMBOLS = ["@symbol:Account", "@symbol:Account.deposit", "@symbol:close"]
ALL_MENTIONS = [f"@{about}" for about in About]


@pytest.mark.parametrize(
    ("text", "replaces", "inserts"),
    [
        ("/", 1, [f"/{slash}" for slash in SLASHES]),
        ("  /ex", 3, ["/explain", "/export"]),
        ("/FI", 3, ["/fix"]),
        ("why /ex", 0, []),
        ("/explain ", 0, []),
        ("", 0, []),
        ("/fix @", 1, [*ALL_MENTIONS, *SYMBOLS]),
        ("why @s", 2, ["@symbol", "@selection", "@symbol:Account.deposit", "@symbol:close"]),
        ("why @dep", 4, ["@symbol:Account.deposit"]),
        ("why @symbol:", 8, SYMBOLS),
        ("why @symbol:account.d", 17, ["@symbol:Account.deposit"]),
        ("why @file:", 6, []),
        ("mail a@", 0, []),
        ("why @file ", 0, []),
    ],
)
def test_what_fits(text, replaces, inserts) -> None:
    found = completions(text, DOCUMENT)
    assert [item.insert for item in found.items] == inserts
    assert found.replaces == replaces


def test_everything_is_explained_and_understood() -> None:
    assert set(SLASHES) == set(Slash)
    assert set(MENTIONS) == set(About)
    for item in (*completions("/", DOCUMENT).items, *completions("@", DOCUMENT).items):
        parsed = parse_chat_input(item.insert)
        assert not parsed.unknown
        assert parsed.slash or parsed.mentions


async def test_the_command(client) -> None:
    await client.start()
    client.open(DOCUMENT.snapshot.text)
    argument = {"uri": "file:///nowhere/bank.py", "text": "/fix @clo"}
    params = {"command": "procoder.completeChat", "arguments": [argument]}
    result = (await client.request("workspace/executeCommand", params))["result"]
    item = {"insert": "@symbol:close", "kind": "symbol", "detail": "function, line 4"}
    assert result == {"replaces": 4, "items": [item]}
