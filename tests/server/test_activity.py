"""What is shown while the model is busy: one progress at a time, with pace and time left."""

import asyncio

import pytest
from editing_tutor import EditingTutor

from procoder_server import activity
from procoder_server.activity import closing_line, writing_line
from procoder_server.background import Job
from procoder_server.progress import stage_line
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.events import Checks, Explanation, TokenUsage, Working
from procoder_tutor.questions import Level, Question
from procoder_tutor.symbols import Document, Snapshot

PROGRESS = {"window": {"workDoneProgress": True}}
TEXT = "def add(a, b):\n    return a + b\n"


class SlowTutor:
    """Warms up when it is told to."""

    def __init__(self, tutor, error=None) -> None:
        self._tutor = tutor
        self._error = error
        self.ready = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._tutor, name)

    async def warm_up(self, level: Level, language: str) -> None:
        await self.ready.wait()
        if self._error is not None:
            raise self._error


def accept_progress(client) -> None:
    """Answer every request for a progress token, as an editor does at once."""
    write = client.write

    def answering(data: bytes) -> None:
        count = len(client.messages)
        write(data)
        for message in client.messages[count:]:
            if message.get("method") == "window/workDoneProgress/create":
                client.send({"id": message["id"], "result": None})

    client.write = answering


async def ended(client, title: str) -> list[dict]:
    """Return the values of the progress of that title, when it has ended."""

    def values() -> list[dict]:
        tokens = {
            m["params"]["token"]
            for m in client.messages
            if m.get("method") == "$/progress" and m["params"]["value"].get("title") == title
        }
        return [
            m["params"]["value"]
            for m in client.messages
            if m.get("method") == "$/progress" and m["params"]["token"] in tokens
        ]

    await client.until(lambda _: any(value["kind"] == "end" for value in values()))
    return values()


@pytest.fixture(autouse=True)
def at_once(monkeypatch) -> None:
    monkeypatch.setattr(activity, "QUIET_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (None, "The model is ready"),
        (BackendUnavailableError("no model", "Run x."), "There is no model"),
    ],
)
async def test_a_model_that_takes_a_while_is_announced(client, tutor, error, last) -> None:
    accept_progress(client)
    slow = SlowTutor(tutor, error)
    client.server.sessions._factory = lambda _: slow
    await client.start(PROGRESS, {"model": "tiny"})
    begun = await client.until(lambda m: m.get("method") == "$/progress")
    assert "loading tiny" in begun["params"]["value"]["message"]
    slow.ready.set()
    values = await ended(client, "Starting the model")
    assert values[-1]["message"] == last


async def test_thinking_takes_the_place_of_starting(client, tutor) -> None:
    accept_progress(client)
    slow = SlowTutor(tutor)
    client.server.sessions._factory = lambda _: slow
    await client.start(PROGRESS)
    await client.until(lambda m: m.get("method") == "$/progress")
    client.open(TEXT)
    await client.hover(0, 5)
    await ended(client, "Starting the model")
    values = await ended(client, "Explaining add")
    assert values[-1]["message"].startswith("10 tokens in ")
    slow.ready.set()


async def test_starting_does_not_take_the_place_of_thinking(client, tutor, monkeypatch) -> None:
    accept_progress(client)
    slow = SlowTutor(tutor)
    monkeypatch.setattr(activity, "QUIET_SECONDS", 3600.0)
    client.server.sessions._factory = lambda _: slow
    tutor.hold = True
    await client.start(PROGRESS)
    client.open(TEXT)
    await client.hover(0, 5)
    await client.until(lambda m: m.get("method") == "$/progress")
    monkeypatch.setattr(activity, "QUIET_SECONDS", 0.0)
    session = await client.server.sessions.get()
    warming = asyncio.create_task(client.server.configuration.warm_up(session))
    await client.hover(0, 5)
    slow.ready.set()
    await warming
    titles = [v["title"] for v in client.progress() if v["kind"] == "begin"]
    assert titles == ["Explaining add"]
    assert not [v for v in client.progress() if v["kind"] == "end"]


async def test_a_client_that_stops_the_progress_stops_the_model(client, tutor) -> None:
    accept_progress(client)
    tutor.hold = True
    await client.start(PROGRESS)
    client.open(TEXT)
    await client.hover(0, 5)
    begun = await client.until(
        lambda m: m.get("method") == "$/progress" and "add" in m["params"]["value"].get("title", "")
    )
    client.notify("window/workDoneProgress/cancel", {"token": begun["params"]["token"]})
    values = await ended(client, "Explaining add")
    assert values[-1]["message"] == "Stopped"
    assert tutor.stopped.is_set()


async def test_nothing_is_shown_to_a_client_without_progress(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    await client.hover(0, 5)
    await client.hover(0, 5)
    assert client.progress() == []


@pytest.mark.parametrize(
    ("seconds", "pace", "working", "line"),
    [
        (None, None, None, "thinking"),
        (7.2, None, None, "thinking, about 8 s"),
        (None, 4.4, None, "thinking at 4 tokens/s"),
        (0.1, 40.0, None, "thinking at 40 tokens/s, about 1 s"),
        (None, 4.4, Working("loading"), "loading the model"),
        (60.0, 4.4, Working("reading", 212, 5.0, 42.0), "reading about 212 tokens, about 60 s"),
        (9.0, 4.4, Working("writing", 1), "thinking at 4 tokens/s, about 9 s"),
        (9.0, 4.4, Working("writing", 9, 5.0, 7.0), "thinking at 5 tokens/s, about 9 s"),
    ],
)
def test_writing_line(seconds, pace, working, line) -> None:
    assert writing_line(seconds, pace, working) == line


@pytest.mark.parametrize(
    ("working", "line"),
    [
        (Working("loading"), "loading the model"),
        (Working("reading", 212), "reading about 212 tokens"),
        (Working("reading", 212, 5.0, 42.4), "reading about 212 tokens, about 43 s"),
        (Working("writing", 1), "writing"),
        (Working("writing", 9, 4.2, 0.2), "writing at 4 tokens/s, at most 1 s more"),
    ],
)
def test_stage_line(working, line) -> None:
    assert stage_line(working) == line


@pytest.mark.parametrize(
    ("explanation", "error", "line"),
    [
        (
            Explanation("", Checks(2, 1), "m", usage=TokenUsage(1, 0, 12)),
            None,
            "12 tokens in 3.0 s, 1 of 2 checked",
        ),
        (None, BackendUnavailableError("gone"), "No explanation: hover for the reason"),
        (None, None, "Stopped"),
    ],
)
def test_closing_line(explanation, error, line) -> None:
    document = Document.parse(Snapshot(TEXT))
    question = Question(document.by_name("add"))
    job = Job(EditingTutor(), question, explanation=explanation, error=error)
    assert closing_line(job, 3.0) == line
