"""`procoder.chat`, with a tutor that says what it is told to."""

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from procoder_server.chat_arguments import parse_chat_arguments
from procoder_server.errors import InvalidArgumentsError
from procoder_server.references import references
from procoder_server.workspace import ExactTextDocument
from procoder_tutor.questions import Kind

URI = "file:///nowhere/bank.py"
TEXT = """\
import os


class Account:
    def deposit(self, amount):
        if amount < 0:
            raise ValueError
        total = self.balance + amount

    @audited
    def close(self):
        return self.deposit(0)


def merge(a, b):
    return a + b
"""
CANCELLED, FAILED, INVALID = -32800, -32803, -32602
CURSOR = {"start": {"line": 11, "character": 22}, "end": {"line": 11, "character": 22}}
SELECTED = {"start": {"line": 5, "character": 0}, "end": {"line": 7, "character": 0}}


def chat(text, **argument) -> dict:
    return {"command": "procoder.chat", "arguments": [{"uri": URI, "text": text, **argument}]}


async def say(client, text, **argument) -> dict:
    response = await client.request("workspace/executeCommand", chat(text, **argument))
    return response["result"]


@pytest.fixture
async def opened(client):
    await client.start()
    client.open(TEXT)
    return client


@pytest.mark.parametrize(
    "argument",
    [
        {},
        {"uri": URI},
        {"uri": URI, "text": 3},
        {"uri": URI, "text": "a", "level": "genius"},
        {"uri": URI, "text": "a", "language": "in French"},
        {"uri": URI, "text": "a", "range": {"start": {"line": 1, "character": 0}}},
        {"uri": URI, "text": "a", "range": {"start": {"line": -1}, "end": 3}},
        {"uri": URI, "text": "a", "color": "red"},
        {"uri": URI, "text": "a", "replaces": "1"},
        {"uri": URI, "text": "a", "refresh": 1},
        {"uri": URI, "text": "a", "partialResultToken": 1.5},
    ],
)
def test_bad_arguments_are_refused(argument) -> None:
    with pytest.raises(InvalidArgumentsError):
        parse_chat_arguments([argument])


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("why?", {"line": 5}, ("chat", "Account.deposit")),
        ("why?", {"range": CURSOR}, ("chat", "Account.deposit")),
        ("why?", {"range": SELECTED}, ("chat", "lines 6-7")),
        ("why?", {}, ("chat", "bank")),
        ("why is @selection here?", {"range": SELECTED}, ("chat", "lines 6-7")),
        ("@symbol", {"line": 14}, ("explain", "merge")),
        ("/explain @symbol:Account.close", {"line": 14}, ("explain", "Account.close")),
        ("/explain why it fails", {"line": 14}, ("chat", "merge")),
        ("/parts", {"line": 14}, ("blocks", "merge")),
        ("/doc", {"line": 14}, ("document", "merge")),
        ("/tests @symbol:merge", {}, ("tests", "merge")),
        ("/simplify", {"line": 14}, ("simplify", "merge")),
        ("/fix", {"line": 7}, ("fix", "Account.deposit")),
        ("/fix @symbol:Account.deposit", {}, ("fix", "Account.deposit")),
        ("@diagnostics", {"line": 0}, ("error", "bank")),
        ("/explain @file @diagnostics", {"line": 7}, ("error", "Account.deposit")),
    ],
)
async def test_what_is_asked(opened, tutor, text, place, expected) -> None:
    result = await say(opened, text, **place)
    (question,) = tutor.asked
    assert (question.kind, question.symbol.name) == expected
    assert (result["kind"], result["symbol"]) == expected
    assert question.conversation == result["conversation"]
    assert result["explanation"] == "It works."
    assert result["sent"] == ["Explain `merge` with ```fences```."]


async def test_diagnostics_go_along_with_a_question(opened, tutor) -> None:
    await say(opened, "is @diagnostics bad?", line=7)
    text = tutor.asked[0].text
    assert text.startswith("is what the linter reports bad?\nThe linter reports: line 8: F841")
    assert "F401" not in text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("what is @selecton?", "no `@selecton` (did you mean `@selection`?)"),
        ("what does @audited or @property mean?", None),
        ("@symbol:merge or @file?", "about `merge`, without `@file`"),
        ("/doc in verse", "`/doc` takes no further words"),
        ("why @diagnostics @symbol:merge?", "The linter finds nothing in `merge`"),
        ("/fix @file", "line 10; the linter also marks lines 1, 8"),
    ],
)
async def test_what_was_not_used_is_told(opened, text, note) -> None:
    result = await say(opened, text, line=14)
    if note is None:
        assert result["notes"] == []
    else:
        assert note in result["notes"][0]
        assert note in result["markdown"]


@pytest.mark.parametrize(
    ("text", "argument", "message"),
    [
        ("/fxi", {}, "There is no command `/fxi`. Did you mean `/fix`?"),
        ("", {}, "There is no question."),
        ("@symbol:merg", {}, "Did you mean `merge`?"),
        ("@symbol", {}, "needs a cursor"),
        ("@selection", {"line": 3}, "Nothing is selected"),
        ("/fix", {"line": 14}, "The linter finds nothing in `merge`"),
        ("/hint", {"line": 14}, "Say what you expected"),
        ("why?", {"conversation": "gone"}, "onversation"),
        ("why?", {"uri": "file:///nowhere/a.js"}, "Python"),
    ],
)
async def test_what_cannot_be_answered_says_what_to_do(opened, tutor, text, argument, message):
    response = await opened.request("workspace/executeCommand", chat(text, **argument))
    assert response["error"]["code"] == FAILED
    assert message in response["error"]["message"]
    assert tutor.asked == []


async def test_settings_of_one_question(opened, tutor) -> None:
    await say(opened, "why?", line=14, level="expert", language="pt-BR")
    assert (tutor.asked[0].level, tutor.asked[0].language) == ("expert", "pt-BR")


async def test_conversations_belong_to_the_document(opened) -> None:
    first = await say(opened, "why?")
    again = await say(opened, "and then?")
    assert again["conversation"] == first["conversation"]
    new = await say(opened, "/new")
    assert new["conversation"] != first["conversation"]
    assert (await say(opened, "so?"))["conversation"] == new["conversation"]
    old = await say(opened, "so?", conversation=first["conversation"])
    assert old["conversation"] == first["conversation"]
    assert "# bank.py" in (await say(opened, "/export"))["markdown"]


async def test_clearing_deletes_the_conversation(opened, tutor) -> None:
    first = await say(opened, "why?")
    cleared = await say(opened, "/clear")
    kept = [conversation.id for conversation in await tutor.conversations.list()]
    assert kept == [cleared["conversation"]]
    assert first["conversation"] not in kept


async def test_hints_climb(opened) -> None:
    first = await say(opened, "/hint", line=7)
    (step,) = first["next"]
    assert (step["title"], step["arguments"][0]["line"]) == ("Next hint", 7)
    assert (first["rung"], first["more"], first["turn"]) == ("question", "region", None)
    second = (await opened.request("workspace/executeCommand", step))["result"]
    assert second["explanation"] != first["explanation"]


async def test_next_steps_are_commands(opened, tutor) -> None:
    result = await say(opened, "/explain @symbol:Account.deposit", level="beginner", show=False)
    steps = {step["title"]: step for step in result["next"]}
    assert list(steps) == ["Deeper", "Part by part", "Hint"]
    for step in steps.values():
        response = await opened.request("workspace/executeCommand", step)
        assert "result" in response, response
    assert [(q.kind, q.level) for q in tutor.asked[1:]] == [
        ("explain", "intermediate"),
        ("blocks", "beginner"),
    ]
    assert {q.symbol.name for q in tutor.asked} == {"Account.deposit"}


async def turns_of(tutor, conversation) -> list[str]:
    return [turn.text for turn in await tutor.conversations.turns(conversation)]


async def test_an_answer_can_be_asked_for_again(opened, tutor) -> None:
    await say(opened, "what?")
    first = await say(opened, "why?", line=14)
    await say(opened, "so?")
    again = (await opened.request("workspace/executeCommand", first["again"]))["result"]
    assert (tutor.asked[-1].text, tutor.asked[-1].refresh) == ("why?", True)
    assert again["turn"] > first["turn"]
    kept = await turns_of(tutor, first["conversation"])
    assert kept == ["what?", "It works.", "why?", "It works."]


async def test_a_turn_is_edited_and_sent_again(opened, tutor) -> None:
    first = await say(opened, "wy?")
    await say(opened, "so?")
    edited = await say(opened, "why?", replaces=first["turn"])
    assert edited["next"][0]["arguments"][0].keys().isdisjoint({"replaces", "refresh"})
    assert await turns_of(tutor, first["conversation"]) == ["why?", "It works."]


async def test_what_an_answer_holds_beside_its_text(opened) -> None:
    result = await say(opened, "/explain", line=5)
    assert result["checks"]["summary"] == "1 of 1 checked"
    whole = {"start": {"line": 4, "character": 4}, "end": {"line": 7, "character": 37}}
    assert result["subject"] == {"name": "Account.deposit", "kind": "method", "range": whole}
    assert {item["label"] for item in result["references"]} >= {"line 7"}
    raising = {"start": {"line": 6, "character": 12}, "end": {"line": 6, "character": 28}}
    assert [i["range"] for i in result["references"] if i["label"] == "line 7"] == [raising]


@pytest.mark.parametrize(
    ("markdown", "labels"),
    [
        ("Raises (line 2). Lines 1-3: it adds.", {"line 2": (1, 1), "Lines 1-3": (0, 2)}),
        ("line 2 and line 2 again", {"line 2": (1, 1)}),
        ("`line 1` and ```\nline 2\n``` are code", {}),
        ("line 0, line 4, lines 3-2, line 99999999 and deadline 2", {}),
    ],
)
def test_lines_that_a_text_names(markdown, labels) -> None:
    found = references(markdown, ExactTextDocument("untitled:a", "a = 1\n  b = 2\nc = 3"))
    lines = {i["label"]: (i["range"].start.line, i["range"].end.line) for i in found}
    assert lines == labels


APPLIES = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}


async def test_an_edit_is_shown_as_a_difference_and_can_be_applied(client) -> None:
    await client.start(APPLIES)
    client.open(TEXT)
    result = await say(client, "/doc", line=14)
    proposal = result["proposal"]
    assert proposal["title"] == "Add a comment"
    assert "+# sic" in proposal["difference"]
    assert "```diff\n" in result["markdown"]
    request = client.begin("workspace/executeCommand", proposal["apply"])
    sent = await client.until(lambda m: m.get("method") == "workspace/applyEdit")
    assert sent["params"]["edit"] == proposal["edit"]
    (change,) = proposal["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert [edit["newText"] for edit in change["edits"]] == ["# sic\n"]
    client.send({"id": sent["id"], "result": {"applied": True}})
    assert (await client.answer(request))["result"]["applied"] is True


async def test_an_answer_with_a_version_of_the_code_stays_an_answer(client, tutor) -> None:
    tutor.proposes = {Kind.CHAT}
    await client.start(APPLIES)
    client.open(TEXT)
    result = await say(client, "why not otherwise?", line=14)
    assert result["markdown"].startswith("It works.")
    assert "+# sic" in result["proposal"]["difference"]
    assert result["proposal"]["apply"]["command"] == "procoder.applyProposal"


@pytest.mark.parametrize(
    ("change", "reason"), [(True, "The document changed"), (False, "not remembered any more")]
)
async def test_a_proposal_that_is_gone_is_not_applied(client, change, reason) -> None:
    await client.start(APPLIES)
    client.open(TEXT)
    command = (await say(client, "/doc", line=14))["proposal"]["apply"]
    if change:
        client.change(f"\n{TEXT}", 2)
    else:
        command["arguments"] = [{"proposal": "made up"}]
    result = (await client.request("workspace/executeCommand", command))["result"]
    assert result["applied"] is False
    assert reason in result["reason"]


@pytest.mark.parametrize("token", ["part", 7])
async def test_partial_results(opened, token) -> None:
    command = {**chat("/parts @symbol:merge"), "partialResultToken": token}
    for params in (command, chat("/parts @symbol:merge", partialResultToken=token)):
        opened.messages.clear()
        await opened.request("workspace/executeCommand", params)
        sent = [m["params"] for m in opened.messages if m.get("method") == "$/progress"]
        assert {part["token"] for part in sent} == {token}
        values = [part["value"] for part in sent]
        assert [value["kind"] for value in values] == ["facts", "stage", "text", "text", "block"]
        assert "".join(v["text"] for v in values if v["kind"] == "text") == "It works."
        assert values[1] == {
            "kind": "stage",
            "stage": "reading",
            "tokens": 20,
            "tokens_per_second": 10.0,
            "seconds_left": 2.0,
        }
        assert values[-1] == {"kind": "block", "line": 2, "end_line": 3, "text": "It adds."}


async def test_text_streams_to_the_clients_token(opened) -> None:
    params = {**chat("why?", line=14), "workDoneToken": "mine"}
    await opened.request("workspace/executeCommand", params)
    kinds = [value["kind"] for value in opened.progress()]
    assert kinds == ["begin", "report", "report", "end"]
    assert opened.progress()[-1]["message"] == "1 of 1 checked"


async def test_an_edit_tells_how_far_it_is(opened) -> None:
    await opened.request("workspace/executeCommand", {**chat("/doc", line=14), "workDoneToken": 1})
    messages = [value.get("message") for value in opened.progress()]
    assert messages[1:] == ["reading about 20 tokens, about 2 s", "1 of 1 checked"]


@pytest.mark.parametrize("by", ["request", "progress", "stop"])
async def test_cancelling_stops_the_model(opened, tutor, by) -> None:
    tutor.hold = True
    params = {**chat("why?"), "workDoneToken": "mine"}
    request = opened.begin("workspace/executeCommand", params)
    await tutor.speaking.wait()
    if by == "request":
        opened.notify("$/cancelRequest", {"id": request})
    elif by == "progress":
        opened.notify("window/workDoneProgress/cancel", {"token": "mine"})
    else:
        stop = await opened.request("workspace/executeCommand", {"command": "procoder.stop"})
        assert stop["result"] == {"stopped": 1}
        assert tutor.stopped.is_set()
    assert (await opened.answer(request))["error"]["code"] == CANCELLED
    assert tutor.stopped.is_set()
    assert opened.progress()[-1] == {"kind": "end", "message": "Stopped"}
    opened.notify("$/cancelRequest", {"id": request})
    tutor.hold = False
    await say(opened, "why?")
    assert opened.answers(request) == 1


async def test_a_cancel_that_comes_at_once(opened, tutor) -> None:
    params = {**chat("why?"), "workDoneToken": "mine"}
    request = opened.begin("workspace/executeCommand", params)
    opened.notify("$/cancelRequest", {"id": request})
    assert (await opened.answer(request))["error"]["code"] == CANCELLED
    assert tutor.asked == []


SHOWS = {"window": {"showDocument": {"support": True}}}


async def test_the_answer_opens_where_documents_can_be_shown(client) -> None:
    await client.start(SHOWS)
    client.open(TEXT)
    result = await say(client, "why?", show=True)
    shown = await client.until(lambda m: m.get("method") == "window/showDocument")
    page = Path(unquote(urlsplit(shown["params"]["uri"]).path))
    assert result["markdown"] in await asyncio.to_thread(page.read_text, "utf-8")
    assert page.parent == client.server.private_folder()
    client.send({"id": shown["id"], "result": {"success": True}})


@pytest.mark.parametrize("capabilities", [{}, SHOWS])
async def test_the_answer_is_a_message_elsewhere(client, capabilities) -> None:
    await client.start(capabilities)
    client.open(TEXT)
    await say(client, "why?", show=True)
    if capabilities:
        shown = await client.until(lambda m: m.get("method") == "window/showDocument")
        client.send({"id": shown["id"], "result": {"success": False}})
    message = await client.until(lambda m: m.get("method") == "window/showMessage")
    assert message["params"]["message"] == "Chat about bank: It works."
