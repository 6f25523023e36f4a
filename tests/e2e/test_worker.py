"""Batches through real brokers, with workers that are killed in the middle of their work."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from rabbitmq_server import rabbitmq_server
from redis_server import free_port, redis_server

from procoder_protocol.api_address import ApiAddress

COMMAND = [sys.executable, "-P", "-m", "procoder_cli"]
FUNCTIONS = 7
KILLS = int(os.environ.get("PROCODER_WORKER_KILLS", "3"))
"""`PROCODER_WORKER_KILLS=50` for the whole of it."""
CODE = "".join(f"def f{n}(a):\n    return a + {n}\n\n\n" for n in range(FUNCTIONS))


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "broker"
    folder.mkdir()
    if request.param == "redis":
        port = free_port()
        with redis_server(folder, port):
            yield f"redis://127.0.0.1:{port}/0"
    else:
        with rabbitmq_server(folder) as url:
            yield url


@pytest.fixture
def environment(
    isolated_environment: dict[str, str], tmp_path: Path, broker: str
) -> dict[str, str]:
    return {
        **isolated_environment,
        "PROCODER_CONVERSATIONS_PATH": str(tmp_path / "conversations.sqlite3"),
        "PROCODER_BROKER_URL": broker,
    }


@pytest.fixture
def learner(environment: dict[str, str]) -> Iterator[httpx2.Client]:
    command = [*COMMAND, "api", "--rate", "100000/minute"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as api:
        assert api.stdout is not None
        address = ApiAddress.from_json(api.stdout.readline())
        assert address.token_file is not None
        headers = {"Authorization": f"Bearer {Path(address.token_file).read_text().strip()}"}
        with httpx2.Client(
            base_url=address.url, headers=headers, timeout=300, trust_env=False
        ) as client:
            yield client
        api.terminate()


def begin(learner: httpx2.Client, name: str) -> str:
    """Begin a batch of code that no cache knows."""
    files = [("files", (f"{name}.py", CODE.replace("def f", f"def {name}")))]
    location: str = learner.post("/v1/batches", files=files).headers["location"]
    return location


def until(learner: httpx2.Client, batch: str, words: str) -> None:
    with learner.stream("GET", f"{batch}/stream") as events:
        assert any(words in line for line in events.iter_lines())


def test_killed_workers_lose_no_item_and_repeat_no_result(
    learner: httpx2.Client, environment: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack:

        def hire() -> subprocess.Popen[bytes]:
            worker = subprocess.Popen([*COMMAND, "worker"], env=environment)
            stack.enter_context(worker)
            stack.callback(worker.terminate)
            return worker

        batches = []
        for kill in range(KILLS):
            worker = hire()
            batches.append(begin(learner, f"k{kill}_"))
            until(learner, batches[-1], '"running":1')
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        hire()
        for batch in batches:
            until(learner, batch, '"finished":true')
            progress: dict[str, Any] = learner.get(batch).json()
            assert progress["batch"]["progress"]["done"] == FUNCTIONS + 1
            assert learner.get(f"{batch}/results").text.count("### ") == FUNCTIONS
    with closing(sqlite3.connect(tmp_path / "api.sqlite3")) as file:
        (most,) = file.execute("SELECT MAX(attempts) FROM items").fetchone()
    assert most > 1


def test_a_cancelled_batch_and_a_worker_that_is_told_to_stop(
    learner: httpx2.Client, environment: dict[str, str]
) -> None:
    cancelled, kept = begin(learner, "c"), begin(learner, "s")
    assert learner.post(f"{cancelled}/cancel").json()["progress"]["cancelled"] == FUNCTIONS + 1
    with subprocess.Popen([*COMMAND, "worker"], env=environment) as worker:
        until(learner, kept, '"running":1')
        worker.terminate()
        assert worker.wait(60) == 0
    assert learner.get(kept).json()["batch"]["progress"]["running"] == 0
    with subprocess.Popen([*COMMAND, "worker"], env=environment) as worker:
        until(learner, kept, '"finished":true')
        worker.terminate()
    assert learner.get(kept).json()["batch"]["progress"]["done"] == FUNCTIONS + 1
    assert learner.get(cancelled).json()["batch"]["progress"]["done"] == 0
