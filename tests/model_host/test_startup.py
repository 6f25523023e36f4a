"""Starting and leaving: clear words when it cannot start, nothing left behind when it ends."""

import os
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.Popen[str]]


def _failure(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert out == ""
    assert "Traceback" not in err
    return err.strip().splitlines()[-1]


def _absurd(folder: Path, smollm2: Path) -> Path:
    path = folder / "absurd.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60) + bytes(64))
    return path


def _truncated(folder: Path, smollm2: Path) -> Path:
    path = folder / "truncated.gguf"
    with smollm2.open("rb") as file:
        path.write_bytes(file.read(10_000_000))
    return path


def _text(folder: Path, smollm2: Path) -> Path:
    path = folder / "notes.gguf"
    path.write_text("not a model")
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [(_absurd, "absurd.gguf"), (_truncated, "truncated.gguf"), (_text, "notes.gguf")],
)
def test_models_that_cannot_be_loaded(
    make: Callable[[Path, Path], Path], words: str, run_host: Run, tmp_path: Path, smollm2: Path
) -> None:
    last = _failure(run_host("--model", str(make(tmp_path, smollm2))))
    assert last.startswith("procoder: ")
    assert words in last


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "no-such-model"], "smollm2-135m"),
        (["--model", "7b-code-q4_1"], "procoder models pull 7b-code-q4_1"),
        (["--host", "203.0.113.1", "--behind-proxy"], "cannot listen on 203.0.113.1"),
    ],
)
def test_bad_arguments(arguments: list[str], words: str, run_host: Run) -> None:
    last = _failure(run_host(*arguments))
    assert last.startswith("procoder: ")
    assert words in last


def test_a_model_of_the_catalogue_that_is_not_here(run_host: Run, tmp_path: Path) -> None:
    last = _failure(run_host(PROCODER_DATA_DIR=str(tmp_path)))
    assert "procoder models pull smollm2-135m" in last


def test_a_busy_port(run_host: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        last = _failure(run_host("--port", str(port)))
    assert f"port {port} on 127.0.0.1 is in use" in last
    assert "--port 0" in last


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_nothing_behind(number: int, start_host: Any, tmp_path: Path) -> None:
    host = start_host(PROCODER_RUNTIME_DIR=str(tmp_path))
    child = host.engine_pid()
    assert [path.name for path in tmp_path.iterdir()] == [Path(host.address.token_file).name]
    host.process.send_signal(number)
    assert host.process.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_running_answer_may_finish_when_the_host_leaves(start_host: Any, tmp_path: Path) -> None:
    host = start_host(PROCODER_RUNTIME_DIR=str(tmp_path))
    body = {"model": "smollm2-135m", "prompt": "1 2 3 4", "max_tokens": 60, "stream": True}
    with host.client.stream("POST", "/v1/completions", json=body) as reply:
        lines = reply.iter_lines()
        next(lines)
        host.process.terminate()
        refused = host.client.post("/v1/completions", json=body)
        last = [line for line in lines if line][-1]
    assert last == "data: [DONE]"
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "host_leaving"
    assert host.process.wait(timeout=20) == 0


def test_a_stream_is_told_when_the_host_leaves(start_host: Any, tmp_path: Path) -> None:
    host = start_host("--grace", "0.5", PROCODER_RUNTIME_DIR=str(tmp_path))
    body = {"model": "smollm2-135m", "prompt": "1 2 3 4", "max_tokens": 2000, "stream": True}
    with host.client.stream("POST", "/v1/completions", json=body) as reply:
        lines = reply.iter_lines()
        next(lines)
        host.process.terminate()
        last = [line for line in lines if line][-1]
    assert '"host_leaving"' in last
    assert host.process.wait(timeout=20) == 0


def test_the_child_leaves_when_its_parent_is_killed(start_host: Any, tmp_path: Path) -> None:
    host = start_host(PROCODER_RUNTIME_DIR=str(tmp_path))
    host.process.kill()
    # The child holds the other end of this pipe: communicate returns once it is gone.
    out, _ = host.process.communicate(timeout=20)
    assert out == ""


def test_an_idle_host_leaves(start_host: Any, tmp_path: Path) -> None:
    host = start_host("--idle-timeout", "1", PROCODER_RUNTIME_DIR=str(tmp_path))
    assert host.process.wait(timeout=30) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_token_file_of_the_operators_is_used_and_kept(start_host: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("operators-own\n")
    host = start_host("--token-file", str(secret))
    assert host.address.token_file == str(secret)
    assert host.client.get("/v1/models").status_code == 200
    host.process.terminate()
    assert host.process.wait(timeout=30) == 0
    assert secret.read_text() == "operators-own\n"


def test_a_path_is_served_with_a_profile_from_its_metadata(
    start_host: Any, tmp_path: Path, smollm2: Path
) -> None:
    model = tmp_path / "my-model.gguf"
    shutil.copyfile(smollm2, model)
    host = start_host("--model", str(model), "--context", "256")
    (card,) = host.client.get("/v1/models").json()["data"]
    assert card["id"] == host.address.model == "my-model"
    assert card["procoder"]["kind"] == "chat"
    assert card["procoder"]["context_window"] == 256
    assert card["procoder"]["digest"].startswith("sha256:b179c9523d0e")


def test_shared_hosts_are_one(start_host: Any, run_host: Run, tmp_path: Path) -> None:
    runtime = str(tmp_path)
    # Left behind by a host that was killed: must not be believed.
    (tmp_path / "host.json").write_text(
        '{"url": "http://127.0.0.1:9", "token_file": "x", "model": "m", "engine": "e", "pid": 1}'
    )
    both = [run_host("--shared", PROCODER_RUNTIME_DIR=runtime) for _ in range(2)]
    lines = [process.stdout.readline() for process in both if process.stdout]
    assert lines[0] == lines[1]
    assert (tmp_path / "host.json").read_text() == lines[0]
    guest, owner = sorted(both, key=lambda process: f'"pid": {process.pid},' in lines[0])
    assert guest.communicate(timeout=20) == ("", "")
    assert guest.returncode == 0
    owner.terminate()
    assert owner.communicate(timeout=20) == ("", "")
    assert owner.returncode == 0
    assert not (tmp_path / "host.json").exists()
