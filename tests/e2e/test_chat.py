"""A chat with the real model, through the real language server."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803


async def test_a_chat_with_a_follow_up(editor, bank, tmp_path) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    first = await editor.run("chat", "one", uri=uri, text="What does @symbol:merge return?")
    assert (first["kind"], first["symbol"], first["model"]) == ("chat", "merge", "smollm2-135m")
    assert "What does `merge` return?" in first["sent"][-1]
    assert "".join(editor.reports("one")).split() == first["explanation"].split()
    after = await editor.run("chat", uri=uri, text="And when @symbol:merge gets an empty list?")
    assert after["conversation"] == first["conversation"]
    assert "What does `merge` return?" in after["sent"][-1]
    sent = await editor.run("showSent")
    assert sent["sent"] == after["sent"]
    export = await editor.run("exportConversation", conversation=first["conversation"])
    assert export["markdown"].count("## You") == 2
    assert export["markdown"].count("## ProCoder") == 2
    new = await editor.run("chat", uri=uri, text="/new")
    assert new["conversation"] != first["conversation"]


async def test_what_needs_no_model_is_part_of_the_conversation(editor, bank, tmp_path) -> None:
    uri = await editor.open(f"import os\n{bank}", tmp_path / "bank.py")
    told = await editor.run("chat", uri=uri, text="@file @diagnostics", line=0)
    assert (told["kind"], told["model"]) == ("error", "")
    assert "F401" in told["markdown"]
    fixed = await editor.run("chat", uri=uri, text="/fix", line=0)
    assert "-import os" in fixed["proposal"]["difference"]


async def test_what_is_shown_before_is_what_is_sent(editor, bank, tmp_path) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    await editor.run("chat", uri=uri, text="What does @symbol:merge return?")
    asked = {"uri": uri, "text": "Why does @symbol:merge sort?"}

    async def counted():
        return await editor.run("previewChat", **asked)

    seen = await counted()
    while seen["tokens"] is None:  # The model is still being loaded.
        seen = await counted()
    answer = await editor.run("chat", **asked)
    assert seen["prompt"] == answer["sent"][0]
    assert abs(seen["tokens"] - answer["usage"]["prompt_tokens"]) <= 1
    parts = {part["kind"]: part["tokens"] for part in seen["parts"]}
    assert parts.keys() == {"code", "conversation", "question"}
    assert 0 < sum(parts.values()) <= seen["tokens"] < seen["window"]


async def test_a_turn_is_asked_again_in_its_place(editor, bank, tmp_path) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    first = await editor.run("chat", uri=uri, text="/explain @symbol:merge")
    again = first["again"]
    params = types.ExecuteCommandParams(again["command"], arguments=again["arguments"])
    second = await editor.client.workspace_execute_command_async(params)
    assert (second["explanation"], second["cached"]) == (first["explanation"], False)
    read = await editor.run("readConversation", conversation=first["conversation"])
    assert [turn["role"] for turn in read["turns"]] == ["user", "tutor"]
    assert read["turns"][0]["turn"] == second["turn"]
    assert not any(turn["stale"] for turn in read["turns"])
    (found, *_) = (await editor.run("searchConversations", text="Explain merge"))["found"]
    assert found["conversation"]["conversation"] == first["conversation"]


@pytest.mark.parametrize("by", ["request", "progress", "stop"])
async def test_cancelling_in_mid_stream(editor, bank, tmp_path, by) -> None:
    uri = await editor.open(bank, tmp_path / "bank.py")
    task = editor.run("chat", "mine", uri=uri, text=f"Tell me all about @symbol:main, by {by}")
    await editor.until(lambda: editor.client.progress_reports["mine"])
    doing = (await editor.run("status"))["doing"]
    assert [work["title"] for work in doing] == ["Answering"]
    if by == "request":
        futures = editor.client.protocol._request_futures
        identity = next(key for key, future in futures.items() if not future.done())
        editor.client.cancel_request(types.CancelParams(id=identity))
    elif by == "progress":
        editor.client.window_work_done_progress_cancel(
            types.WorkDoneProgressCancelParams(token="mine")
        )
    else:
        assert await editor.run("stop") == {"stopped": 1}
    with pytest.raises(JsonRpcException) as refused:
        await task
    assert refused.value.code == REQUEST_CANCELLED
    assert (await editor.run("status"))["doing"] == []
    after = await editor.run("chat", uri=uri, text="What does @symbol:compound return?")
    assert after["usage"]["completion_tokens"] > 0


async def test_off_and_on(editor, bank, tmp_path) -> None:
    uri = await editor.open(f"import os\n{bank}", tmp_path / "bank.py")
    assert editor.client.diagnostics[uri]
    assert await editor.run("toggle") == {"on": False}
    await editor.until(lambda: not editor.client.diagnostics[uri])
    line = bank[: bank.index("def merge")].count("\n") + 1
    assert await editor.hover(uri, line, 5) is None
    with pytest.raises(JsonRpcException) as refused:
        await editor.run("chat", uri=uri, text="why?")
    assert refused.value.code == REQUEST_FAILED
    assert await editor.run("toggle") == {"on": True}
    await editor.until(lambda: editor.client.diagnostics[uri])
    answer = await editor.run("chat", uri=uri, text="/explain @symbol:merge")
    assert answer["model"] == "smollm2-135m"
    status = await editor.run("status")
    assert (status["host"]["state"], status["host"]["model"]) == ("ready", "smollm2-135m")
    assert status["cache"]["answers"] > 0
