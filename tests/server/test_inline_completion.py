"""`textDocument/inlineCompletion`: what is suggested, and how often the model is asked."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from procoder_server.app import create_server
from procoder_server.suggestions import Place, Suggestions
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.infilling.gap import Gap, Suggestion

URI = "file:///nowhere/bank.py"
KNOWS = {"textDocument": {"inlineCompletion": {}}}
ON = {"inline_completion": {"enabled": True, "debounce_ms": 0}}
AUTOMATIC, INVOKED = 2, 1


class Filler:
    """Writes `text` into every gap, piece by piece as far as it is let, and remembers the gaps."""

    def __init__(self, text: str = "a + b") -> None:
        self.text = text
        self.gaps: list[Gap] = []
        self.error: Exception | None = None
        self.let = asyncio.Event()
        self.let.set()
        self.speaking = asyncio.Event()
        self.stopped = asyncio.Event()

    async def infill(self, gap: Gap) -> AsyncIterator[str | Suggestion]:
        self.gaps.append(gap)
        try:
            yield self.text[:2]
            self.speaking.set()
            await self.let.wait()
            if self.error is not None:
                raise self.error
            yield self.text[2:]
            yield Suggestion(self.text)
        finally:
            self.stopped.set()


@pytest.fixture
def filler() -> Filler:
    return Filler()


@pytest.fixture
async def client(tutor, filler, client) -> AsyncIterator[Any]:
    tutor.infill = filler.infill
    server = create_server(lambda _: tutor)
    yield type(client)(server)
    await server.aclose()


def asked(line: int, character: int, kind: int = AUTOMATIC, selected: Any = None) -> dict[str, Any]:
    return {
        "textDocument": {"uri": URI},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": kind, "selectedCompletionInfo": selected},
    }


async def suggested(client: Any, line: int, character: int, **more: Any) -> str | None:
    params = asked(line, character, **more)
    result = (await client.request("textDocument/inlineCompletion", params))["result"]
    if result is None:
        return None
    (item,) = result["items"]
    return item["insertText"]


def type_text(client: Any, version: int, line: int, character: int, text: str) -> None:
    at = {"line": line, "character": character}
    change = {"range": {"start": at, "end": at}, "text": text}
    document = {"uri": URI, "version": version}
    client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})


@pytest.mark.parametrize(("capabilities", "announced"), [(KNOWS, True), ({}, False)])
async def test_announced_to_those_who_know_it(client, capabilities, announced) -> None:
    response = await client.start(capabilities, ON)
    assert ("inlineCompletionProvider" in response["result"]["capabilities"]) is announced
    if not announced:
        answer = await client.request("textDocument/inlineCompletion", asked(0, 0))
        assert answer["error"]["code"] == -32601


@pytest.mark.parametrize(
    ("options", "language", "text"),
    [
        ({}, "python", "a + b"),
        ({**ON, "enabled": False}, "python", "a + b"),
        (ON, "javascript", "a + b"),
        (ON, "python", ""),
    ],
    ids=["by default", "switched off", "another language", "nothing to say"],
)
async def test_nothing_is_suggested(client, filler, options, language, text) -> None:
    filler.text = text
    await client.start(KNOWS, options)
    await client.server.sessions.get()
    client.open("x = \n", language=language)
    assert await suggested(client, 0, 4) is None
    assert len(filler.gaps) == (text == "")


async def test_the_gap_and_the_insertion(client, filler) -> None:
    filler.text = "a\n    b"
    await client.start(KNOWS, ON)
    client.open("s = '😀'; x = \r\n\r\ny\r\n")
    params = asked(0, 14)
    result = (await client.request("textDocument/inlineCompletion", params))["result"]
    at = {"line": 0, "character": 14}
    assert result["items"] == [{"insertText": "a\r\n    b", "range": {"start": at, "end": at}}]
    assert filler.gaps == [Gap("s = '😀'; x = ", "\n\ny\n")]


async def test_a_selected_completion_is_taken_as_typed(client, filler) -> None:
    filler.text = "(1)"
    await client.start(KNOWS, ON)
    client.open("x = pri\n")
    span = {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 7}}
    params = asked(0, 7, selected={"range": span, "text": "print"})
    result = (await client.request("textDocument/inlineCompletion", params))["result"]
    assert result["items"] == [{"insertText": "print(1)", "range": span}]
    assert filler.gaps == [Gap("x = print", "\n")]


async def test_a_model_that_fails_says_nothing_and_is_asked_again(client, filler) -> None:
    filler.error = BackendUnavailableError("gone")
    await client.start(KNOWS, ON)
    client.open("x = \n")
    assert await suggested(client, 0, 4) is None
    filler.error = None
    assert await suggested(client, 0, 4) == "a + b"
    assert not [m for m in client.messages if m.get("method") == "window/showMessage"]


async def test_typing_what_was_suggested_asks_no_model(client, filler) -> None:
    await client.start(KNOWS, ON)
    client.open("x = \n")
    assert await suggested(client, 0, 4) == "a + b"
    type_text(client, 2, 0, 4, "a ")
    assert await suggested(client, 0, 6) == "+ b"
    type_text(client, 3, 0, 6, "+")
    assert await suggested(client, 0, 7, kind=INVOKED) == " b"
    assert len(filler.gaps) == 1
    type_text(client, 4, 0, 7, " b")
    assert await suggested(client, 0, 9) == "a + b"
    assert len(filler.gaps) == 2


@pytest.mark.parametrize(("typed", "rest"), [("a", " + b"), ("a +", " b")])
async def test_a_request_that_is_cancelled_by_typing_leaves_the_model_to_the_next(
    client, filler, typed, rest
) -> None:
    filler.let.clear()
    await client.start(KNOWS, ON)
    client.open("x = \n")
    first = client.begin("textDocument/inlineCompletion", asked(0, 4))
    await filler.speaking.wait()
    client.notify("$/cancelRequest", {"id": first})
    assert (await client.answer(first))["error"]["code"] == -32800
    type_text(client, 2, 0, 4, typed)
    second = client.begin("textDocument/inlineCompletion", asked(0, 4 + len(typed)))
    filler.let.set()
    (item,) = (await client.answer(second))["result"]["items"]
    assert item["insertText"] == rest
    assert len(filler.gaps) == 1
    assert client.answers(first) == 1


async def test_typing_something_else_stops_the_model(client, filler) -> None:
    filler.let.clear()
    await client.start(KNOWS, ON)
    client.open("x = \n")
    first = client.begin("textDocument/inlineCompletion", asked(0, 4))
    await filler.speaking.wait()
    type_text(client, 2, 0, 4, "z")
    second = client.begin("textDocument/inlineCompletion", asked(0, 5))
    assert (await client.answer(first))["result"] is None
    assert filler.stopped.is_set()
    filler.let.set()
    assert (await client.answer(second))["result"] is not None
    assert [gap.before for gap in filler.gaps] == ["x = ", "x = z"]


PLACE = Place(URI, Gap("x = ", "\n"))


async def at(suggestions: Suggestions, filler: Filler, place: Place, delay: float = 0) -> str:
    return await suggestions.at(place, lambda: filler.infill(place.gap), delay=delay, patience=20)


async def test_a_newer_request_takes_the_place_of_one_that_waits(filler) -> None:
    suggestions = Suggestions()
    older = asyncio.create_task(at(suggestions, filler, PLACE, delay=0.01))
    await asyncio.sleep(0)
    assert await at(suggestions, filler, Place(URI, Gap("x = y", "\n"))) == "a + b"
    assert await older == ""
    assert [gap.before for gap in filler.gaps] == ["x = y"]


@pytest.mark.parametrize(
    "place",
    [
        Place("file:///nowhere/other.py", PLACE.gap),
        Place(URI, Gap("x = ", ")\n")),
        Place(URI, Gap("x =", "\n")),
        Place(URI, Gap("y = a", "\n")),
    ],
    ids=["document", "behind", "deleted", "before"],
)
async def test_a_change_elsewhere_needs_a_new_suggestion(filler, place) -> None:
    suggestions = Suggestions()
    await at(suggestions, filler, PLACE)
    await at(suggestions, filler, place)
    assert len(filler.gaps) == 2


async def test_a_model_that_nobody_waits_for_is_stopped(filler) -> None:
    suggestions = Suggestions(linger=0)
    filler.let.clear()
    waiting = asyncio.create_task(at(suggestions, filler, PLACE))
    await filler.speaking.wait()
    waiting.cancel()
    await asyncio.wait_for(filler.stopped.wait(), 20)
    filler.let.set()
    assert await at(suggestions, filler, PLACE) == "a + b"
    assert len(filler.gaps) == 2


async def test_patience(filler) -> None:
    filler.let.clear()
    suggestions = Suggestions()
    nothing = await suggestions.at(PLACE, lambda: filler.infill(PLACE.gap), delay=0, patience=0.01)
    assert nothing == ""
    assert filler.stopped.is_set()


async def test_nothing_is_a_suggestion_that_is_kept(filler) -> None:
    suggestions = Suggestions()
    filler.text = ""
    assert [await at(suggestions, filler, PLACE) for _ in range(2)] == ["", ""]
    assert len(filler.gaps) == 1


async def test_leaving_stops_the_model(filler) -> None:
    filler.let.clear()
    suggestions = Suggestions()
    waiting = asyncio.create_task(at(suggestions, filler, PLACE))
    await filler.speaking.wait()
    await suggestions.aclose()
    assert filler.stopped.is_set()
    assert await waiting == ""
    assert not suggestions.stop()


async def test_a_fault_is_no_answer(filler) -> None:
    filler.error = ValueError("x")
    assert await at(Suggestions(), filler, PLACE) == ""
