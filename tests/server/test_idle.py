"""Idle work: nearest first, within its budget, and out of the way of everybody who waits."""

import asyncio

import pytest

from procoder_server.battery import linux_on_battery
from procoder_server.idle import View
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document, Snapshot

URI = "file:///nowhere/bank.py"
TEXT = "".join(f"def f{n}(a):\n    return a + {n}\n\n" for n in range(60))
QUICK = {"idle": {"explanations_per_minute": 60}}


def names(tutor) -> list[str]:
    return [question.symbol.name for question in tutor.asked]


class Clock:
    """A clock on which no time passes: a budget that is spent stays so."""

    def __call__(self) -> float:
        return 1000.0


@pytest.fixture
def idle(client):
    """The idle work of a server on mains, which begins at once."""
    work = client.server.idle
    work.quiet_seconds = 0.0
    work._is_on_battery = lambda: False
    return work


@pytest.fixture
def written(client) -> asyncio.Queue[str]:
    """Names of the symbols whose explanations were written in the background, as they come."""
    found: asyncio.Queue[str] = asyncio.Queue()
    listeners = client.server.background.when_written
    listeners.append(lambda job: found.put_nowait(job.question.symbol.name))
    return found


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(cursor=8), ["f2", "f3", "f1"]),
        (View(cursor=100), ["f33", "f32", "f34"]),
        (View(cursor=1, lenses=[100, 103]), ["f0", "f1", "f2"]),
        (View(cursor=1, ranges=((100, 104),)), ["f33", "f34"]),
        (View(cursor=103, ranges=((100, 104), (1, 2))), ["f34", "f33", "f0"]),
        (View(cursor=9999), []),
    ],
)
def test_what_is_in_view_nearest_first(view: View, expected: list[str]) -> None:
    document = Document.parse(Snapshot(TEXT))
    assert [symbol.name for symbol in view.symbols(document)][:3] == expected


async def test_it_writes_what_is_near_and_not_there_yet(client, tutor, idle) -> None:
    tutor.answered.add("f0")
    await client.start(options=QUICK)
    client.open(TEXT)
    await tutor.speaking.wait()
    assert names(tutor) == ["f1"]
    assert tutor.asked[0].background


async def test_nobody_is_shown_what_nobody_waits_for(client, idle, written) -> None:
    await client.start({"window": {"workDoneProgress": True}}, QUICK)
    client.open(TEXT)
    await written.get()
    assert not [m for m in client.messages if m.get("method") == "window/workDoneProgress/create"]


@pytest.mark.parametrize(
    ("options", "battery"),
    [
        ({"idle": {"enabled": False}}, False),
        ({"idle": {"explanations_per_minute": 0}}, False),
        ({"enabled": False}, False),
        ({}, True),
    ],
)
async def test_when_it_does_nothing(client, tutor, idle, options, battery) -> None:
    asked_about_power = []
    idle._is_on_battery = lambda: bool(asked_about_power.append(1)) or battery
    await client.start(options=options)
    client.open(TEXT)
    session = await client.server.sessions.get(URI)
    assert not await idle._may_work(session, URI)
    assert tutor.asked == []
    if battery:
        assert asked_about_power
        allowed = await client.server.sessions.get(URI)
        idle._is_on_battery = lambda: False
        assert await idle._may_work(allowed, URI)


async def test_a_spent_budget_is_waited_for(client, tutor, idle, written) -> None:
    idle._clock = Clock()
    await client.start(options=QUICK)
    client.open(TEXT)
    await written.get()
    idle.touched(URI)
    await client.hover(500, 0)
    assert names(tutor) == ["f0"]
    assert idle._next_at == 1001.0


async def test_who_hovers_the_same_takes_it_over(client, tutor, idle) -> None:
    tutor.hold = True
    await client.start({"window": {"workDoneProgress": True}}, QUICK)
    client.open(TEXT)
    await tutor.speaking.wait()
    answer = await client.hover(0, 5)
    assert "It" in answer["result"]["contents"]["value"]
    assert names(tutor) == ["f0"]
    request = await client.until(lambda m: m.get("method") == "window/workDoneProgress/create")
    client.send({"id": request["id"], "result": None})
    shown = await client.until(lambda m: m.get("method") == "$/progress")
    assert shown["params"]["value"]["title"] == "Explaining f0"


async def test_who_asks_something_else_stops_it(client, tutor, idle, written) -> None:
    tutor.hold = True
    await client.start(options=QUICK)
    client.open(TEXT)
    await tutor.speaking.wait()
    tutor.hold = False
    await client.hover(3, 5)
    await tutor.stopped.wait()
    assert await written.get() == "f1"
    assert "f0" not in tutor.answered
    assert names(tutor)[:2] == ["f0", "f1"]


async def test_a_command_stops_it(client, tutor, idle) -> None:
    tutor.hold = True
    await client.start(options=QUICK)
    client.open(TEXT)
    await tutor.speaking.wait()
    tutor.hold = False
    argument = {"uri": URI, "symbol": "f9"}
    params = {"command": "procoder.explain", "arguments": [argument]}
    response = await client.request("workspace/executeCommand", params)
    assert response["result"]["symbol"] == "f9"
    assert "f0" not in tutor.answered


async def test_the_clients_word_on_what_is_in_view(client, tutor, idle) -> None:
    idle.quiet_seconds = 3600.0
    await client.start(options=QUICK)
    client.open(TEXT)
    idle.quiet_seconds = 0.0
    start, end = {"line": 90, "character": 0}, {"line": 95, "character": 0}
    for params in (None, {}, {"textDocument": {"uri": URI}, "ranges": [1, {"start": 2}]}):
        client.notify("procoder/visibleRanges", params)
    client.notify(
        "procoder/visibleRanges",
        {"textDocument": {"uri": URI}, "ranges": [{"start": start, "end": end}]},
    )
    assert idle._views[URI].ranges == ((91, 96),)


def test_the_same_question_is_the_same_whoever_waits() -> None:
    symbol = Document.parse(Snapshot(TEXT)).by_name("f0")
    assert Question(symbol) == Question(symbol, background=True)
    assert hash(Question(symbol)) == hash(Question(symbol, background=True))


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ({}, False),
        ({"AC": {"type": "Mains", "online": "1"}, "BAT0": {"status": "Discharging"}}, False),
        ({"AC": {"type": "Mains", "online": "0"}, "BAT0": {"status": "Discharging"}}, True),
        ({"BAT0": {"type": "Battery", "status": "Full"}}, False),
        ({"mouse": {"type": "Battery", "status": "Discharging", "scope": "Device"}}, False),
        ({"BAT1": {"type": "Battery", "status": "Discharging"}}, True),
    ],
)
def test_battery(tmp_path, supplies, expected) -> None:
    for name, files in supplies.items():
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / file).write_text(f"{content}\n")
    assert linux_on_battery(tmp_path) is expected
    assert linux_on_battery(tmp_path / "absent") is False
