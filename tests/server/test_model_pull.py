"""Fetching a model: percentage, cancelling, what goes wrong. The download itself is a script's."""

import asyncio
import sys

import pytest

from procoder_server import model_pull

CANCELLED, FAILED = -32800, -32803
HALF = '{"stage": "downloading", "done": 135000000, "total": 270000000}'
DONE = '{"stage": "downloading", "done": 270000000, "total": 270000000}'
CHECKING = '{"stage": "checking", "done": 0, "total": null}'
FETCHES = f"print('{HALF}\\n{DONE}\\nno JSON\\n{CHECKING}')"
FAILS = "import sys; sys.exit('procoder: the download failed: 503. Pull it again.')"
WAITS = f"import time; print('{HALF}', flush=True); time.sleep(600)"


@pytest.fixture
def scripted(monkeypatch):
    async def listed():
        return [{"id": "large", "installed": False}]

    monkeypatch.setattr(model_pull, "list_models", listed)
    return lambda code: monkeypatch.setattr(model_pull, "COMMAND", (sys.executable, "-c", code))


def pull(model="large") -> dict:
    argument = {"model": model}
    return {"command": "procoder.pullModel", "arguments": [argument], "workDoneToken": "mine"}


async def test_the_percentage_is_shown(client, scripted) -> None:
    scripted(FETCHES)
    await client.start(options={"model": "large"})
    response = await client.request("workspace/executeCommand", pull())
    assert response["result"] == {"model": "large"}
    shown = [(v["kind"], v.get("message"), v.get("percentage")) for v in client.progress()]
    assert shown == [
        ("begin", "starting", 0),
        ("report", "downloading 135 of 270 MB", 50),
        ("report", "downloading 270 of 270 MB", 100),
        ("report", "checking", None),
        ("end", "large is here", None),
    ]


@pytest.mark.parametrize(
    ("model", "message"),
    [("large", "the download failed: 503. Pull it again."), ("huge", "There is no model `huge`")],
)
async def test_failures_say_what_to_do(client, scripted, model, message) -> None:
    scripted(FAILS)
    await client.start()
    error = (await client.request("workspace/executeCommand", pull(model)))["error"]
    assert error["code"] == FAILED
    assert message in error["message"]


async def test_cancelling_ends_the_download(client, scripted, monkeypatch) -> None:
    started = []
    create = asyncio.create_subprocess_exec

    async def creating(*command, **options):
        started.append(await create(*command, **options))
        return started[-1]

    monkeypatch.setattr(model_pull.asyncio, "create_subprocess_exec", creating)
    scripted(WAITS)
    await client.start()
    request = client.begin("workspace/executeCommand", pull())
    await client.until(lambda _: len(client.progress()) > 1)
    client.notify("window/workDoneProgress/cancel", {"token": "mine"})
    assert (await client.answer(request))["error"]["code"] == CANCELLED
    (process,) = started
    assert process.returncode is not None


async def test_a_model_that_is_here_is_left_alone(client, model_store, monkeypatch) -> None:
    monkeypatch.setenv("PROCODER_DATA_DIR", str(model_store))
    await client.start()
    response = await client.request("workspace/executeCommand", pull("smollm2-135m"))
    assert response["result"] == {"model": "smollm2-135m"}
