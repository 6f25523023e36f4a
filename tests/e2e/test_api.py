"""`procoder api` and `procoder keys` as processes, with the real model behind them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from procoder_protocol.api_address import ApiAddress

COMMAND = [sys.executable, "-P", "-m", "procoder_cli"]
CODE = "def area(width, height):\n    return width * height\n"
AREA = {"code": CODE, "symbol": "area"}
Start = Callable[..., tuple[subprocess.Popen[str], ApiAddress]]


@pytest.fixture
def environment(isolated_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Conversations of this test only."""
    return {
        **isolated_environment,
        "PROCODER_CONVERSATIONS_PATH": str(tmp_path / "conversations.sqlite3"),
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(*options: str) -> tuple[subprocess.Popen[str], ApiAddress]:
            command = [*COMMAND, "api", *options]
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            stack.enter_context(process)
            stack.callback(process.terminate)
            assert process.stdout is not None
            return process, ApiAddress.from_json(process.stdout.readline())

        yield begin


def client(address: ApiAddress, key: str = "") -> httpx2.Client:
    if address.token_file is not None:
        key = Path(address.token_file).read_text().strip()
    headers = {"Authorization": f"Bearer {key}"}
    return httpx2.Client(base_url=address.url, headers=headers, timeout=120, trust_env=False)


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def done(stream: str) -> dict[str, Any]:
    """Return the data of the event that ends a stream."""
    name, data = stream.strip().split("\n\n")[-1].split("\n", 1)
    assert name == "event: done"
    answer: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return answer


def test_a_learner_goes_on_after_a_restart(start: Start, environment: dict[str, str]) -> None:
    process, address = start()
    runtime = Path(environment["PROCODER_RUNTIME_DIR"])
    assert ApiAddress.from_json((runtime / "api.json").read_text()) == address
    with client(address) as learner:
        explained = done(learner.post("/v1/explanations/stream", json=AREA).text)
        assert explained["facts"]["signature"] == "area(width, height)"
        assert explained["model"] == "smollm2-135m"
        begun = learner.post("/v1/conversations", json={"title": "Areas"}).json()["id"]
        turns = f"/v1/conversations/{begun}/turns"
        assert done(learner.post(f"{turns}/stream", json={**AREA, "text": "What is it for?"}).text)
        second = learner.post(turns, json={**AREA, "text": "And what does it return?"}).json()
        assert "What is it for?" in second["sent"][-1]
        learner.put("/v1/lessons/closure/finished").raise_for_status()
        sent = [("files", ("shapes.py", CODE))]
        batch = learner.post("/v1/batches", files=sent).headers["location"]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert not (runtime / "api.json").exists()
    assert address.token_file is not None
    assert not Path(address.token_file).exists()

    _, address = start()
    with client(address) as learner:
        assert learner.get("/v1/lessons/closure").json()["finished"]
        assert len(learner.get(f"/v1/conversations/{begun}").json()["turns"]) == 4
        learner.get(f"{batch}/stream").raise_for_status()
        assert learner.get(batch).json()["batch"]["progress"]["done"] == 2
        assert "area(width, height)" in learner.get(f"{batch}/results").text


def test_a_killed_server_loses_no_item(start: Start) -> None:
    process, address = start()
    code = "".join(f"def f{n}(a):\n    return a + {n}\n\n\n" for n in range(6))
    with client(address) as learner:
        batch = learner.post("/v1/batches", files=[("files", ("many.py", code))]).headers[
            "location"
        ]
        with learner.stream("GET", f"{batch}/stream") as events:
            assert any('"running":1' in line.replace(" ", "") for line in events.iter_lines())
    os.kill(process.pid, signal.SIGKILL)
    _, address = start()
    with client(address) as learner:
        learner.get(f"{batch}/stream").raise_for_status()
        assert learner.get(batch).json()["batch"]["progress"]["done"] == 7


def test_keys_are_made_listed_and_revoked(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    file = str(tmp_path / "keys")
    key = run(environment, "keys", "add", "laptop", "--user", "ada", "--keys", file).stdout.strip()
    listed = run(environment, "keys", "list", "--keys", file).stdout
    assert "laptop" in listed
    assert key not in listed + Path(file).read_text()
    _, address = start("--keys", file)
    assert address.token_file is None
    with client(address, key) as ada:
        assert ada.get("/v1/conversations").status_code == 200
        assert ada.get("/metrics").status_code == 403
        assert run(environment, "keys", "revoke", "laptop", "--keys", file).returncode == 0
        assert ada.get("/v1/conversations").status_code == 401


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["api", "--host", "0.0.0.0"], "without encryption"),
        (["api", "--host", "0.0.0.0", "--behind-proxy"], "procoder keys add"),
        (["api", "--keys", "/nowhere/keys"], "cannot read the keys"),
        (["api", "--rate", "much"], "is no rate"),
        (["keys", "add", "a b"], "cannot name"),
        (["keys", "add", "ada", "--scope", "root"], "no scope"),
        (["keys", "revoke", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_is_told(
    arguments: list[str], words: str, environment: dict[str, str], tmp_path: Path
) -> None:
    if arguments[0] == "keys":
        (tmp_path / "keys").touch(mode=0o600)
        arguments = [*arguments, "--keys", str(tmp_path / "keys")]
    finished = run(environment, *arguments)
    assert finished.returncode == 1
    assert words in finished.stderr
    assert "Traceback" not in finished.stderr
