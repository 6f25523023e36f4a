"""What a question would send is told before it is asked, and nothing is asked."""

import pytest

from procoder_tutor.errors import BackendUnavailableError

URI = "file:///nowhere/bank.py"
TEXT = "import os\n\n\ndef merge(a, b):\n    c = 1\n    return a + b\n"
MERGE = {
    "kind": "code",
    "title": "merge",
    "about": "function",
    "range": {"start": {"line": 3, "character": 0}, "end": {"line": 5, "character": 16}},
}


async def preview(client, text, **argument) -> dict:
    given = {"uri": URI, "text": text, **argument}
    params = {"command": "procoder.previewChat", "arguments": [given]}
    response = await client.request("workspace/executeCommand", params)
    return response.get("result", response)


@pytest.fixture
async def opened(client):
    await client.start()
    client.open(TEXT)
    return client


async def test_a_question_in_parts(opened, tutor) -> None:
    result = await preview(opened, "is @diagnostics bad here?", line=3)
    assert result["parts"] == [
        {**MERGE, "tokens": 9},
        {"kind": "diagnostics", "title": "1 problem", "tokens": 15},
        {"kind": "conversation", "title": "Earlier turns", "tokens": 7},
        {"kind": "question", "title": "Question", "tokens": 7},
    ]
    assert (result["tokens"], result["answer_tokens"], result["window"]) == (40, 20, 512)
    assert (result["kind"], result["sends"], result["cached"]) == ("chat", True, False)
    assert (result["prompt"], result["omitted"]) == ("Why?", ["2 lines in the middle"])
    assert tutor.asked == []


async def test_what_is_kept_sends_nothing(opened, tutor) -> None:
    tutor.answered.add("merge")
    result = await preview(opened, "/explain now", line=3)
    assert (result["sends"], result["cached"], result["tokens"]) == (False, True, 0)


@pytest.mark.parametrize("off", [False, True])
async def test_without_a_model_there_are_no_counts(client, tutor, off) -> None:
    await client.start(options={"enabled": not off})
    await client.server.sessions.get()
    client.open(TEXT)
    tutor.error = None if off else BackendUnavailableError("There is no model", "")
    result = await preview(client, "/doc", line=3)
    assert result["parts"] == [{**MERGE, "tokens": None}]
    assert (result["kind"], result["sends"], result["window"]) == ("document", None, None)


@pytest.mark.parametrize("slash", ["hint", "new", "clear", "export"])
async def test_what_needs_no_model_does_nothing_yet(opened, tutor, slash) -> None:
    begun = (await tutor.conversations.open_for(URI)).id
    assert await preview(opened, f"/{slash}") == {"kind": slash, "parts": [], "sends": False}
    assert (await tutor.conversations.open_for(URI)).id == begun


async def test_a_turn_that_would_be_replaced_is_kept(opened, tutor) -> None:
    begun = (await tutor.conversations.open_for(URI)).id
    params = {"command": "procoder.chat", "arguments": [{"uri": URI, "text": "why?"}]}
    said = (await opened.request("workspace/executeCommand", params))["result"]
    await preview(opened, "what?", replaces=said["turn"])
    assert len(await tutor.conversations.turns(begun)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("/fxi", "Did you mean `/fix`?"), ("", "There is no question"), ("@symbol:merg", "merge")],
)
async def test_what_cannot_be_asked_says_why(opened, text, message) -> None:
    assert message in (await preview(opened, text, line=3))["error"]["message"]
