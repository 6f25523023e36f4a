"""Document highlights: translated to the client's places; the cursor's place is noted."""

import pytest

URI = "file:///nowhere/bank.py"


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("'😀'; a = 1\nprint(a)\n", (1, 6), [(0, 6, 3), (1, 6, 2)]),
        ("\ufeffa = a\r\n", (0, 1), [(0, 1, 3), (0, 5, 2)]),
        ("def f(:\n", (0, 4), []),
        ("", (5, 5), []),
    ],
)
async def test_places_and_kinds(client, text, place, expected) -> None:
    await client.start()
    client.open(text)
    position = {"line": place[0], "character": place[1]}
    params = {"textDocument": {"uri": URI}, "position": position}
    found = (await client.request("textDocument/documentHighlight", params))["result"]
    starts = [(h["range"]["start"]["line"], h["range"]["start"]["character"]) for h in found]
    assert sorted((*s, h["kind"]) for s, h in zip(starts, found, strict=True)) == expected
    assert client.server.idle._views[URI].cursor == min(place[0], len(text.splitlines())) + 1


async def test_other_languages(client) -> None:
    await client.start()
    client.open("let a = a", language="javascript")
    position = {"line": 0, "character": 4}
    params = {"textDocument": {"uri": URI}, "position": position}
    assert (await client.request("textDocument/documentHighlight", params))["result"] is None
